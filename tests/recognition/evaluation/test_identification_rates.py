"""Searches find whom sorting all people by distance finds."""

from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recognition.evaluation import identification_rates
from recognition.evaluation.comparisons import threshold_at
from recognition.evaluation.identification_rates import search_all
from recognition.evaluation.samples import SampleSet
from recognition.normalisation.normaliser import plain_blocks


@given(st.integers(1, 40), st.integers(1, 6), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_searches_in_parts_find_what_sorting_all_people_finds(
    at_once: int, people: int, enrolled_people: int, seed: int
) -> None:
    """Vectors are small whole numbers, so that many people lie equally near."""
    random = np.random.default_rng(seed)
    enrolled = whole_numbers(random.permutation(6)[:enrolled_people], random)
    probes = whole_numbers(np.arange(people), random)
    with patch.object(identification_rates, "DISTANCES_AT_ONCE", at_once):
        found = search_all(enrolled, probes, plain_blocks)

    labels = np.unique(enrolled.identity)
    to_rows = plain_blocks(probes.vectors, enrolled.vectors)(slice(None), slice(None))
    far = np.stack([to_rows[:, enrolled.identity == one].min(axis=1) for one in labels], axis=1)
    order = np.argsort(far, axis=1, kind="stable")
    places = [
        np.flatnonzero(labels[row] == whose)
        for row, whose in zip(order, probes.identity, strict=True)
    ]
    strangers = ~np.isin(probes.identity, labels)
    assert found.nearest.tolist() == labels[order[:, 0]].tolist()
    assert found.distance.tolist() == far.min(axis=1).tolist()
    assert found.known.tolist() == (~strangers).tolist()
    assert found.rank.tolist() == [int(at[0]) if len(at) else len(labels) for at in places]
    if strangers.any():
        # Of six at most: half of them are let in, and what is nearest to whom counts.
        threshold = threshold_at(np.sort(found.distance[strangers]), 0.5)
        assert found.near.tolist() == (far[strangers] <= threshold).sum(axis=1).tolist()


def whole_numbers(people: np.ndarray, random: np.random.Generator) -> SampleSet:
    """Return two sessions of each of these people."""
    identity = np.repeat(np.sort(people), 2)
    count = len(identity)
    return SampleSet(
        random.integers(0, 3, (count, 2)).astype(np.float32),
        identity.astype(np.intp),
        np.arange(count),
        np.ones(count, np.float32),
        np.ones(count, np.float32),
        tuple(f"person {number}" for number in range(6)),
    )
