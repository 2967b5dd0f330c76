"""Training, evaluation and run time prepare a face in the same way: these fail when they part."""

from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray

from recognition import Engine
from recognition.datasets.keypoints import LabelledFace
from recognition.evaluation.keypoints import answer_all
from recognition.keypoints.frame import FaceFrame, frame_of_face
from recognition.keypoints.predictor import KeypointPredictor
from recognition.keypoints.preprocess import INPUT_PX, as_batch, to_grey
from recognition.networks.metadata import NetworkMetadata
from recognition.networks.network import SmallNetwork
from recognition.training import keypoints_batches
from recognition.values import Image
from tests.people import PEOPLE, draw
from tests.recognition.keypoints.faces import points_in

pytest.importorskip("torch", reason="training needs PyTorch: pip install torch==2.13.0")


class Recorder:
    """Stands where a network stands, keeps what it is given, and sees a face a little aside."""

    metadata = NetworkMetadata("keypoints", "1", (), (INPUT_PX, INPUT_PX, 1))

    def __init__(self) -> None:
        self.given: list[NDArray[np.float32]] = []

    def run(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        self.given.append(batch)
        outputs = np.zeros((len(batch), 205), np.float32)
        outputs[:, :136] = points_in(FaceFrame(52, 44, 58, 4)).ravel()
        outputs[:, 204] = 9
        return outputs


class Unmoved:
    """A generator under which training changes nothing."""

    def random(self) -> float:
        return 0.99

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"training asked for {name}")


@pytest.fixture
def picture() -> Image:
    return draw(PEOPLE[0].identity, 2, size=(240, 320), face_px=110)


def as_trained(
    picture: Image, frame: FaceFrame, monkeypatch: pytest.MonkeyPatch
) -> NDArray[np.float32]:
    """What training would show the net of this frame, if it changed nothing."""
    monkeypatch.setattr(keypoints_batches, "jittered", lambda frame, random, detected: frame)
    monkeypatch.setattr(
        keypoints_batches, "changed", lambda crop, points, random, others: (crop, points)
    )
    face = LabelledFace("a", "a", points_in(frame), None, picture)
    example = keypoints_batches.Example(face, to_grey(picture), None, frame)
    crop, _ = keypoints_batches.crop_and_target(
        example, cast(np.random.Generator, Unmoved()), [to_grey(picture)]
    )
    return as_batch(crop[np.newaxis])


@pytest.mark.parametrize("frame", [FaceFrame(160, 120, 110, 8), FaceFrame(150, 130, 240, -20)])
def test_run_time_shows_what_training_shows(
    picture: Image, frame: FaceFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = Recorder()
    predictor = KeypointPredictor(cast(SmallNetwork, network))

    predictor.predict_frames(to_grey(picture), [frame], passes=1)

    np.testing.assert_array_equal(network.given[0][:1], as_trained(picture, frame, monkeypatch))


def test_evaluation_shows_what_training_shows(
    picture: Image, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    face = LabelledFace("a", "a", points_in(FaceFrame(160, 120, 110)), None, picture)
    network = Recorder()

    (answer,) = answer_all(
        [face],
        engine=engine,
        predictor=KeypointPredictor(cast(SmallNetwork, network)),
        min_face=40,
        skipped=[],
    )

    assert answer.detected is not None
    expected = as_trained(picture, frame_of_face(answer.detected), monkeypatch)
    np.testing.assert_array_equal(network.given[0][:1], expected)


def test_the_second_pass_looks_where_the_first_has_seen_the_face(picture: Image) -> None:
    network = Recorder()
    predictor = KeypointPredictor(cast(SmallNetwork, network))

    (placed,) = predictor.predict_frames(to_grey(picture), [FaceFrame(150, 120, 100, 5)], passes=2)

    assert len(network.given) == 2
    assert np.abs(network.given[0] - network.given[1]).max() > 0
    assert placed.accepted
