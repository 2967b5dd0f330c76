"""Several vectors of one person become one, at the same distance from all others."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition import VectorError, fuse
from recognition.fusion import consistent

MEAN = np.full(128, 0.1, np.float32)


def frames(count: int, seed: int = 0, spread: float = 0.02) -> np.ndarray:
    """Vectors of one person's frames."""
    rng = np.random.default_rng(seed)
    person = MEAN + rng.normal(0, 0.05, 128)
    return (person + rng.normal(0, spread, (count, 128))).astype(np.float32)


def test_one_frame_stays_as_it_is() -> None:
    one = frames(1)

    fused = fuse(one, MEAN)
    assert np.array_equal(fused, one[0])
    assert not np.shares_memory(fused, one)


@given(st.integers(1, 6), st.integers(0, 2**16))
def test_the_fused_vector_is_as_far_from_the_mean_face_as_its_members(
    count: int, seed: int
) -> None:
    members = frames(count, seed)

    fused = fuse(members, MEAN)

    expected = np.linalg.norm(members - MEAN, axis=1).mean()
    assert np.linalg.norm(fused - MEAN) == pytest.approx(expected, rel=1e-4)
    assert fused.dtype == np.float32


def test_the_order_of_frames_does_not_matter() -> None:
    members = frames(4)

    assert fuse(members[::-1], MEAN) == pytest.approx(fuse(members, MEAN), abs=1e-6)


def test_a_face_twice_as_wide_counts_as_two() -> None:
    members = frames(2)
    doubled = np.concatenate([members, members[1:]])

    weighted = fuse(members, MEAN, np.array([60.0, 120.0]))

    own = np.linalg.norm(weighted - MEAN)
    toward, expected = (weighted - MEAN) / own, fuse(doubled, MEAN) - MEAN
    assert toward == pytest.approx(expected / np.linalg.norm(expected), abs=1e-5)
    assert own == pytest.approx(np.linalg.norm(members - MEAN, axis=1).mean(), rel=1e-4)


@pytest.mark.parametrize("weights", [[1.0], [1.0, 0.0], [1.0, -1.0], [1.0, np.nan], [[1.0], [1.0]]])
def test_weights_that_are_none_are_refused(weights: list[float]) -> None:
    with pytest.raises(VectorError):
        fuse(frames(2), MEAN, np.array(weights))


def test_frames_that_are_all_the_mean_face_do_not_divide_by_zero() -> None:
    assert fuse(np.stack([MEAN, MEAN]), MEAN) == pytest.approx(MEAN)


def test_frames_of_one_person_are_all_kept() -> None:
    kept = consistent(frames(5))

    assert kept is not None
    assert kept.tolist() == [0, 1, 2, 3, 4]


def test_one_stray_among_three_is_left_out() -> None:
    members = frames(3)
    members[1] += 0.5

    kept = consistent(members)

    assert kept is not None
    assert kept.tolist() == [0, 2]


@pytest.mark.parametrize(("count", "strays"), [(2, [1]), (4, [0, 1]), (5, [0, 1])])
def test_frames_of_two_people_are_refused(count: int, strays: list[int]) -> None:
    members = frames(count)
    members[strays] += 0.5

    assert consistent(members) is None


def test_vectors_of_whole_numbers_are_none() -> None:
    with pytest.raises(VectorError, match="float32 are fused"):
        fuse(np.ones((2, len(MEAN)), np.int64), MEAN)
