"""Eyes, mouth and head pose: what they are of drawn faces, and of turned and mirrored ones."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition.engines.dlib_resnet.landmark_box import landmark_box
from recognition.keypoints.alignment import five_points
from recognition.keypoints.frame import FaceFrame
from recognition.keypoints.head_pose import HEAD, RIGID, head_pose
from recognition.keypoints.points import Points, mirror
from recognition.keypoints.ratios import ratios
from tests.recognition.keypoints.faces import points_in

FRAME = FaceFrame(200, 180, 100)
angles = st.floats(-40, 40)


def turned(yaw: float, pitch: float, roll: float) -> Points:
    """The head as a distant camera sees it: pitched, then turned aside, then rolled."""
    a, b, c = (math.radians(angle) for angle in (yaw, pitch, roll))
    up = np.array([[1, 0, 0], [0, math.cos(b), math.sin(b)], [0, -math.sin(b), math.cos(b)]])
    aside = np.array([[math.cos(a), 0, -math.sin(a)], [0, 1, 0], [math.sin(a), 0, math.cos(a)]])
    over = np.array([[math.cos(c), -math.sin(c), 0], [math.sin(c), math.cos(c), 0], [0, 0, 1]])
    points = np.zeros((68, 2), np.float32)
    points[list(RIGID)] = (HEAD @ (over @ aside @ up).T)[:, :2] * 120 + 300
    return points


@given(angles, angles, angles)
def test_a_turned_head_is_measured_as_it_was_turned(yaw: float, pitch: float, roll: float) -> None:
    pose = head_pose(turned(yaw, pitch, roll))

    assert pose is not None
    assert (pose.yaw, pose.pitch, pose.roll) == pytest.approx((yaw, pitch, roll), abs=0.1)


def test_signs_are_those_of_the_picture() -> None:
    right, up, tilted = turned(20, 0, 0), turned(0, 20, 0), turned(0, 0, 20)

    eyes = [36, 39, 42, 45]
    assert right[30, 0] > right[eyes, 0].mean() + 5  # the nose goes to the picture's right
    assert up[30, 1] - up[eyes, 1].mean() < turned(0, 0, 0)[30, 1] - turned(0, 0, 0)[eyes, 1].mean()
    assert tilted[45, 1] > tilted[36, 1]  # the line through the eyes falls to the right


@given(angles, angles, angles)
def test_a_mirrored_picture_changes_the_sign_of_yaw_and_roll(
    yaw: float, pitch: float, roll: float
) -> None:
    pose = head_pose(mirror(turned(yaw, pitch, roll), 640))

    assert pose is not None
    assert (pose.yaw, pose.pitch, pose.roll) == pytest.approx((-yaw, pitch, -roll), abs=0.1)


def test_the_mean_face_looks_into_the_camera() -> None:
    pose = head_pose(points_in(FRAME))

    assert pose is not None
    assert max(abs(pose.yaw), abs(pose.pitch), abs(pose.roll)) < 3


def test_points_that_meet_have_no_pose_and_no_ratios() -> None:
    nothing = np.zeros((68, 2), np.float32)

    assert head_pose(nothing) is None
    assert math.isnan(ratios(nothing).eyes)


def test_a_closed_eye_and_an_open_mouth_are_told() -> None:
    face = points_in(FRAME)
    shut = face.copy()
    shut[[37, 38], 1] = shut[[41, 40], 1]
    speaking = face.copy()
    speaking[[65, 66, 67], 1] += 12

    assert ratios(shut).left_eye < 0.15
    assert ratios(shut).right_eye > 0.22
    assert ratios(shut).right_eye == ratios(face).right_eye
    assert ratios(speaking).mouth_open > ratios(face).mouth_open + 0.3


@given(
    st.builds(
        FaceFrame,
        x=st.floats(0, 500),
        y=st.floats(0, 500),
        side=st.floats(40, 400),
        roll=st.floats(-90, 90),
    )
)
def test_ratios_do_not_change_with_size_place_and_tilt(frame: FaceFrame) -> None:
    usual, other = ratios(points_in(FRAME)), ratios(points_in(frame))

    assert other.eyes == pytest.approx(usual.eyes, abs=0.005)
    assert other.mouth_open == pytest.approx(usual.mouth_open, abs=0.005)
    assert other.mouth_wide == pytest.approx(usual.mouth_wide, abs=0.005)


def test_mirroring_swaps_the_eyes() -> None:
    face = points_in(FRAME)
    face[37, 1] -= 4

    assert ratios(mirror(face, 400)).right_eye == pytest.approx(ratios(face).left_eye, abs=1e-5)


def test_the_five_points_lie_as_the_detectors_do() -> None:
    five = five_points(points_in(FRAME))

    box = landmark_box(five)
    assert five.shape == (5, 2)
    assert box is not None
    assert box.center == pytest.approx((FRAME.x, FRAME.y), abs=2)
    assert box.width == pytest.approx(FRAME.side, rel=0.05)
