"""Pictures of signed letters: the data set's archives, Sign-MNIST's CSV, folders of pictures.

Whatever the file, pictures come out as drawings: the function that prepares a camera's frame
prepares them too.
"""

import csv
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognition.datasets.folder import labelled_files, labelled_pictures
from recognition.datasets.npz import read_npz
from recognition.errors import DatasetError
from recognition.picture_files import Skipped
from recognition.sign_letters.classes import CLASSES
from recognition.sign_letters.preprocess import SIDE, Drawing, preprocess, preprocess_grey

_MNIST_SIDE = 28
# A to Y; J moves and is left out.
_MNIST_LABELS = frozenset(range(25)) - {9}
# Mean grey distance of two 16x16 miniatures below which two drawings are of one moment of signing:
# frames that follow each other differ by 4 (median), any two of a letter by 32.
_SAME_MOMENT = 5.6


@dataclass(frozen=True, slots=True, eq=False)
class LetterPictures:
    """Drawings and what they show."""

    drawings: NDArray[np.uint8]
    """(n, 64, 64), dark lines on white."""
    labels: NDArray[np.int64]
    """(n,), places in CLASSES."""
    names: tuple[str, ...]
    """The file of each, or its row."""
    skipped: tuple[Skipped, ...] = field(default=())
    """Files that could not be used."""


def read_letters(path: Path) -> LetterPictures:
    """Read an .npz (x, y), Sign-MNIST's .csv, or a folder DIR/<letter>/<picture>.

    Raises DatasetError, which says the file and what is wrong with it.
    """
    if path.is_dir():
        return _read_folder(path)
    if path.suffix.lower() == ".csv":
        return _read_csv(path)
    drawings, names = read_npz(path, side=SIDE)
    return LetterPictures(drawings, _places(path, names), _rows(len(drawings)))


def groups(pictures: LetterPictures) -> NDArray[np.int64]:
    """Number drawings so that near-duplicates of one letter share a number, (n,).

    The data set is cut from a few video takes, so that neighbours are nearly the same picture. Two
    drawings stand in one group where a chain of near-duplicates leads from one to the other.
    """
    import cv2

    numbers = np.zeros(len(pictures.labels), np.int64)
    count = 0
    for label in np.unique(pictures.labels):
        rows = np.flatnonzero(pictures.labels == label)
        small = [
            cv2.resize(cv2.GaussianBlur(one, (0, 0), 2), (16, 16), interpolation=cv2.INTER_AREA)
            for one in pictures.drawings[rows]
        ]
        own = _chains(np.array(small, np.float32).reshape(len(rows), -1) / np.float32(16))
        numbers[rows] = own + count
        count += int(own.max()) + 1
    return numbers


def _chains(vectors: NDArray[np.float32]) -> NDArray[np.int64]:
    """Connected parts of the graph in which all pairs nearer than `_SAME_MOMENT` are joined."""
    squares = (vectors**2).sum(axis=1)
    near = squares[:, None] + squares - 2 * vectors @ vectors.T < _SAME_MOMENT**2
    numbers = np.full(len(vectors), -1, np.int64)
    count = 0
    for first in range(len(vectors)):
        if numbers[first] >= 0:
            continue
        numbers[first], waiting = count, [first]
        while waiting:
            reached = np.flatnonzero(near[waiting.pop()] & (numbers < 0))
            numbers[reached] = count
            waiting.extend(int(row) for row in reached)
        count += 1
    return numbers


def _read_folder(folder: Path) -> LetterPictures:
    files, skipped = labelled_files(folder, CLASSES), list[Skipped]()
    drawings: list[Drawing] = []
    labels, names = [], []
    for one, image in labelled_pictures(files, skipped):
        drawings.append(preprocess(image))
        labels.append(CLASSES.index(one.label))
        names.append(str(one.path))
    return LetterPictures(
        np.stack(drawings), np.array(labels, np.int64), tuple(names), tuple(skipped)
    )


def _read_csv(path: Path) -> LetterPictures:
    """Sign-MNIST: a head line, then label,pixel1..pixel784; labels are places in the alphabet."""
    values = _numbers(path, 1 + _MNIST_SIDE**2)
    labels, pixels = values[:, 0], values[:, 1:]
    pictures = pixels.astype(np.uint8).reshape(-1, _MNIST_SIDE, _MNIST_SIDE)
    drawings = np.stack([preprocess_grey(one) for one in pictures])
    return LetterPictures(drawings, labels, _rows(len(labels)))


def _numbers(path: Path, columns: int) -> NDArray[np.int64]:
    """Labels and pixels below the head line. Raises DatasetError with the line at fault."""
    rows = []
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            lines = csv.reader(file)
            head = next(lines, [])
            if len(head) != columns or head[0] != "label":
                raise DatasetError(
                    f"{path}: the first line must name label,pixel1..pixel{columns - 1}."
                )
            for number, line in enumerate(lines, 2):
                if not line:  # the end of a file that somebody edited
                    continue
                if len(line) != columns:
                    raise DatasetError(f"{path}, line {number}: {len(line)} values, not {columns}.")
                rows.append(_row(path, number, line))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DatasetError(f"{path} is no CSV that can be read.") from error
    if not rows:
        raise DatasetError(f"{path} holds no pictures.")
    return np.stack(rows)


def _row(path: Path, number: int, line: list[str]) -> NDArray[np.int64]:
    try:
        values = np.array([int(value) for value in line], np.int64)
    except (ValueError, OverflowError) as error:
        raise DatasetError(
            f"{path}, line {number}: a value is missing or is no whole number."
        ) from error
    label, pixels = int(values[0]), values[1:]
    if label not in _MNIST_LABELS:
        raise DatasetError(
            f"{path}, line {number}: the label {label} is none of 0 to 24 without 9 "
            "(A to Y without J)."
        )
    if pixels.min() < 0 or pixels.max() > 255:
        raise DatasetError(f"{path}, line {number}: a pixel is not 0 to 255.")
    return values


def _places(path: Path, names: NDArray[np.str_]) -> NDArray[np.int64]:
    known = {name: place for place, name in enumerate(CLASSES)}
    outside = sorted({str(name) for name in names} - set(CLASSES))
    if outside:
        raise DatasetError(f"{path}: the label {outside[0]!r} is none of A to Z and blank.")
    return np.array([known[str(name)] for name in names], np.int64)


def _rows(count: int) -> tuple[str, ...]:
    return tuple(f"row {row}" for row in range(count))
