"""The committed network on drawn people: where it places points, and where it sees no face."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from recognition import Engine, Face, Image, WeightFileError
from recognition.keypoints.alignment import five_points
from recognition.keypoints.drawing import draw_keypoints
from recognition.keypoints.frame import FaceFrame
from recognition.keypoints.head_pose import head_pose
from recognition.keypoints.points import mirror
from recognition.keypoints.predictor import (
    KeypointPredictor,
    Keypoints,
    load_keypoint_predictor,
)
from recognition.keypoints.preprocess import to_grey
from recognition.keypoints.ratios import Ratios, ratios
from recognition.keypoints.seeking import seek
from tests.people import PEOPLE, SyntheticPerson, draw

PERSON = PEOPLE[2].identity


@pytest.fixture(scope="module")
def predictor() -> KeypointPredictor:
    return load_keypoint_predictor()


def place(image: Image, engine: Engine, predictor: KeypointPredictor) -> tuple[Face, Keypoints]:
    """The largest face of a picture and its points."""
    face = engine.find(image)[0]
    return face, predictor.predict(image, [face])[0]


@pytest.mark.parametrize("person", PEOPLE[:4], ids=lambda person: person.name)
def test_eye_corners_and_nose_lie_where_the_detector_sees_them(
    person: SyntheticPerson, engine: Engine, predictor: KeypointPredictor
) -> None:
    face, placed = place(draw(person.identity), engine, predictor)

    apart = np.linalg.norm(five_points(placed.points) - face.landmarks, axis=1)
    assert placed.accepted
    assert apart.mean() < 0.08 * face.box.width


def test_a_mirrored_picture_has_mirrored_points(
    engine: Engine, predictor: KeypointPredictor
) -> None:
    image = draw(PERSON, 3)
    _, placed = place(image, engine, predictor)
    width = image.shape[1]
    frame = FaceFrame(width - 1 - placed.frame.x, placed.frame.y, placed.frame.side)

    (other,) = predictor.predict_frames(to_grey(np.ascontiguousarray(image[:, ::-1])), [frame])

    apart = np.linalg.norm(mirror(other.points, width) - placed.points, axis=1)
    assert apart.mean() < 0.03 * placed.frame.side


@pytest.mark.parametrize("angle", [-30, 20])
def test_points_turn_with_the_picture(
    angle: float, engine: Engine, predictor: KeypointPredictor
) -> None:
    image = draw(PERSON)
    _, level = place(image, engine, predictor)
    turn = cv2.getRotationMatrix2D((320, 240), -angle, 1.0)
    turned = np.asarray(cv2.warpAffine(image, turn, (640, 480)), np.uint8)
    x, y = turn[:, :2] @ (level.frame.x, level.frame.y) + turn[:, 2]

    (placed,) = predictor.predict_frames(
        to_grey(turned), [FaceFrame(x, y, level.frame.side)], passes=3
    )

    expected = level.points @ turn[:, :2].T + turn[:, 2]
    assert placed.frame.roll - level.frame.roll == pytest.approx(angle, abs=4)
    assert np.linalg.norm(placed.points - expected, axis=1).mean() < 0.05 * placed.frame.side


def test_a_head_turned_to_the_other_side_has_the_other_sign(
    engine: Engine, predictor: KeypointPredictor
) -> None:
    yaws = []
    for turn in (-0.8, 0.8):
        pose = head_pose(place(draw(PERSON, turn=turn), engine, predictor)[1].points)
        assert pose is not None
        yaws.append(pose.yaw)

    assert abs(yaws[0] - yaws[1]) > 10
    assert yaws[0] * yaws[1] < 0


def test_over_several_people_closing_eyes_and_opening_the_mouth_show(
    engine: Engine, predictor: KeypointPredictor
) -> None:
    def measured(*, blink: float = 0.0, mouth_open: float = 0.0) -> list[Ratios]:
        pictures = (draw(one.identity, blink=blink, mouth_open=mouth_open) for one in PEOPLE[:6])
        return [ratios(place(image, engine, predictor)[1].points) for image in pictures]

    usual, shut, speaking = measured(), measured(blink=1.0), measured(mouth_open=0.9)

    assert np.mean([one.eyes for one in shut]) < np.mean([one.eyes for one in usual]) - 0.01
    opened = np.mean([one.mouth_open for one in speaking])
    assert opened > np.mean([one.mouth_open for one in usual]) + 0.03


def test_a_wall_and_noise_are_given_no_points(predictor: KeypointPredictor) -> None:
    wall = np.full((200, 200), 140, np.uint8)
    noise = np.random.default_rng(3).integers(0, 256, (200, 200), np.uint8)
    for grey in (wall, noise):
        frames = [FaceFrame(100, 100, side) for side in (30, 80, 120)]
        assert not any(one.accepted for one in predictor.predict_frames(grey, frames))
    assert seek(np.repeat(noise[:, :, np.newaxis], 3, axis=2), predictor) is None


def test_a_face_is_sought_where_no_detector_helps(predictor: KeypointPredictor) -> None:
    image = draw(PERSON, size=(240, 240), face_px=110)

    found = seek(image, predictor)

    assert found is not None
    assert found.frame.side == pytest.approx(110, rel=0.25)


def test_a_face_is_followed_without_a_search(engine: Engine, predictor: KeypointPredictor) -> None:
    _, first = place(draw(PERSON, at=(320, 240)), engine, predictor)
    moved = draw(PERSON, at=(332, 246))

    (followed,) = predictor.follow(moved, [first])

    assert followed.accepted
    assert followed.frame.x - first.frame.x == pytest.approx(12, abs=4)


@pytest.mark.parametrize("size", [(1, 1), (1, 8000), (8000, 8)])
def test_pictures_of_any_size_are_taken(
    size: tuple[int, int], predictor: KeypointPredictor
) -> None:
    image = np.zeros((*size, 3), np.uint8)

    (placed,) = predictor.predict_frames(to_grey(image), [FaceFrame(0, 0, 50)])

    assert np.isfinite(placed.points).all()
    assert not placed.accepted
    assert seek(image, predictor) is None


def test_looking_at_the_mirrored_face_as_well_moves_points_a_little(
    engine: Engine, predictor: KeypointPredictor
) -> None:
    image = draw(PERSON)
    _, once = place(image, engine, predictor)

    (both,) = predictor.predict_frames(to_grey(image), [once.frame], mirrored=True)
    (single,) = predictor.predict_frames(to_grey(image), [once.frame])

    apart = np.linalg.norm(both.points - single.points, axis=1)
    assert 0 < apart.mean() < 0.03 * once.frame.side


def test_no_faces_have_no_points(predictor: KeypointPredictor) -> None:
    assert predictor.predict(draw(PERSON), []) == ()


def test_one_face_and_many_give_the_same(engine: Engine, predictor: KeypointPredictor) -> None:
    image = draw(PERSON)
    face, placed = place(image, engine, predictor)

    both = predictor.predict(image, [face, face])

    for one in both:
        np.testing.assert_allclose(one.points, placed.points, atol=0.05)


def test_drawing_changes_accepted_faces_alone(engine: Engine, predictor: KeypointPredictor) -> None:
    image = draw(PERSON)
    _, placed = place(image, engine, predictor)
    wall = predictor.predict_frames(np.full((480, 640), 140, np.uint8), [placed.frame])

    drawn = draw_keypoints(image, [placed])

    assert drawn.shape == image.shape
    assert (drawn != image).any(axis=2).mean() > 0.005
    np.testing.assert_array_equal(draw_keypoints(image, wall), image)


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(WeightFileError, match=r"gone\.onnx is missing"):
        load_keypoint_predictor(path=tmp_path / "gone.onnx")
