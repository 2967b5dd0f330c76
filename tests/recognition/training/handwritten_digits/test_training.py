"""The network of handwritten digits is trained by one command, from files that may be wrong."""

from pathlib import Path

import numpy as np
import pytest
import torch

from recognition.errors import DatasetError
from recognition.handwritten_digits.preprocess import line_width, network_input
from recognition.handwritten_digits.reader import HandwrittenDigitReader
from recognition.training.handwritten_digits import drawn, train
from recognition.training.handwritten_digits.augmentation import augment
from recognition.training.handwritten_digits.boards import Surface, draw_scene
from recognition.training.handwritten_digits.camera import any_size, seen_aslant
from recognition.training.handwritten_digits.course import calibrated
from recognition.training.handwritten_digits.mnist import read_mnist
from recognition.training.handwritten_digits.negatives import pictures_of
from recognition.training.handwritten_digits.pool import Group
from recognition.training.handwritten_digits.thinning import chalk_line, thin_lines
from recognition.training.options import TrainingOptions
from recognition.values import Box

# PyTorch alone takes seconds to load.
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder like MNIST's with drawn digits: twelve of each to train, two to test."""
    folder = tmp_path_factory.mktemp("drawn")
    random = np.random.default_rng(0)
    for name, each in (("train", 12), ("test", 2)):
        labels = np.repeat(np.arange(10, dtype=np.uint8), each)
        inputs = [network_input(drawn.digit(int(label), random)) for label in labels]
        pictures = np.round(255 * np.stack(inputs)).astype(np.uint8)
        np.savez(folder / f"{name}.npz", x=pictures, y=labels)
    return folder


def test_no_picture_stands_in_both_parts(data: Path) -> None:
    mnist = read_mnist(data)

    trained = {one.tobytes() for one in mnist.pictures}
    assert len(mnist.labels) == len(mnist.validation_labels) == 60
    assert not trained & {one.tobytes() for one in mnist.validation_pictures}
    assert set(mnist.validation_labels.tolist()) == set(range(10))


def test_a_person_s_pictures_stand_in_one_part(tmp_path: Path) -> None:
    for person in "abcdefghij":
        for picture in range(3):
            (tmp_path / f"{person}_{picture}.jpg").touch()

    parts = [
        {path.stem[0] for path in pictures_of(tmp_path, lambda path: path.stem[0], (part,))}
        for part in range(5)
    ]

    assert [len(part) for part in parts] == [2] * 5
    assert set.union(*parts) == set("abcdefghij")


def test_augmentation_comes_from_its_seed_and_keeps_the_range() -> None:
    pictures = torch.rand(16, 1, 28, 28)

    one, same, other = (
        augment(pictures, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2)
    )

    assert torch.equal(one, same)
    assert not torch.equal(one, other)
    assert one.shape == pictures.shape
    assert 0 <= float(one.min()) <= float(one.max()) <= 1


def test_thinning_leaves_lines_of_about_two_pixels() -> None:
    random = np.random.default_rng(2)
    thick = np.zeros((4, 28, 28), np.uint8)
    thick[:, 4:24, 10:17] = 255
    thick[:, 4:10, 4:24] = 255
    thick += random.integers(0, 9, thick.shape, dtype=np.uint8) * (thick == 0)

    for one in thin_lines(thick):
        assert 0 < line_width((one / 255).astype(np.float32)) < 3.2


def test_a_chalk_line_is_thin_and_still_the_digit() -> None:
    small = network_input(drawn.digit(3, np.random.default_rng(4)))

    large = chalk_line(small, np.random.default_rng(0))

    assert large.shape == (112, 112)
    assert line_width(large) < 0.12 * 80
    assert np.abs(network_input(large) - small).mean() < 0.12


def test_boxes_go_where_a_camera_aslant_sees_the_writing() -> None:
    lit = np.zeros((240, 320, 3), np.float32)
    lit[100:140, 150:200] = 255

    seen, (box,) = seen_aslant(lit, (Box(150, 100, 200, 140),), np.random.default_rng(3), margin=30)

    rows, columns = np.nonzero(seen[:, :, 0] > 127)
    assert seen.shape == (180, 260, 3)
    inked = Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    assert box.iou(inked) > 0.85


def test_pictures_are_of_any_size_and_writing_stays_inside() -> None:
    random = np.random.default_rng(6)
    for _ in range(12):
        size = any_size(random)
        scene = draw_scene([drawn.digit(2, random)], random, size=size)
        assert scene.image.shape == (*size, 3)
        (box,) = scene.boxes
        assert min(box.left, box.top) > -1
        assert box.right < size[1] + 1
        assert box.bottom < size[0] + 1


def test_pictures_in_which_nothing_was_found_count_where_the_threshold_is_chosen() -> None:
    """Ten findings as sure as digits: too many in ten pictures, few enough in two thousand."""
    random = np.random.default_rng(0)
    digits = random.integers(0, 10, 1000)
    labels = np.concatenate([digits, np.full(10, 10)])
    shown = np.concatenate([digits, np.full(10, 1)])
    logits = np.full((len(labels), 11), -4.0, np.float32)
    logits[np.arange(len(labels)), shown] = 4 + random.random(len(labels))
    nothing = np.zeros((0, 28, 28), np.uint8)

    def rejected(looked_at: int) -> float:
        groups = [
            Group("mnist", nothing, digits, len(digits)),
            Group("none", nothing, labels[1000:], looked_at),
        ]
        return calibrated(logits, groups, 0)[1]["validation rejected"]

    assert rejected(10) > 0.5
    assert rejected(2000) == 0


def test_scenes_come_from_their_seed() -> None:
    ink = drawn.digit(4, np.random.default_rng(0))

    one, same = (
        draw_scene([ink], np.random.default_rng(5), surface=Surface.BLACKBOARD) for _ in range(2)
    )

    assert np.array_equal(one.image, same.image)
    assert one.boxes == same.boxes


@pytest.mark.parametrize(
    ("arrays", "told"),
    [
        ({"x": np.zeros((4, 28, 28), np.uint8)}, "x and y"),
        ({"x": np.zeros((4, 20, 20), np.uint8), "y": np.zeros(4, np.uint8)}, "28"),
        ({"x": np.zeros((4, 28, 28), np.uint8), "y": np.full(4, 11)}, "label 11"),
        ({"x": np.zeros((4, 28, 28), np.uint8), "y": np.zeros(4, np.uint8)}, "fewer than two"),
    ],
)
def test_files_that_are_wrong_are_told(
    tmp_path: Path, arrays: dict[str, np.ndarray], told: str
) -> None:
    np.savez(tmp_path / "train.npz", allow_pickle=False, **arrays)

    with pytest.raises(DatasetError, match=told):
        train(tmp_path, tmp_path / "out.onnx", options=TrainingOptions())


def test_a_folder_without_data_is_told(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"neither mnist/train\.npz nor train\.npz"):
        train(tmp_path, tmp_path / "out.onnx", options=TrainingOptions())


def test_a_short_training_gives_a_file_that_reads(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "digits.onnx"

    trained = train(data, out, options=TrainingOptions(epochs=2))

    assert "test accuracy" in trained.scores
    assert out.stat().st_size < 3 * 1024 * 1024
    HandwrittenDigitReader(weights=out).read(np.full((480, 640, 3), 90, np.uint8))
