"""Training of covers: batches that follow from their seed, and a loss that skips the unknown."""

from pathlib import Path

import numpy as np
import pytest
import torch

from recognition import Engine
from recognition.covers.preprocess import INPUT_PX
from recognition.datasets.covers.occluders import Cover
from recognition.datasets.cut_outs import CutOut
from recognition.keypoints.frame import FaceFrame
from recognition.training.covers.batches import CoverBatches, Example, example_of
from recognition.training.covers.net import CoverNet, cover_loss
from tests.recognition.commands.running import run
from tests.recognition.datasets.hands import draw_hand
from tests.recognition.keypoints.faces import points_in, sketch
from tests.recognition.training.shared_folder import write_faces_and_hands

pytestmark = pytest.mark.slow

FRAME = FaceFrame(160, 120, 90)


def examples(count: int) -> list[Example]:
    """The same face so many times."""
    example = example_of(points_in(FRAME), sketch(FRAME))
    assert example is not None
    return [example] * count


def hands() -> list[CutOut]:
    """One hand."""
    image, mask = draw_hand(4)
    return [CutOut(image, (mask * 255).astype(np.uint8))]


def test_the_box_lies_where_the_detectors_would() -> None:
    (example,) = examples(1)

    assert example.box.width == pytest.approx(90, rel=0.05)
    assert example.roll == pytest.approx(0, abs=2)


def test_a_face_without_extent_or_with_missing_points_is_left_out() -> None:
    nowhere = points_in(FRAME)
    nowhere[3] = np.nan

    assert example_of(np.zeros((68, 2), np.float32), sketch(FRAME)) is None
    assert example_of(nowhere, sketch(FRAME)) is None


def test_the_same_seed_gives_the_same_batches_half_of_them_covered() -> None:
    made = [CoverBatches(examples(24), hands(), tuple(Cover), seed=2) for _ in range(2)]
    one, other = (next(iter(batches.epoch(np.random.default_rng(1)))) for batches in made)

    np.testing.assert_array_equal(one[0], other[0])
    np.testing.assert_array_equal(one[1], other[1])
    assert one[0].shape == (len(one[1]), 1, INPUT_PX, INPUT_PX)
    assert 0.25 < (one[1] == 1).any(axis=1).mean() < 0.75


def test_a_part_of_which_nothing_is_known_pulls_nowhere() -> None:
    outputs = torch.tensor([[1.0, -2.0]], requires_grad=True)

    cover_loss(outputs, torch.tensor([[1.0, float("nan")]])).backward()

    assert outputs.grad is not None
    assert outputs.grad[0, 0] < 0
    assert outputs.grad[0, 1] == 0


def test_the_net_answers_for_both_parts() -> None:
    assert CoverNet(2).eval()(torch.zeros(3, 1, INPUT_PX, INPUT_PX)).shape == (3, 2)


@pytest.mark.timeout(600)
def test_the_command_trains_and_says_what_would_be_refused(
    tmp_path: Path, engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    write_faces_and_hands(tmp_path, engine)
    out = tmp_path / "covers.onnx"

    done = run(capsys, "train", "covers", tmp_path, "--out", out, "--epochs", "1", "--json")

    assert done.status == 0, done.err
    assert out.stat().st_size < 200_000
    assert 0 <= done.json["scores"]["refused of those, nothing drawn"] <= 1


def test_a_variant_that_is_none_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = run(capsys, "train", "covers", tmp_path, "--out", tmp_path / "x.onnx", "--variant", "x")

    assert done.status == 1
    assert "without-mask" in done.err
