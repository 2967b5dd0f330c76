"""Pairs across sessions only, thresholds that keep their rate, and memory for the nearest alone."""

import tracemalloc
from dataclasses import dataclass
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from recognition.calibration.measuring import calibrate
from recognition.evaluation import comparisons
from recognition.evaluation.bootstrap import PASSES
from recognition.evaluation.comparisons import (
    Comparisons,
    compare_all,
    compare_rows,
    share_within,
    threshold_at,
)
from recognition.evaluation.faces import measure_faces, rows_gone_through
from recognition.evaluation.samples import SampleSet
from recognition.normalisation.normaliser import plain_blocks
from recognition.values import EngineId
from tests.recognition.evaluation.people import point_people

_RATES = (0.0, 1e-3, 1e-2, 0.05, 0.3, 1.0)


def test_it_pairs_people_across_sessions_only() -> None:
    samples = SampleSet(
        np.array([[0, 0], [1, 0], [3, 0], [7, 0]], np.float32),
        identity=np.array([0, 0, 0, 1]),
        session=np.array([0, 0, 1, 2]),
        quality=np.ones(4, np.float32),
        face_px=np.full(4, 100, np.float32),
        names=("Ada", "Bob"),
    )

    made = compare_all(samples, plain_blocks)

    assert made.genuine.tolist() == [2, 3]
    assert made.genuine_rows.tolist() == [[1, 2], [0, 2]]
    assert made.impostors == 3
    assert made.nearest.tolist() == [4, 6, 7]


@dataclass(frozen=True)
class Apart:
    """Rows of people, and a distance of each from each: many of them equal, some below 0."""

    samples: SampleSet
    distances: NDArray[np.float32]


@st.composite
def rows_apart(draw: st.DrawFn) -> Apart:
    sizes = draw(st.lists(st.lists(st.integers(1, 3), min_size=1, max_size=3), max_size=6))
    sessions = [(person, size) for person, of in enumerate(sizes) for size in of]
    identity = np.repeat([one for one, _ in sessions], [size for _, size in sessions])
    session = np.repeat(np.arange(len(sessions)), [size for _, size in sessions])
    count = len(identity)
    some = draw(st.lists(st.floats(-1, 3, width=32), min_size=1, max_size=12))
    seed = draw(st.integers(0, 2**32 - 1))
    chosen = np.random.default_rng(seed).choice(np.array(some, np.float32), (count, count))
    samples = SampleSet(
        np.zeros((count, 1), np.float32),
        identity.astype(np.intp),
        session.astype(np.intp),
        np.ones(count, np.float32),
        np.ones(count, np.float32),
        tuple(f"person {number}" for number in range(len(sizes))),
    )
    return Apart(samples, chosen)


@given(rows_apart(), st.integers(1, 60), st.integers(0, 40), st.sampled_from([0.0, 0.05, 0.3]))
def test_what_is_kept_and_counted_is_what_all_pairs_say(
    given_rows: Apart, at_once: int, fewest: int, tail: float
) -> None:
    with (
        patch.object(comparisons, "DISTANCES_AT_ONCE", at_once),
        patch.object(comparisons, "_FEWEST_KEPT", fewest),
    ):
        made = compare_rows(
            given_rows.samples, lambda rows, columns: given_rows.distances[rows, columns], tail=tail
        )

    genuine, genuine_rows, impostor, impostor_rows = all_pairs(given_rows)
    kept = min(len(impostor), max(fewest, int(tail * len(impostor)) + 1))
    np.testing.assert_array_equal(made.genuine, genuine)
    np.testing.assert_array_equal(made.genuine_rows, genuine_rows)
    assert made.impostors == len(impostor)
    np.testing.assert_array_equal(made.nearest, impostor[:kept])
    np.testing.assert_array_equal(made.nearest_rows, impostor_rows[:kept])
    assert_same_rates(made, genuine, impostor)
    every = np.concatenate([genuine, impostor]).astype(np.float64)
    if len(every):
        edges = np.linspace(every.min(), every.max() + 1e-9, 61)
        np.testing.assert_array_equal(made.histogram.edges, edges)
        np.testing.assert_array_equal(made.histogram.genuine, np.histogram(genuine, edges)[0])
        np.testing.assert_array_equal(made.histogram.impostor, np.histogram(impostor, edges)[0])


def all_pairs(of: Apart) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return distances and rows of one person's pairs and of two people's, each in order."""
    one, two = np.triu_indices(len(of.samples), 1)
    same = of.samples.identity[one] == of.samples.identity[two]
    apart = of.samples.session[one] != of.samples.session[two]
    distances = of.distances[one, two]
    found = []
    for wanted in (same & apart, ~same):
        order = np.argsort(distances[wanted], kind="stable")
        found += [distances[wanted][order], np.stack([one, two], axis=1)[wanted][order]]
    return found[0], found[1], found[2], found[3]


def assert_same_rates(made: Comparisons, genuine: np.ndarray, impostor: np.ndarray) -> None:
    for rate in _RATES:
        threshold = threshold_at(impostor, rate)
        assert made.tar(rate) == share_within(genuine, threshold)
        if rate == 1 or rate * len(impostor) < len(made.nearest):
            assert made.threshold(rate) == threshold


def test_a_rate_beyond_what_was_kept_is_refused() -> None:
    with patch.object(comparisons, "_FEWEST_KEPT", 10):
        made = compare_all(point_people(20), plain_blocks, tail=0.01)

        assert made.nearer(1e-3).threshold(1e-3) == made.threshold(1e-3)
        with pytest.raises(IndexError):
            made.threshold(0.1)


def test_blocks_give_the_same_pairs_as_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    samples = point_people(12)
    whole = compare_all(samples, plain_blocks)
    monkeypatch.setattr(comparisons, "DISTANCES_AT_ONCE", 5 * len(samples))
    parts = compare_all(samples, plain_blocks)

    assert np.allclose(parts.nearest, whole.nearest, atol=1e-6)
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


@pytest.mark.parametrize("pictures_of_a_session", [1, 2])
@pytest.mark.parametrize("people", [1, 10])
def test_the_bar_ends_where_the_work_does(people: int, pictures_of_a_session: int) -> None:
    fused = point_people(people)
    single = fused.take(np.repeat(np.arange(len(fused)), pictures_of_a_session))
    done: list[float] = []
    measure_faces(single, fused, plain_blocks, on_rows=done.append)

    assert sum(done) == pytest.approx(rows_gone_through(single, fused))
    assert min(done) >= 0


def test_the_bar_of_a_calibration_ends_where_its_work_does() -> None:
    people = point_people(10)
    done: list[float] = []
    calibrate(people, EngineId("fake", "1"), on_rows=done.append)

    assert sum(done) == pytest.approx(PASSES * len(people))


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_pairs() -> None:
    """Of 8,000 rows there are 32 million pairs: with all of them kept it took 1,435 MB."""
    few, many = (peak_mb(point_people(people, sessions=10)) for people in (400, 800))

    assert few < 100
    assert many < 1.3 * few


def peak_mb(samples: SampleSet) -> float:
    """Return the most memory that Python and NumPy hold while these are measured."""
    tracemalloc.start()
    try:
        measure_faces(samples, samples, plain_blocks)
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()
