"""Training of the prescreen: frames that follow from their seed, and a loss that pulls rightly."""

from pathlib import Path

import numpy as np
import pytest
import torch

from recognition import Engine, encode_jpeg
from recognition.datasets.cut_outs import CutOut
from recognition.engines.dlib_resnet.detector import HogDetector
from recognition.errors import TrainingError
from recognition.prescreen.preprocess import COPY_SHARE, Grey
from recognition.training.prescreen.batches import PrescreenBatches
from recognition.training.prescreen.labelled import Labelled, draw_labelled
from recognition.training.prescreen.measuring import figures, threshold_of
from recognition.training.prescreen.net import Likeliest, PrescreenLoss, PrescreenNet
from recognition.training.prescreen.scenes import Scenes
from recognition.training.prescreen.sources import Source, drawn_sources, faceless_parts
from recognition.values import Box
from tests.people import PEOPLE, draw
from tests.recognition.commands.running import run
from tests.recognition.datasets.hands import draw_hand
from tests.recognition.training.shared_folder import write_faces_and_hands

pytestmark = pytest.mark.slow

HEIGHT, WIDTH = 192, 256


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> list[Source]:
    """Three drawn people, as a folder of further ones gives them."""
    folder = tmp_path_factory.mktemp("drawn_people")
    for person in PEOPLE[:3]:
        picture = draw(person.identity, face_px=180)
        (folder / f"{person.identity}_0.jpg").write_bytes(encode_jpeg(picture))
    (folder / "broken_0.jpg").write_bytes(b"no picture")
    return list(drawn_sources(folder, HogDetector(prescreened=False)))


def scenes(sources: list[Source], scale: float = 1.0) -> Scenes:
    """Frames of these people, one hand and a plain ground."""
    image, mask = draw_hand(4)
    hand = CutOut(image, (mask * 255).astype(np.uint8))
    ground: Grey = np.random.default_rng(0).integers(90, 130, (128, 128)).astype(np.uint8)
    return Scenes(sources, [ground], [hand], scale=scale)


def test_each_picture_of_a_person_is_a_source(sources: list[Source]) -> None:
    assert [source.person for source in sources] == sorted(
        str(person.identity) for person in PEOPLE[:3]
    )


def test_a_piece_without_a_face_lies_beside_the_head() -> None:
    picture = np.zeros((200, 300), np.uint8)
    picture[60:140, 110:190] = 255

    parts = list(faceless_parts(Source("a", picture, Box(110, 60, 190, 140))))

    assert len(parts) == 2  # above and below there is too little
    assert all(part.size and part.max() == 0 for part in parts)


def test_the_same_seed_gives_the_same_frames_half_of_them_with_a_face(
    sources: list[Source],
) -> None:
    made = [PrescreenBatches(scenes(sources, COPY_SHARE), 64, seed=3) for _ in range(2)]
    one, other = (next(iter(batches.epoch(np.random.default_rng(1)))) for batches in made)

    np.testing.assert_array_equal(one[0], other[0])
    np.testing.assert_array_equal(one[1], other[1])
    assert one[0].shape == (len(one[1]), 1, HEIGHT, WIDTH)
    assert 0.2 < np.isfinite(one[1][:, 0]).mean() < 0.8


def test_the_detectors_word_is_kept_beside_each_frame(sources: list[Source]) -> None:
    labelled = draw_labelled(scenes(sources), 24, seed=(0, 1))

    assert labelled.copies.shape == (len(labelled.places), HEIGHT, WIDTH)
    assert {bool(name) for name in labelled.people[labelled.found]} == {True}
    assert {bool(name) for name in labelled.people[~labelled.found]} == {False}
    widths = labelled.places[labelled.found, 2]
    assert ((widths > 24) & (widths < 160)).all()


def test_the_loss_pulls_up_where_the_face_is_and_down_where_none_is() -> None:
    loss = PrescreenLoss(HEIGHT, WIDTH)
    outputs = torch.zeros(2, 1008, requires_grad=True)

    loss(outputs, torch.tensor([[100.0, 90, 40], [float("nan")] * 3])).backward()

    assert outputs.grad is not None
    pulled = torch.nonzero(outputs.grad[0]).flatten().tolist()
    assert pulled
    for place in pulled:
        row, column = divmod(place, WIDTH // 8)
        assert abs(8 * row - 90) <= 12
        assert abs(8 * column - 100) <= 12
    assert outputs.grad[0].sum() < 0 < outputs.grad[1].sum()


@pytest.mark.parametrize("size", [(192, 256), (72, 100)])
def test_the_likeliest_place_answers_for_a_copy(size: tuple[int, int]) -> None:
    net = PrescreenNet().eval()
    copies = torch.randn(2, 1, *size)

    assert torch.equal(Likeliest(net)(copies)[:, 0], net(copies).amax(dim=1))


def test_the_threshold_lies_below_every_face_and_losses_are_counted() -> None:
    places = np.full((4, 3), np.nan, np.float32)
    places[:3] = [(9, 9, 36), (9, 9, 60), (9, 9, 120)]
    labelled = Labelled(
        np.zeros((4, 8, 8), np.uint8),
        places,
        np.array([False, False, True, False]),
        np.array(["a", "b", "c", ""]),
    )

    assert 0 < threshold_of(labelled, np.array([0.5, 0.2, 0.9, 0.4])) < 0.2
    scores = figures(labelled, np.array([0.5, 0.2, 0.1, 0.4]), 0.3)
    assert scores["lost, 78 to 100 px"] == 0
    assert scores["lost, 125 to 160 px"] == scores["faces, 125 to 160 px"] == 1
    assert scores["faces, 200 to 400 px"] == 0  # the first copy shows this one
    assert scores["searched in vain"] == scores["empty frames"] == 1


def test_faces_too_small_to_be_looked_for_choose_no_threshold() -> None:
    labelled = Labelled(
        np.zeros((1, 8, 8), np.uint8),
        np.array([(9, 9, 28)], np.float32),
        np.array([False]),
        np.array(["a"]),
    )

    with pytest.raises(TrainingError, match="None of the faces"):
        threshold_of(labelled, np.array([0.5]))


@pytest.mark.timeout(600)
def test_the_command_trains_and_says_what_is_lost(
    tmp_path: Path, engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    write_faces_and_hands(tmp_path, engine)
    out = tmp_path / "prescreen.onnx"

    done = run(capsys, "train", "prescreen", tmp_path, "--out", out, "--epochs", "3", "--json")

    assert done.status == 0, done.err
    assert out.stat().st_size < 500_000
    assert 0 < done.json["scores"]["threshold"] < 1
    assert done.json["scores"]["empty frames"] > 0
