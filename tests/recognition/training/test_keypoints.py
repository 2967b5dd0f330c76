"""Training of the 68 points: crops and targets that fit, a loss that means it, a file that runs."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from recognition import Engine
from recognition.datasets.keypoints import LabelledFace
from recognition.errors import TrainingError
from recognition.keypoints.frame import FaceFrame
from recognition.keypoints.points import COUNT, FIFTEEN, fifteen
from recognition.keypoints.predictor import load_keypoint_predictor
from recognition.keypoints.preprocess import INPUT_PX, to_grey
from recognition.training.keypoints import examples_of, read_folder
from recognition.training.keypoints_augmentation import changed
from recognition.training.keypoints_batches import (
    TARGETS,
    Example,
    KeypointBatches,
    crop_and_target,
    example_of,
    mirrored_points,
    no_face_target,
    target_of,
)
from recognition.training.keypoints_loss import keypoint_loss
from recognition.training.keypoints_net import KeypointNet
from tests.people import PEOPLE, draw
from tests.recognition.commands.running import run
from tests.recognition.keypoints.faces import points_in, sketch
from tests.recognition.keypoints.labelled import write_drawn

# PyTorch alone takes seconds to load.
pytestmark = pytest.mark.slow

FRAME = FaceFrame(160, 120, 90)


def example() -> Example:
    face = LabelledFace("a", "a", points_in(FRAME), None, sketch(FRAME))
    return Example(face, to_grey(sketch(FRAME)), FRAME, FRAME)


def test_what_is_drawn_at_a_point_stays_at_its_target() -> None:
    grey = np.full((INPUT_PX, INPUT_PX), 60, np.uint8)
    points = np.zeros((COUNT, 2), np.float32)
    points[:] = (30, 40)
    grey[39:42, 29:32] = 250
    for seed in range(40):
        crop, moved = changed(grey, points, np.random.default_rng(seed), [grey])
        around = crop[24:56, 14:46].astype(float)
        light = np.clip(around - np.quantile(around, 0.97), 0, None)
        if light.sum() < 200 or np.ptp(moved, axis=0).max() > 1e-3:
            continue
        rows, columns = np.mgrid[24:56, 14:46]
        seen = (columns * light).sum() / light.sum(), (rows * light).sum() / light.sum()
        assert np.hypot(*(moved[0] - seen)) < 4, seed


def test_the_same_seed_gives_the_same_batches() -> None:
    batches = KeypointBatches([example()] * 20)

    one, other = (next(iter(batches.epoch(np.random.default_rng(5)))) for _ in range(2))

    np.testing.assert_array_equal(one[0], other[0])
    np.testing.assert_array_equal(one[1], other[1])
    assert one[0].shape[1:] == (1, INPUT_PX, INPUT_PX)
    assert one[1].shape == (len(one[0]), TARGETS, 3)


def test_some_of_a_batch_show_no_face_and_hold_no_point() -> None:
    _, targets = next(iter(KeypointBatches([example()] * 80).epoch(np.random.default_rng(1))))

    blank = targets[:, -1, 0] == 0
    assert 0 < blank.mean() < 0.2
    assert targets[blank][:, :-1, 2].max() == 0
    assert targets[~blank][:, :COUNT, 2].min() == 1


def test_the_mirrored_15_are_the_15_of_the_mirrored_68() -> None:
    points = points_in(FaceFrame(50, 40, 60, 10))

    np.testing.assert_allclose(
        mirrored_points(fifteen(points), 96), fifteen(mirrored_points(points, 96)), atol=1e-3
    )


def outputs_of(points: np.ndarray, face: float = 8.0) -> torch.Tensor:
    values = np.concatenate([points.ravel(), np.full(COUNT, 2.0), [face]])
    return torch.tensor(values[np.newaxis], dtype=torch.float32, requires_grad=True)


def test_the_loss_is_smallest_at_the_labels_and_grows_with_the_distance() -> None:
    points = points_in(FaceFrame(47, 42, 64))
    target = torch.from_numpy(target_of(points)[np.newaxis])

    losses = [keypoint_loss(outputs_of(points + off), target).item() for off in (0, 1, 4)]

    assert losses[0] < 0.01
    assert losses[0] < losses[1] < losses[2]


def test_points_without_label_pull_nowhere() -> None:
    labelled = fifteen(points_in(FaceFrame(47, 42, 64)))
    labelled[6] = np.nan  # an end of a brow, which is point 22 alone
    outputs = outputs_of(points_in(FaceFrame(47, 42, 60)))

    keypoint_loss(outputs, torch.from_numpy(target_of(labelled)[np.newaxis])).backward()

    assert outputs.grad is not None
    pull = outputs.grad[0, : 2 * COUNT].reshape(COUNT, 2).abs().sum(dim=1)
    assert torch.isfinite(outputs.grad).all()
    assert pull[22] == 0
    assert pull[8] == 0  # the chin is none of the 15
    assert pull[45] > 0


def test_a_picture_without_a_face_teaches_only_that() -> None:
    outputs = outputs_of(points_in(FaceFrame(47, 42, 60)), face=0.0)

    keypoint_loss(outputs, torch.from_numpy(no_face_target()[np.newaxis])).backward()

    assert outputs.grad is not None
    assert outputs.grad[0, : 2 * COUNT].abs().max() == 0
    assert outputs.grad[0, -1] > 0


def test_the_net_gives_points_spreads_and_a_face() -> None:
    given = KeypointNet().eval()(torch.zeros(2, 1, INPUT_PX, INPUT_PX))

    assert given.shape == (2, 3 * COUNT + 1)
    assert given[:, : 2 * COUNT].min() >= 0
    assert given[:, : 2 * COUNT].max() <= INPUT_PX - 1


def test_a_crop_follows_its_frame_wherever_it_is_moved() -> None:
    for seed in range(10):
        _, target = crop_and_target(
            example(), np.random.default_rng(seed), [to_grey(sketch(FRAME))]
        )
        inside = (target[:COUNT, :2] > -10) & (target[:COUNT, :2] < INPUT_PX + 10)
        assert inside.mean() > 0.9


def test_a_face_of_the_competition_is_trained_on_by_the_points_it_has() -> None:
    points = fifteen(points_in(FRAME))
    points[[6, 9]] = np.nan
    face = LabelledFace("line 2", "line 2", points, None, sketch(FRAME))
    made = example_of(face, to_grey(sketch(FRAME)), None)
    assert made is not None

    crop, target = crop_and_target(made, np.random.default_rng(2), [made.grey])

    assert crop.shape == (INPUT_PX, INPUT_PX)
    assert made.labelled.side == pytest.approx(FRAME.side, rel=0.02)
    assert target[:COUNT, 2].sum() == 0
    assert target[COUNT:-1, 2].sum() == 13
    assert np.isfinite(target).all()


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="holds no table"):
        read_folder(tmp_path)


def test_examples_carry_the_detectors_frame(tmp_path: Path, engine: Engine) -> None:
    table = write_drawn(tmp_path, engine, people=1, pictures=1)

    (one,) = examples_of(read_folder(table), engine)

    assert one.detected is not None
    assert one.labelled.side == pytest.approx(one.detected.side, rel=0.02)


def test_the_command_trains_and_its_file_is_evaluated(
    tmp_path: Path, engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    table = write_drawn(tmp_path, engine, people=14, pictures=2)
    out = tmp_path / "made.onnx"

    done = run(capsys, "train", "keypoints", tmp_path, "--out", out, "--epochs", 1, "--json")

    assert done.status == 0, done.err
    assert set(json.loads(done.out)) == {"kind", "out", "bytes", "seconds", "scores"}
    assert out.stat().st_size < 3 * 1024 * 1024
    assert 0.1 < load_keypoint_predictor(path=out).threshold < 1
    measured = run(
        capsys, "evaluate", "keypoints", table, tmp_path / "drawn", "--weights", out, "--json"
    )
    assert measured.status == 0, measured.err
    assert measured.json["n"] == len(table.read_text().splitlines()) - 1


def test_the_command_trains_on_the_competitions_table_with_its_missing_points(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every second face has eyes and nose alone, as most of the competition's have."""
    columns = [f"{name}_{axis}" for name in FIFTEEN for axis in "xy"]
    lines = [",".join([*columns, "Image"])]
    for number in range(40):
        image = draw(PEOPLE[number % 12].identity, number, size=(96, 96), face_px=70)
        points = fifteen(points_in(FaceFrame(48, 48, 70))).round(2).ravel().astype(str)
        if number % 2:
            points[4:20] = ""
        lines.append(",".join([*points, " ".join(map(str, to_grey(image).ravel()))]))
    table, out = tmp_path / "training.csv", tmp_path / "made.onnx"
    table.write_text("\n".join(lines) + "\n")

    done = run(capsys, "train", "keypoints", table, "--out", out, "--epochs", 1, "--json")

    assert done.status == 0, done.err
    assert "nan" not in done.err
    assert 0 < done.json["scores"]["RMSE of 15 points at 96 px"] < 96
