"""Drawing people is drawing all of their pairs."""

from typing import Literal
from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recognition.evaluation import bootstrap
from recognition.evaluation.bootstrap import draws, interval, places_reached, tar_intervals
from recognition.evaluation.comparisons import compare_all, share_within
from recognition.normalisation.normaliser import plain_blocks
from tests.recognition.evaluation.people import point_people

Side = Literal["left", "right"]
_SIDES: tuple[Side, Side] = ("left", "right")


def test_an_interval_is_that_of_rates_taken_anew_of_the_people_drawn() -> None:
    people = point_people(people=30, sessions=4, spread=0.15)
    compared = compare_all(people, plain_blocks)
    rates = (0.01, 0.003)
    one, two = people.identity[compared.nearest_rows].T
    of = people.identity[compared.genuine_rows[:, 0]]
    anew = []
    for each in draws(30):
        impostor = np.repeat(compared.nearest, (each[one] * each[two]).astype(int))
        genuine = np.repeat(compared.genuine, each[of].astype(int))
        first_refused = [impostor[int(rate * len(impostor))] for rate in rates]
        anew.append([share_within(genuine, np.nextafter(far, -1)) for far in first_refused])

    assert tar_intervals(compared, people, rates) == [interval(one) for one in np.array(anew).T]


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=40),
    st.integers(1, 9),
    st.sampled_from(_SIDES),
    st.integers(0, 2**32 - 1),
)
def test_pairs_gone_through_in_parts_reach_as_far_as_all_at_once(
    pairs: list[tuple[int, int]], at_once: int, side: Side, seed: int
) -> None:
    random = np.random.default_rng(seed)
    rows = np.array(pairs, np.int32).reshape(-1, 2)
    identity = np.array([0, 0, 1, 2, 2, 3])
    weights = random.integers(0, 4, (3, 4)).astype(np.float64)
    allowed = random.uniform(0, 60, (3, 2)).round()
    with patch.object(bootstrap, "_PAIRS_AT_ONCE", at_once):
        found = places_reached(identity, rows, weights, allowed, side)

    one, two = identity[rows].T
    for each, limits, places in zip(weights, allowed, found, strict=True):
        reached = np.cumsum(each[one] * each[two])
        assert places.tolist() == np.searchsorted(reached, limits, side).tolist()
