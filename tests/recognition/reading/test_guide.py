"""The guide box lies in every frame, and a part of a frame is never empty."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recognition import Box
from recognition.reading.guide import crop, guide_box

sides = st.integers(1, 9000)
edges = st.floats(-50, 50)


@given(sides, sides)
def test_the_guide_box_is_a_square_within_the_frame(width: int, height: int) -> None:
    box = guide_box(width, height)

    assert box == box.clip(width, height)
    assert box.width == box.height >= 1


@given(st.integers(1, 20), st.integers(1, 20), edges, edges, edges, edges)
def test_a_crop_is_never_empty_and_its_box_says_where_it_lies(
    width: int, height: int, left: float, top: float, right: float, bottom: float
) -> None:
    image = np.arange(height * width * 3, dtype=np.uint8).reshape(height, width, 3)

    part, box = crop(image, Box(left, top, right, bottom))

    assert part.size
    own = image[int(box.top) : int(box.bottom), int(box.left) : int(box.right)]
    np.testing.assert_array_equal(part, own)


def test_without_a_box_it_is_the_whole_picture() -> None:
    image = np.zeros((4, 6, 3), np.uint8)

    assert crop(image, None)[1] == Box(0, 0, 6, 4)
