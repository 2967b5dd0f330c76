"""Tests that one person is cut out, and nobody else with them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kiosk.crops import HEAD_ROOM, crop, crop_box
from recognition import Box
from tests.kiosk.faces import box_at

faces = st.builds(box_at, st.floats(0, 640), st.floats(0, 480), st.floats(40, 250))


def test_the_crop_holds_the_whole_head() -> None:
    box = crop_box(box_at(320, 240, 100), (), 640, 480)
    assert box == Box(210, 130, 430, 350)


def test_the_crop_ends_where_the_picture_ends() -> None:
    box = crop_box(box_at(30, 30, 100), (), 640, 480)
    assert (box.left, box.top) == (0, 0)


def test_a_neighbour_is_cut_off_half_way_between_the_two() -> None:
    own, neighbour = box_at(200, 240, 100), box_at(320, 240, 100)
    assert crop_box(own, (neighbour,), 640, 480).right == 260
    assert crop_box(neighbour, (own,), 640, 480).left == 260


def test_a_neighbour_above_and_one_below_are_cut_off_as_well() -> None:
    own = box_at(320, 240, 80)
    box = crop_box(own, (box_at(320, 130, 80), box_at(320, 350, 80)), 640, 480)
    assert (box.top, box.bottom) == (185, 295)


def test_somebody_far_away_changes_nothing() -> None:
    own = box_at(150, 240, 100)
    assert crop_box(own, (box_at(600, 240, 60),), 640, 480) == crop_box(own, (), 640, 480)


def test_a_face_behind_the_face_is_left_as_it_is() -> None:
    own = box_at(320, 240, 100)
    assert crop_box(own, (box_at(340, 230, 80),), 640, 480) == crop_box(own, (), 640, 480)


@given(faces, st.lists(faces, max_size=4))
def test_no_pixel_of_a_bystander_who_stands_apart_is_sent(own: Box, others: list[Box]) -> None:
    box = crop_box(own, others, 640, 480)
    for other in others:
        if own.iou(other) == 0:
            assert box.iou(other) < 1e-9
    inside = own.clip(640, 480)
    assert box.left <= inside.left + 1e-9
    assert box.right >= inside.right - 1e-9
    assert box.width <= own.width * HEAD_ROOM + 1e-9


@given(faces)
def test_the_pixels_are_a_copy_of_their_own(own: Box) -> None:
    image = np.zeros((480, 640, 3), np.uint8)
    cut = crop(image, own, ())
    assert cut.size > 0
    assert cut.flags.c_contiguous
    assert not np.shares_memory(cut, image)
