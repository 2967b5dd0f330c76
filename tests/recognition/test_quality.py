"""Qualities follow what was done to a picture."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from recognition import Box, Engine, Image, Quality, gate
from recognition.quality import measure, pose
from recognition.reasons import Reason
from tests.people import draw
from tests.recognition.conftest import FIRST


def quality_of(engine: Engine, image: Image) -> Quality:
    """Find the face and take its quality."""
    return engine.find(image)[0].quality


def test_a_drawn_portrait_passes_the_gates(engine: Engine, portrait: Image) -> None:
    face = engine.find(portrait)[0]

    assert gate(face) == ()
    assert face.quality.overall > 0.5
    assert face.quality.face_px == face.box.width


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda image: cv2.GaussianBlur(image, (0, 0), 9), Reason.BLURRED),
        (lambda image: (image * 0.15).astype(np.uint8), Reason.TOO_DARK),
        (lambda image: (image * 0.15 + 215).astype(np.uint8), Reason.TOO_BRIGHT),
    ],
)
def test_a_spoilt_picture_is_refused_for_what_was_done_to_it(
    engine: Engine, portrait: Image, change: Callable[[Image], Image], reason: Reason
) -> None:
    spoilt = np.ascontiguousarray(change(portrait))

    face = engine.find(spoilt)[0]

    assert reason in gate(face)
    assert face.quality.overall < engine.find(portrait)[0].quality.overall


def test_a_face_at_the_edge_is_cut_off(engine: Engine) -> None:
    cut = np.ascontiguousarray(draw(FIRST, size=(480, 480), at=(240, 240))[:, 190:])

    faces = engine.find(cut)

    assert not faces or faces[0].quality.inside < 1


def test_yaw_follows_the_nose_and_roll_the_eyes() -> None:
    upright = np.array([[80, 40], [60, 40], [20, 40], [40, 40], [50, 70]], np.float32)

    assert pose(upright) == pytest.approx((0.0, 0.0))
    turned = upright + np.array([[0, 0]] * 4 + [[10, 0]], np.float32)
    assert pose(turned)[0] == pytest.approx(0.25)
    angle = np.deg2rad(20)
    spin = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    assert pose((upright @ spin).astype(np.float32)) == pytest.approx((0.0, 20.0), abs=1e-4)


def test_points_that_all_lie_in_one_place_give_no_pose() -> None:
    assert pose(np.zeros((5, 2), np.float32)) == (0.0, 0.0)


@pytest.mark.parametrize("box", [Box(-50, -50, -10, -10), Box(5, 5, 5, 5), Box(0, 0, 1, 1)])
def test_a_box_with_nothing_in_it_measures_as_bad(box: Box) -> None:
    quality = measure(np.full((40, 40), 128, np.uint8), box, np.zeros((5, 2), np.float32))

    assert quality.overall == 0
