"""Tests the pairing of faces from frame to frame."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.visits.pairing import pair
from recognition import Box
from tests.kiosk.faces import box_at

boxes = st.lists(
    st.builds(
        box_at,
        st.floats(0, 640),
        st.floats(0, 480),
        st.floats(20, 300),
    ),
    max_size=6,
)


def test_a_face_that_barely_moved_is_the_same() -> None:
    assert pair([box_at(300)], [box_at(310)]) == {0: 0}


def test_a_face_that_made_a_step_is_the_same_though_the_boxes_barely_touch() -> None:
    assert pair([box_at(300)], [box_at(415)]) == {0: 0}


def test_a_face_at_the_other_end_of_the_room_is_another() -> None:
    assert pair([box_at(100)], [box_at(500)]) == {}


def test_a_face_of_quite_another_size_is_another() -> None:
    assert pair([box_at(300, width=200)], [box_at(300, width=60)]) == {}


def test_two_who_stand_side_by_side_are_not_mixed_up() -> None:
    assert pair([box_at(200), box_at(420)], [box_at(410), box_at(215)]) == {0: 1, 1: 0}


def test_the_larger_overlap_goes_first() -> None:
    assert pair([box_at(300)], [box_at(360), box_at(305)]) == {0: 1}


def test_an_empty_box_is_paired_with_nothing() -> None:
    nowhere = Box(300, 240, 300, 240)
    assert pair([nowhere], [nowhere, box_at(300)]) == {}


@given(boxes, boxes)
def test_no_face_is_paired_twice(known: list[Box], seen: list[Box]) -> None:
    pairs = pair(known, seen)
    assert len(set(pairs.values())) == len(pairs)
    assert set(pairs) <= set(range(len(known)))
    assert set(pairs.values()) <= set(range(len(seen)))


@given(boxes)
def test_a_picture_that_does_not_change_pairs_each_face_with_one_of_its_own_place(
    known: list[Box],
) -> None:
    pairs = pair(known, known)
    assert len(pairs) == len(known)
    assert all(known[i] == known[j] for i, j in pairs.items())
