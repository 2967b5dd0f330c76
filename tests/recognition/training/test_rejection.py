"""Confidence is made true, and the threshold keeps what it was asked for."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recognition.networks.probabilities import probabilities
from recognition.training.rejection import choose_threshold, fit_temperature


def test_the_temperature_makes_confidence_what_it_says() -> None:
    random = np.random.default_rng(1)
    true = random.normal(size=(4000, 4)).astype(np.float32)
    chances = probabilities(true)
    labels = np.array([random.choice(4, p=row / row.sum()) for row in chances.astype(float)])

    temperature = fit_temperature(true * 5, labels)

    assert abs(temperature - 5) < 0.5


readings = st.lists(st.tuples(st.sampled_from([0.1, 0.5, 0.7, 0.9, 0.99]), st.booleans()))


@given(readings, st.sampled_from([0.0, 0.01, 0.2, 1.0]))
def test_no_more_than_the_share_asked_for_is_accepted_and_wrong(
    given_readings: list[tuple[float, bool]], most: float
) -> None:
    confidence = np.array([one for one, _ in given_readings], np.float32)
    wrong = np.array([two for _, two in given_readings], np.bool_)

    threshold = choose_threshold(confidence, wrong, most_wrong=most)

    if threshold < 1:
        assert (wrong & (confidence >= threshold)).sum() <= most * len(wrong)


def test_the_lowest_threshold_that_keeps_it_is_chosen() -> None:
    confidence = np.array([0.9, 0.8, 0.7, 0.6, 0.5], np.float32)
    wrong = np.array([False, False, True, False, False])

    assert np.isclose(choose_threshold(confidence, wrong, most_wrong=0.0), 0.8)


def test_readings_that_are_right_as_often_as_asked_choose_nothing() -> None:
    """Else a few sure readings would refuse all that are less sure."""
    confidence = np.array([0.99, 0.98], np.float32)

    assert choose_threshold(confidence, np.array([False, False]), most_wrong=0.0) == 0
    assert choose_threshold(confidence, np.array([False, True]), most_wrong=0.5) == 0
