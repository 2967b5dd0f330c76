"""Rates of made-up people whose answers are known."""

import numpy as np

from recognition.evaluation.faces import measure_faces, rates_by_group
from recognition.evaluation.identification_rates import fpir, open_set
from recognition.normalisation.normaliser import plain_distances
from tests.recognition.evaluation.people import point_people


def test_people_far_apart_are_always_told_apart() -> None:
    people = point_people(spread=0.001)
    measured = measure_faces(people, people, plain_distances)

    assert [figure.value for figure in measured.single.tar.values()] == [1, 1, 1]
    assert measured.single_search.rank1 is not None
    assert measured.single_search.rank1.value == 1
    assert measured.single_search.fnir[1e-2].value == 0


def test_every_second_person_is_enrolled_with_the_first_session() -> None:
    people = point_people(people=5, sessions=2)
    searches = open_set(people, people, plain_distances)

    assert searches is not None
    assert searches.gallery == 3
    assert searches.identity.tolist() == [0, 1, 1, 2, 3, 3, 4]
    assert searches.known.tolist() == [True, False, False, True, False, False, True]


def test_the_threshold_keeps_the_rate_of_strangers() -> None:
    people = point_people(people=60, spread=0.2)
    found = measure_faces(people, people, plain_distances).single_search

    assert found.open_set is not None
    for rate, figure in found.fnir.items():
        assert figure.threshold is not None
        assert fpir(found.open_set, figure.threshold) <= rate


def test_intervals_hold_the_figure_and_narrow_with_more_people() -> None:
    few, many = point_people(people=20, spread=0.2), point_people(people=160, spread=0.2)
    widths = []
    for people in (few, many):
        figure = measure_faces(people, people, plain_distances).single.tar[1e-2]
        assert figure.interval is not None
        assert figure.interval.low <= figure.value <= figure.interval.high
        widths.append(figure.interval.high - figure.interval.low)

    assert widths[1] < widths[0]


def test_a_dataset_without_second_sessions_gives_no_search() -> None:
    people = point_people(sessions=1)
    measured = measure_faces(people, people, plain_distances)

    assert measured.single_search.rank1 is None
    assert len(measured.single.comparisons.genuine) == 0


def test_rates_of_groups_count_pairs_within_the_group() -> None:
    people = point_people(people=6, spread=0.001)
    measured = measure_faces(people, people, plain_distances)
    labels = {"glasses": {people.names[0]: "yes", people.names[1]: "yes", "nobody": "no"}}

    rates = rates_by_group(people, measured.single, labels)["glasses"]

    assert (rates["yes"].people, rates["yes"].tar, rates["yes"].impostor_pairs) == (2, 1.0, 9)
    assert rates["no"].people == 0
    assert np.isfinite(rates["no"].tar)
