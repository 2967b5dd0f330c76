"""Five points are brought to five places, by turn, scale and shift alone."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition import Box, EngineError, Face, Quality
from recognition.engines.dlib_resnet.landmark_box import landmark_box
from recognition.engines.site.alignment import (
    ARCFACE_POINTS,
    DLIB_POINTS,
    align,
    box_of,
    similarity,
)
from recognition.landmarks import LandmarkKind, as_eye_corners
from recognition.quality import pose

FLAT = Quality(80.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0)


def face(points: object) -> Face:
    landmarks = np.asarray(points, np.float32)
    return Face(Box(0, 0, 9, 9), 1.0, landmarks, FLAT, LandmarkKind.EYES_NOSE_MOUTH)


@given(
    turn=st.floats(-math.pi, math.pi),
    scale=st.floats(0.05, 20),
    x=st.floats(-1e4, 1e4),
    y=st.floats(-1e4, 1e4),
)
def test_whatever_moved_the_points_is_undone(turn: float, scale: float, x: float, y: float) -> None:
    cos, sin = math.cos(turn) * scale, math.sin(turn) * scale
    moved = ARCFACE_POINTS @ np.array([[cos, sin], [-sin, cos]]) + (x, y)

    matrix = similarity(moved, ARCFACE_POINTS)

    assert moved @ matrix[:, :2].T + matrix[:, 2] == pytest.approx(ARCFACE_POINTS, abs=1e-5)


@given(st.lists(st.tuples(st.floats(-500, 500), st.floats(-500, 500)), min_size=5, max_size=5))
def test_it_never_shears_or_mirrors(points: list[tuple[float, float]]) -> None:
    if np.ptp(np.array(points), axis=0).max() < 1e-3:
        return

    turn = similarity(np.array(points), ARCFACE_POINTS)[:, :2]

    assert turn[0, 0] == turn[1, 1]
    assert turn[0, 1] == -turn[1, 0]
    assert np.linalg.det(turn) >= 0


@pytest.mark.parametrize("place", [0.0, 7.0, math.nan])
def test_points_in_one_place_are_refused(place: float) -> None:
    with pytest.raises(EngineError, match="cannot be aligned"):
        align(np.zeros((20, 20, 3), np.uint8), [face(np.full((5, 2), place))], side_px=112)


def test_a_face_that_lies_well_is_cut_out_as_it_is() -> None:
    image = np.random.default_rng(2).integers(0, 256, (112, 112, 3), np.uint8)

    chips = align(image, [face(ARCFACE_POINTS)], side_px=112)

    assert chips.shape == (1, 112, 112, 3)
    assert np.abs(chips[0].astype(int) - image).max() <= 1


@pytest.mark.parametrize("scale", [0.5, 1.0, 4.0])
def test_both_kinds_of_points_give_one_box(scale: float) -> None:
    ours = box_of((ARCFACE_POINTS * scale).astype(np.float32))
    theirs = landmark_box((DLIB_POINTS * scale).astype(np.float32))

    assert theirs is not None
    assert ours.iou(theirs) > 0.99


def test_no_faces_are_no_chips() -> None:
    assert align(np.zeros((9, 9, 3), np.uint8), [], side_px=64).shape == (0, 64, 64, 3)


def test_a_frontal_face_is_frontal_by_either_kind_of_points() -> None:
    yaw, roll = pose(as_eye_corners(ARCFACE_POINTS.astype(np.float32)))

    assert yaw == pytest.approx(0, abs=0.02)
    assert roll == pytest.approx(0, abs=1)
