"""Folders, flat files and archives of digits are read, and what is wrong with them is told."""

from pathlib import Path

import numpy as np
import pytest

from recognition import encode_jpeg
from recognition.datasets.handwritten_digits import DigitPictures
from recognition.errors import DatasetError

PICTURE = encode_jpeg(np.full((40, 30, 3), 200, np.uint8))


def write(path: Path, content: bytes = PICTURE) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def test_folders_name_the_digit(tmp_path: Path) -> None:
    write(tmp_path / "7" / "a.jpg")
    write(tmp_path / "none" / "b.jpg")

    given = list(DigitPictures(tmp_path))

    assert [(one.name, one.digit) for one in given] == [("7/a.jpg", "7"), ("none/b.jpg", None)]


def test_flat_files_name_the_digit(tmp_path: Path) -> None:
    for name in ("1.jpg", "5_blue.jpg", "none-2.jpg"):
        write(tmp_path / name)

    assert [one.digit for one in DigitPictures(tmp_path)] == ["1", "5", None]


def test_archives_like_mnist_are_read(tmp_path: Path) -> None:
    x = np.zeros((2, 28, 28), np.uint8)
    np.savez(tmp_path / "few.npz", x=x, y=np.array([3, 9], np.uint8))

    given = list(DigitPictures(tmp_path / "few.npz"))

    assert [one.digit for one in given] == ["3", "9"]
    assert given[0].image.shape == (28, 28, 3)


def test_a_damaged_picture_is_listed(tmp_path: Path) -> None:
    write(tmp_path / "1.jpg")
    write(tmp_path / "2.jpg", b"no picture")
    pictures = DigitPictures(tmp_path)

    assert len(pictures) == 2
    assert [one.digit for one in pictures] == ["1"]
    assert [Path(one.file).name for one in pictures.skipped] == ["2.jpg"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("12.jpg", "named by no digit"),
        ("ten/a.jpg", "none of the labels"),
        ("1/a.txt", "None of 1 files"),
    ],
)
def test_other_labels_are_refused(tmp_path: Path, name: str, told: str) -> None:
    write(tmp_path / name, PICTURE if name.endswith("jpg") else b"text")

    with pytest.raises(DatasetError, match=told):
        list(DigitPictures(tmp_path))


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no labelled picture"):
        DigitPictures(tmp_path)


@pytest.mark.parametrize(
    ("shape", "labels", "told"),
    [
        ((2, 20, 28), [1, 2], "x is uint8"),
        ((2, 28, 28), [1], "not one label for each"),
        ((2, 28, 28), [1, 12], "the label '12' in y"),
        ((2, 28, 28), [1, -1], "the label '-1' in y"),
    ],
)
def test_archives_of_other_shapes_and_labels_are_refused(
    tmp_path: Path, shape: tuple[int, ...], labels: list[int], told: str
) -> None:
    np.savez(tmp_path / "odd.npz", x=np.zeros(shape, np.uint8), y=np.array(labels))

    with pytest.raises(DatasetError, match=rf"odd\.npz.*{told}"):
        DigitPictures(tmp_path / "odd.npz")
