"""Rates of made-up people whose answers are known."""

import math
from dataclasses import replace

import numpy as np

from recognition.evaluation.faces import measure_faces
from recognition.evaluation.groups import labelled_nobody, rates_by_group
from recognition.evaluation.identification_rates import fpir, open_set
from recognition.evaluation.lines import figure_text, too_few
from recognition.normalisation.normaliser import plain_blocks
from tests.recognition.evaluation.people import point_people


def test_people_far_apart_are_always_told_apart() -> None:
    people = point_people(spread=0.001)
    measured = measure_faces(people, people, plain_blocks)

    assert [figure.value for figure in measured.single.tar.values()] == [1, 1, 1]
    assert measured.single_search.rank1 is not None
    assert measured.single_search.rank1.value == 1
    assert measured.single_search.fnir[1e-2].value == 0


def test_every_second_person_is_enrolled_with_the_first_session() -> None:
    people = point_people(people=5, sessions=2)
    searches = open_set(people, people, plain_blocks)

    assert searches is not None
    assert searches.gallery == 3
    assert searches.identity.tolist() == [0, 1, 1, 2, 3, 3, 4]
    assert searches.known.tolist() == [True, False, False, True, False, False, True]


def test_the_threshold_keeps_the_rate_of_strangers() -> None:
    people = point_people(people=60, spread=0.2)
    found = measure_faces(people, people, plain_blocks).single_search

    assert found.open_set is not None
    for rate, figure in found.fnir.items():
        assert figure.threshold is not None
        assert fpir(found.open_set, figure.threshold) <= rate


def test_intervals_hold_the_figure_and_narrow_with_more_people() -> None:
    few, many = point_people(people=20, spread=0.2), point_people(people=160, spread=0.2)
    widths = []
    for people in (few, many):
        figure = measure_faces(people, people, plain_blocks).single.tar[1e-2]
        assert figure.interval is not None
        assert figure.interval.low <= figure.value <= figure.interval.high
        widths.append(figure.interval.high - figure.interval.low)

    assert widths[1] < widths[0]


def test_a_dataset_without_second_sessions_gives_no_search() -> None:
    people = point_people(sessions=1)
    measured = measure_faces(people, people, plain_blocks)

    assert measured.single_search.rank1 is None
    assert len(measured.single.comparisons.genuine) == 0


def test_rates_of_groups_count_pairs_within_the_group() -> None:
    people = point_people(people=6, spread=0.001)
    measured = measure_faces(people, people, plain_blocks)
    labels = {"glasses": {people.names[0]: "yes", people.names[1]: "yes", "nobody": "no"}}

    rates = rates_by_group(people, measured.single, labels)["glasses"]

    yes = rates["yes"]
    assert (yes.people, yes.genuine_pairs, yes.impostor_pairs) == (2, 6, 9)
    assert yes.tar is not None
    assert yes.fmr is not None
    assert (yes.tar.value, yes.fmr.value) == (1.0, 0.0)
    assert labelled_nobody(people, labels) == ("nobody",)


def test_nothing_is_said_of_a_group_that_has_no_pair() -> None:
    people = point_people(people=6, spread=0.001)
    measured = measure_faces(people, people, plain_blocks)
    labels = {"glasses": {people.names[0]: "yes", "nobody": "no"}}

    rates = rates_by_group(people, measured.single, labels)["glasses"]

    assert (rates["no"].people, rates["no"].tar, rates["no"].fmr) == (0, None, None)
    assert rates["yes"].tar is not None
    assert rates["yes"].fmr is None


def test_without_pairs_of_both_kinds_there_is_no_rate() -> None:
    alone, met_once = point_people(people=1), point_people(people=5, sessions=1)
    for people in (alone, met_once):
        measured = measure_faces(people, people, plain_blocks)

        assert all(math.isnan(figure.value) for figure in measured.single.tar.values())
        assert figure_text(measured.single.tar[1e-3]) == "–"


def test_one_person_alone_has_no_threshold_and_so_no_rate() -> None:
    alone = point_people(people=1, spread=0.001)
    measured = measure_faces(alone, alone, plain_blocks)
    labels = {"glasses": {alone.names[0]: "yes"}}

    rates = rates_by_group(alone, measured.single, labels)["glasses"]["yes"]

    assert (rates.genuine_pairs, rates.tar, rates.fmr) == (3, None, None)


def test_a_groups_interval_is_over_its_people_not_its_pairs() -> None:
    """Half of the people are never recognised: of eight of them, hardly anything is known."""
    people = point_people(people=8, sessions=6, spread=0.001)
    vectors = people.vectors.copy()
    far = people.identity % 2 == 1
    vectors[far] += np.random.default_rng(2).normal(0, 9, (far.sum(), 8))
    scattered = replace(people, vectors=vectors.astype(np.float32))
    measured = measure_faces(scattered, scattered, plain_blocks)
    labels = {"all": dict.fromkeys(people.names, "everybody")}

    tar = rates_by_group(scattered, measured.single, labels)["all"]["everybody"].tar

    assert tar is not None
    assert tar.interval is not None
    assert tar.value == 0.5  # of 120 pairs: drawing those, 0.41 to 0.59
    assert tar.interval.high - tar.interval.low > 0.5


def test_it_says_which_rates_are_too_low_for_so_few_pairs() -> None:
    people = point_people(people=6, spread=0.001)
    said = too_few(measure_faces(people, people, plain_blocks))

    assert "FMR 1e-3 and 1e-4: 135 impostor pairs of single pictures" in said
    assert "FPIR 1e-2 and 1e-3: 9 strangers' searches with fused sessions" in said
    assert not any("FMR 1e-2" in line for line in said)
