"""Tests that faces are found, judged by the server's policy, and told apart."""

import numpy as np
import pytest

from kiosk.answers import Policy
from kiosk.eyes import Eyes, search_px
from kiosk.frames import CameraFrame
from kiosk.lookout import Detail
from recognition import EngineError, FakeEngine, Reason, load_engine
from tests.people import draw

VGA, FULL_HD, UHD = (480, 640, 3), (1080, 1920, 3), (2160, 3840, 3)


def frame_of(image: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> CameraFrame:
    """A frame of a camera."""
    return CameraFrame(np.ascontiguousarray(image), 1, 1.0)


@pytest.fixture(scope="module")
def portrait() -> CameraFrame:
    """A drawn person before the camera."""
    return frame_of(draw(3, 0))


def test_a_face_is_found_and_good_enough(portrait: CameraFrame) -> None:
    look = Eyes(load_engine()).look(portrait, Detail.FINE, Policy(min_face_px=80))
    assert len(look.sightings) == 1
    assert look.sightings[0].faults == ()
    assert look.cost_s > 0


def test_a_face_smaller_than_the_server_wants_is_asked_to_come_closer(
    portrait: CameraFrame,
) -> None:
    eyes = Eyes(load_engine())
    (seen,) = eyes.look(portrait, Detail.FINE, Policy(min_face_px=80)).sightings
    wanted = Policy(min_face_px=round(seen.face.box.width * 1.2))
    (again,) = eyes.look(portrait, Detail.FINE, wanted).sightings
    assert again.faults == (Reason.FACE_TOO_SMALL,)


def test_each_of_two_knows_where_the_other_is(portrait: CameraFrame) -> None:
    both = frame_of(np.hstack([portrait.image, portrait.image]))
    one, other = Eyes(load_engine()).look(both, Detail.FINE, Policy(80)).sightings
    assert one.others == (other.face.box,)
    assert other.others == (one.face.box,)


def test_a_face_is_found_again_where_it_was(portrait: CameraFrame) -> None:
    eyes = Eyes(load_engine())
    (seen,) = eyes.look(portrait, Detail.FINE, Policy(80)).sightings
    look = eyes.look(portrait, Detail.AGAIN, Policy(80), [seen.face.box])
    assert look.detail is Detail.AGAIN
    (again,) = look.sightings
    assert again.face.box.iou(seen.face.box) > 0.8
    assert seen.whole
    assert not again.whole


def test_who_is_not_where_they_were_is_looked_for_everywhere(portrait: CameraFrame) -> None:
    eyes = Eyes(load_engine())
    (seen,) = eyes.look(portrait, Detail.FINE, Policy(80)).sightings
    away = seen.face.box.scale(0.4)
    for places in ([away], [seen.face.box, away], []):
        look = eyes.look(portrait, Detail.AGAIN, Policy(80), places)
        assert look.detail is Detail.FINE
        assert look.sightings[0].whole
        assert look.sightings[0].face.box == seen.face.box


def test_vectors_of_one_person_are_alike_and_of_two_are_not() -> None:
    eyes = Eyes(load_engine())
    vectors = []
    for identity, variation in ((3, 0), (3, 1), (8, 0)):
        look = eyes.look(frame_of(draw(identity, variation)), Detail.FINE, Policy(80))
        vector = eyes.vector(look.sightings[0])
        assert vector is not None
        vectors.append(vector)
    same = np.linalg.norm(vectors[0] - vectors[1])
    other = np.linalg.norm(vectors[0] - vectors[2])
    assert same < other


def test_a_network_that_does_not_run_gives_no_vector_and_stops_nothing(
    portrait: CameraFrame,
) -> None:
    class Broken(FakeEngine):
        def embed(self, image: object, faces: object) -> np.ndarray:
            raise EngineError("The network cannot be loaded.")

    eyes = Eyes(Broken())
    eyes.warm_up()
    (seen,) = eyes.look(portrait, Detail.FINE, Policy(80)).sightings
    assert eyes.vector(seen) is None


def test_warming_up_runs_detector_and_network_once() -> None:
    Eyes(load_engine()).warm_up()


@pytest.mark.parametrize(
    ("shape", "detail", "wanted", "smallest"),
    [
        (VGA, Detail.FINE, 100, 80),
        (VGA, Detail.COARSE, 100, 100),
        (VGA, Detail.FINE, 50, 40),
        (FULL_HD, Detail.FINE, 100, 90),
        (FULL_HD, Detail.COARSE, 100, 180),
        (UHD, Detail.FINE, 100, 180),
    ],
)
def test_the_search_is_no_finer_than_the_picture_and_the_policy_need(
    shape: tuple[int, ...], detail: Detail, wanted: int, smallest: int
) -> None:
    assert search_px(shape, detail, Policy(min_face_px=wanted)) == smallest
