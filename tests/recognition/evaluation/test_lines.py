"""What terminal and report say of figures, and of those that there are none of."""

import numpy as np

from recognition.evaluation.bootstrap import Interval
from recognition.evaluation.faces import Figure, measure_faces
from recognition.evaluation.lines import figure_text, not_measured, too_few
from recognition.evaluation.samples import SampleSet
from recognition.normalisation.normaliser import plain_blocks
from tests.recognition.evaluation.people import point_people


def test_a_figure_has_its_interval_in_brackets() -> None:
    assert figure_text(Figure(0.973, Interval(0.949, 0.998))) == "0.973 (0.949–0.998)"


def test_no_certainty_is_claimed_where_no_error_was_seen() -> None:
    """Whoever is drawn again, no error is drawn: an interval of 0 to 0 would say there is none."""
    assert figure_text(Figure(0.0, Interval(0.0, 0.0))) == "0.000"


def said_of(samples: SampleSet) -> tuple[str, ...]:
    return not_measured(measure_faces(samples, samples, plain_blocks))


def test_it_says_what_pictures_of_one_person_or_one_session_cannot_tell() -> None:
    people = point_people(people=6, sessions=2)
    alone, once = people.of_people(np.array([0])), people.take(np.arange(len(people)) % 2 == 0)

    assert "one person alone" in said_of(alone)[0]
    assert "two sessions" in said_of(once)[0]
    assert not said_of(people)


def test_it_says_that_nobody_enrolled_comes_again() -> None:
    """Of three people the first and third are enrolled; only the second has a second session."""
    people = point_people(people=3, sessions=2).take(np.array([0, 2, 3, 4]))

    assert "no FNIR" in said_of(people)[0]


def test_where_nobody_was_compared_no_rate_is_too_low() -> None:
    alone = point_people(people=1)

    assert too_few(measure_faces(alone, alone, plain_blocks)) == ()
