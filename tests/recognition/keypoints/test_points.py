"""The order of the points, their mirror images, and the 15 that follow from them."""

import numpy as np
import pytest

from recognition.keypoints.frame import MEAN_FACE
from recognition.keypoints.points import (
    COUNT,
    FIFTEEN,
    FIFTEEN_OF_68,
    MIRRORED,
    PARTS,
    fifteen,
    interocular,
    mirror,
)

FACE = MEAN_FACE.astype(np.float32) * 100 + 200


def test_every_point_belongs_to_one_part() -> None:
    assert sorted(row for rows in PARTS.values() for row in rows) == list(range(COUNT))


def test_mirroring_twice_changes_nothing() -> None:
    twice = mirror(mirror(FACE, 400), 400)

    np.testing.assert_allclose(twice, FACE, atol=1e-3)
    assert sorted(MIRRORED) == list(range(COUNT))


def test_the_mean_face_is_its_own_mirror_image() -> None:
    np.testing.assert_allclose(MEAN_FACE[MIRRORED] * (-1, 1), MEAN_FACE, atol=1e-9)


def test_the_15_are_named_from_the_persons_side() -> None:
    by_name = dict(zip(FIFTEEN, fifteen(FACE), strict=True))

    assert by_name["left_eye_center"][0] > by_name["right_eye_center"][0]
    assert by_name["left_eye_inner_corner"][0] < by_name["left_eye_outer_corner"][0]
    assert by_name["mouth_left_corner"][0] > by_name["mouth_right_corner"][0]
    assert by_name["mouth_center_top_lip"][1] < by_name["mouth_center_bottom_lip"][1]
    assert by_name["left_eyebrow_outer_end"][1] < by_name["left_eye_center"][1]


def test_each_of_the_15_is_a_mean() -> None:
    np.testing.assert_allclose(FIFTEEN_OF_68.sum(axis=1), 1, atol=1e-6)


def test_the_interocular_distance_is_that_of_the_outer_corners() -> None:
    assert interocular(FACE) == pytest.approx(float(FACE[45, 0] - FACE[36, 0]), rel=1e-5)
