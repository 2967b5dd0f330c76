"""Frames, crops and the way back from a crop to its picture."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition.errors import ImageShapeError
from recognition.keypoints.frame import (
    FaceFrame,
    frame_of_box,
    frame_of_points,
)
from recognition.keypoints.points import fifteen, mirror
from recognition.keypoints.preprocess import (
    INPUT_PX,
    as_batch,
    crop_transform,
    cut_out,
    to_crop,
    to_grey,
    to_picture,
)
from recognition.values import Box
from tests.recognition.keypoints.faces import points_in, sketch

frames = st.builds(
    FaceFrame,
    x=st.floats(20, 300),
    y=st.floats(20, 220),
    side=st.floats(20, 400),
    roll=st.floats(-170, 170),
)


@given(frames)
def test_a_frame_is_found_again_from_its_points(frame: FaceFrame) -> None:
    again = frame_of_points(points_in(frame))

    assert again is not None
    assert (again.x, again.y) == pytest.approx((frame.x, frame.y), abs=0.05)
    assert again.side == pytest.approx(frame.side, rel=1e-3)
    assert again.roll == pytest.approx(frame.roll, abs=0.05)


@given(frames)
def test_points_go_to_the_crop_and_come_back(frame: FaceFrame) -> None:
    transform = crop_transform(frame)
    points = points_in(frame)

    np.testing.assert_allclose(to_picture(to_crop(points, transform), transform), points, atol=0.1)


@given(frames)
def test_the_mean_face_lies_in_the_crop_whatever_the_frame(frame: FaceFrame) -> None:
    inside = to_crop(points_in(frame), crop_transform(frame))

    assert inside.min() > 5
    assert inside.max() < INPUT_PX - 5


@pytest.mark.parametrize(
    "frame",
    [FaceFrame(160, 120, 90), FaceFrame(150, 110, 60, 30), FaceFrame(160, 120, 200, -20)],
    ids=["level", "small and tilted", "large: made smaller over areas"],
)
def test_what_is_drawn_at_a_point_is_seen_where_the_point_goes(frame: FaceFrame) -> None:
    image = sketch(frame, 640, 480) if frame.side > 150 else sketch(frame)
    crop = cut_out(to_grey(image), frame)

    for x, y in to_crop(points_in(frame), crop_transform(frame))[[0, 2, 8, 14, 16]]:
        row, column = round(float(y)), round(float(x))
        window = crop[row - 5 : row + 6, column - 5 : column + 6].astype(float)
        weight = window - window.min()
        rows, columns = np.mgrid[-5:6, -5:6]
        seen = (columns * weight).sum() / weight.sum(), (rows * weight).sum() / weight.sum()
        assert seen[0] + column == pytest.approx(float(x), abs=0.6)
        assert seen[1] + row == pytest.approx(float(y), abs=0.6)


def test_fifteen_points_with_gaps_give_nearly_the_same_frame() -> None:
    frame = FaceFrame(100, 90, 70, 12)
    points = fifteen(points_in(frame))
    points[[6, 8, 13]] = np.nan

    again = frame_of_points(points)

    assert again is not None
    assert again.side == pytest.approx(70, rel=0.01)
    assert again.roll == pytest.approx(12, abs=0.5)


def test_points_that_meet_or_are_missing_have_no_frame() -> None:
    assert frame_of_points(np.zeros((68, 2), np.float32)) is None
    assert frame_of_points(np.full((15, 2), np.nan, np.float32)) is None


def test_a_mirrored_frame_is_that_of_the_mirrored_points() -> None:
    frame = FaceFrame(100, 90, 70, 12)

    mirrored = frame_of_points(mirror(points_in(frame), 320))

    assert mirrored is not None
    assert (mirrored.x, mirrored.roll) == pytest.approx((320 - 1 - frame.x, -12), abs=0.05)


def test_a_batch_has_mean_0_and_deviation_1() -> None:
    crops = np.stack([cut_out(to_grey(sketch(FaceFrame(160, 120, 90))), FaceFrame(160, 120, 90))])

    batch = as_batch(np.concatenate([crops, crops // 3]))

    assert batch.shape == (2, 1, INPUT_PX, INPUT_PX)
    assert batch.mean(axis=(1, 2, 3)) == pytest.approx([0, 0], abs=1e-4)
    assert batch.std(axis=(1, 2, 3)) == pytest.approx([1, 1], abs=1e-3)


def test_a_wall_is_not_blown_up_to_noise() -> None:
    assert np.abs(as_batch(np.full((1, INPUT_PX, INPUT_PX), 130, np.uint8))).max() < 1e-6


@pytest.mark.parametrize("size", [(1, 1), (8000, 30), (30, 8000)])
def test_pictures_of_any_size_give_a_crop(size: tuple[int, int]) -> None:
    grey = np.zeros(size, np.uint8)
    for frame in (FaceFrame(0, 0, 8), FaceFrame(size[1], size[0], 5000), FaceFrame(-50, 9000, 60)):
        assert cut_out(grey, frame).shape == (INPUT_PX, INPUT_PX)


def test_a_box_gives_the_frame_of_its_middle() -> None:
    assert frame_of_box(Box(10, 20, 50, 60)) == FaceFrame(30, 40, 40)


def test_only_rgb_is_taken() -> None:
    with pytest.raises(ImageShapeError):
        to_grey(np.zeros((5, 5), np.uint8))
