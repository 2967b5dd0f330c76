"""Pairs across sessions only, and thresholds that keep their rate."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition.evaluation import comparisons
from recognition.evaluation.comparisons import compare_all, share_within, threshold_at
from recognition.evaluation.samples import SampleSet
from recognition.normalisation.normaliser import plain_distances
from tests.recognition.evaluation.people import point_people


def test_it_pairs_people_across_sessions_only() -> None:
    samples = SampleSet(
        np.array([[0, 0], [1, 0], [3, 0], [7, 0]], np.float32),
        identity=np.array([0, 0, 0, 1]),
        session=np.array([0, 0, 1, 2]),
        quality=np.ones(4, np.float32),
        face_px=np.full(4, 100, np.float32),
        names=("Ada", "Bob"),
    )

    made = compare_all(samples, plain_distances)

    assert made.genuine.tolist() == [2, 3]
    assert made.genuine_rows.tolist() == [[1, 2], [0, 2]]
    assert made.impostor.tolist() == [4, 6, 7]


def test_blocks_give_the_same_pairs_as_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    samples = point_people(12)
    whole = compare_all(samples, plain_distances)
    monkeypatch.setattr(comparisons, "_DISTANCES_AT_ONCE", 5 * len(samples))
    parts = compare_all(samples, plain_distances)

    assert np.allclose(parts.impostor, whole.impostor, atol=1e-6)
    assert len(parts.genuine) == 12 * 3


@given(
    st.lists(st.floats(0, 1, width=32), min_size=1, max_size=200),
    st.sampled_from([0.0, 1e-3, 1e-2, 0.1, 0.5, 1.0]),
)
def test_no_more_impostors_than_the_rate_lie_within_the_threshold(
    distances: list[float], rate: float
) -> None:
    impostor = np.sort(np.array(distances, np.float32))

    assert share_within(impostor, threshold_at(impostor, rate)) <= rate + 1e-9
