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
from recognition.training.handwritten_digits.mnist import read_mnist
from recognition.training.handwritten_digits.negatives import pictures_of
from recognition.training.handwritten_digits.thinning import thin_lines
from recognition.training.options import TrainingOptions

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
