"""One way from a picture to the network, whatever the picture's size and shape."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition.errors import ImageShapeError
from recognition.reading.guide import guide_box
from recognition.sign_digits.preprocess import SIDE, place_of_hand, prepare
from recognition.values import Box


def stripes(height: int, width: int) -> np.ndarray:
    rows, columns = np.mgrid[0:height, 0:width]
    return np.stack([rows % 256, columns % 256, (rows + columns) % 256], -1).astype(np.uint8)


@settings(max_examples=60)
@given(height=st.integers(1, 300), width=st.integers(1, 300))
def test_a_picture_of_any_size_becomes_one_shape_and_range(height: int, width: int) -> None:
    prepared = prepare(stripes(height, width))
    assert prepared.shape == (3, SIDE, SIDE)
    assert prepared.dtype == np.float32
    assert prepared.min() >= -1
    assert prepared.max() <= 1


@pytest.mark.parametrize("size", [(1, 1), (8000, 3), (2, 8000), (3000, 4000)])
def test_the_smallest_and_the_largest_pictures_are_taken(size: tuple[int, int]) -> None:
    assert prepare(stripes(*size)).shape == (3, SIDE, SIDE)


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((10, 10), np.uint8),
        np.zeros((10, 10, 3), np.float32),
        np.zeros((0, 10, 3), np.uint8),
        np.zeros((10, 10, 4), np.uint8),
    ],
)
def test_what_is_no_picture_is_refused(array: np.ndarray) -> None:
    with pytest.raises(ImageShapeError):
        prepare(array)


def test_black_is_minus_one_and_white_is_one() -> None:
    assert np.all(prepare(np.zeros((90, 90, 3), np.uint8)) == -1)
    assert np.allclose(prepare(np.full((90, 90, 3), 255, np.uint8)), 1)


def test_a_picture_that_is_no_square_keeps_its_shape() -> None:
    """A square drawn in a wide picture stays a square."""
    image = np.zeros((100, 160, 3), np.uint8)
    image[30:70, 60:100] = 255
    white = prepare(image)[0] > 0
    high, wide = white.any(1).sum(), white.any(0).sum()
    assert abs(int(high) - int(wide)) <= 1


def test_a_guide_box_is_read_as_its_own_crop_would_be() -> None:
    frame = stripes(480, 640)
    box = Box(100, 50, 300, 250)
    assert np.array_equal(prepare(frame, box), prepare(frame[50:250, 100:300]))


def test_a_camera_frame_is_looked_at_in_its_guide_box_and_a_crop_as_a_whole() -> None:
    assert place_of_hand(stripes(480, 640), None) == guide_box(640, 480)
    assert place_of_hand(stripes(100, 100), None) is None
    given_box = Box(1, 2, 30, 40)
    assert place_of_hand(stripes(480, 640), given_box) == given_box
