"""Faces are found again where they were, and nobody is taken for who stood there before."""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition import (
    ArgumentError,
    Box,
    Engine,
    Face,
    FakeEngine,
    Follower,
    Image,
    ImageShapeError,
    find_again,
)
from tests.people import draw
from tests.recognition.conftest import FIRST, SECOND

SIZE = (480, 400)
MIN_FACE = 80


@cache
def alone(identity: int, x: float = 200, y: float = 240) -> Image:
    """A person with a face of 120 pixels around a point, 400x480."""
    return draw(identity, size=SIZE, face_px=120, at=(x, y))


def beside(left: Image, right: Image) -> Image:
    """Both pictures in one."""
    return np.ascontiguousarray(np.concatenate([left, right], axis=1))


@cache
def empty() -> Image:
    """The room without anybody, 400x480."""
    return draw(FIRST, size=SIZE, face_px=1, at=(-200, -200))


class Counting(FakeEngine):
    """Notes the size of each picture that is searched."""

    def __init__(self) -> None:
        super().__init__()
        self.searched: list[tuple[int, ...]] = []

    def find(self, image: Image, *, min_face: int = 80, thorough: bool = False) -> tuple[Face, ...]:
        """Note and find."""
        assert thorough
        self.searched.append(image.shape[:2])
        return super().find(image, min_face=min_face, thorough=thorough)


@pytest.fixture
def everywhere(engine: Engine) -> Callable[[Image], list[Box]]:
    """Return the search of a whole picture: boxes from left to right."""

    def boxes(image: Image) -> list[Box]:
        faces = engine.find(image, min_face=MIN_FACE, thorough=True)
        return sorted((face.box for face in faces), key=lambda box: box.left)

    return boxes


Everywhere = Callable[[Image], list[Box]]


@pytest.mark.parametrize(("x", "y"), [(200, 240), (240, 260), (150, 210)])
def test_a_face_is_found_again_though_it_moved(
    engine: Engine, everywhere: Everywhere, x: int, y: int
) -> None:
    moved = alone(FIRST, x, y)

    found = find_again(moved, everywhere(alone(FIRST)), engine=engine, min_face=MIN_FACE)

    assert found is not None
    (face,) = found
    (sought,) = engine.find(moved, min_face=MIN_FACE, thorough=True)
    assert face.box.iou(sought.box) > 0.8
    assert np.abs(face.landmarks - sought.landmarks).max() < 6
    first, again = engine.embed(moved, [sought, face])
    assert np.linalg.norm(first - again) < 0.2


def test_who_stands_in_the_place_now_is_seen_as_themselves(
    engine: Engine, everywhere: Everywhere
) -> None:
    before, now = alone(FIRST), alone(SECOND)
    places = everywhere(before)

    found = find_again(now, places, engine=engine, min_face=MIN_FACE)

    assert found is not None
    (vector,) = engine.embed(now, found)
    (own,) = engine.embed(now, engine.find(now, min_face=MIN_FACE, thorough=True))
    (other,) = engine.embed(before, engine.find(before, min_face=MIN_FACE, thorough=True))
    assert np.linalg.norm(vector - own) < 0.2 < np.linalg.norm(vector - other)


def test_two_who_stand_together_are_both_found_and_once(
    engine: Engine, everywhere: Everywhere
) -> None:
    both = beside(alone(FIRST, 300), alone(SECOND, 110))
    places = everywhere(both)
    assert len(places) == 2

    found = find_again(both, places, engine=engine, min_face=MIN_FACE)

    assert found is not None
    assert len(found) == 2


@pytest.mark.parametrize("gone", ["both", "one"])
def test_where_somebody_is_gone_the_whole_has_to_be_searched(
    engine: Engine, everywhere: Everywhere, gone: str
) -> None:
    places = everywhere(beside(alone(FIRST), alone(SECOND)))
    now = beside(empty() if gone == "both" else alone(FIRST), empty())

    assert find_again(now, places, engine=engine, min_face=MIN_FACE) is None


def test_a_face_that_only_reaches_into_the_window_is_not_taken(
    engine: Engine, everywhere: Everywhere
) -> None:
    (box,) = everywhere(alone(FIRST))
    off = 0.75 * box.width
    place = Box(box.left - off, box.top, box.right - off, box.bottom)

    assert find_again(alone(FIRST), [place], engine=engine, min_face=MIN_FACE) is None


def test_a_newcomer_is_seen_when_the_whole_is_due(engine: Engine) -> None:
    follower = Follower(engine, min_face=MIN_FACE, whole_every_s=0.25)
    seen = []
    for number in range(10):
        right = alone(SECOND) if number else empty()
        seen.append(len(follower.find(beside(alone(FIRST), right), number / 15)))

    assert seen == [1, 1, 1, 1, 2, 2, 2, 2, 2, 2]


def test_who_leaves_is_gone_at_once_and_the_others_are_found(engine: Engine) -> None:
    follower = Follower(engine, min_face=MIN_FACE, whole_every_s=10)
    assert len(follower.find(beside(alone(FIRST), alone(SECOND)), 0.0)) == 2

    (left,) = follower.find(beside(alone(FIRST), empty()), 0.1)

    assert left.box.right < 400
    assert follower.find(beside(empty(), empty()), 0.2) == ()


@pytest.mark.parametrize(
    ("times", "whole"),
    [
        ((0.0, 0.1, 0.2, 0.3, 0.4), (True, False, False, True, False)),
        ((5.0, 5.1, 1.0, 1.1), (True, False, True, False)),
    ],
)
def test_the_whole_frame_is_searched_in_time_also_where_time_runs_back(
    times: tuple[float, ...], whole: tuple[bool, ...]
) -> None:
    engine = Counting()
    follower = Follower(engine, min_face=20, whole_every_s=0.25)
    image = np.full((200, 400, 3), 90, np.uint8)

    for time_s in times:
        assert len(follower.find(image, time_s)) == 1

    assert [size == (200, 400) for size in engine.searched] == list(whole)


def test_with_no_time_between_each_frame_is_searched_whole() -> None:
    engine = Counting()
    follower = Follower(engine, min_face=20, whole_every_s=0)
    for number in range(5):
        follower.find(np.full((200, 400, 3), 90, np.uint8), number / 30)

    assert engine.searched == [(200, 400)] * 5


def test_windows_that_would_take_longer_than_the_whole_are_not_searched() -> None:
    engine = Counting()
    crowd = [Box(x, 50, x + 60, 110) for x in range(0, 340, 17)]

    assert (
        find_again(np.full((200, 400, 3), 90, np.uint8), crowd, engine=engine, min_face=40) is None
    )
    assert engine.searched == []


numbers = st.floats(-1e6, 1e6)


@given(
    st.lists(st.tuples(numbers, numbers, numbers, numbers), max_size=3),
    st.tuples(st.integers(1, 90), st.integers(1, 90)),
)
def test_whatever_the_places_faces_lie_in_the_picture(
    places: list[tuple[float, float, float, float]], size: tuple[int, int]
) -> None:
    image = np.full((*size, 3), 90, np.uint8)

    found = find_again(image, [Box(*place) for place in places], engine=FakeEngine(), min_face=1)

    for face in found or ():
        assert face.box.clip(size[1], size[0]) == face.box
    assert found is None or len(found) >= len(places)


def test_what_cannot_be_searched_is_refused() -> None:
    image, place, engine = np.full((90, 90, 3), 9, np.uint8), Box(10, 10, 60, 60), FakeEngine()
    for bad in (float("nan"), float("inf"), 1e308):
        with pytest.raises(ArgumentError):
            find_again(image, [Box(-1e308, 0, bad, 9)], engine=engine, min_face=20)
    with pytest.raises(ArgumentError):
        find_again(image, [place], engine=engine, min_face=0)
    with pytest.raises(ImageShapeError):
        find_again(image[:, :, 0], [place], engine=engine, min_face=20)
    for seconds in (-1.0, float("nan"), float("inf")):
        with pytest.raises(ArgumentError):
            Follower(engine, min_face=20, whole_every_s=seconds)
    with pytest.raises(ArgumentError):
        Follower(engine, min_face=0, whole_every_s=1)
