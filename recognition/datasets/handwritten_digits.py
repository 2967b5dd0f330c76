"""Labelled pictures of handwritten digits: folders, flat files, or an archive like MNIST's."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recognition.datasets.folder import LabelledFile, labelled_files, labelled_pictures
from recognition.datasets.npz import read_npz
from recognition.errors import DatasetError
from recognition.handwritten_digits.classes import DIGITS, NONE
from recognition.picture_files import Skipped, list_files
from recognition.values import Image

_LABELS = (*DIGITS, NONE)
MNIST_SIDE = 28


@dataclass(frozen=True, slots=True, eq=False)
class LabelledDigit:
    """A picture and the digit that it shows."""

    name: str
    image: Image
    """RGB."""
    digit: str | None
    """None where it shows no digit."""


class DigitPictures:
    """The labelled pictures of a folder or an archive, decoded one after the other."""

    def __init__(self, data: Path) -> None:
        """Look at what is there.

        `data` is DIR/<digit>/<picture> with none/ for no digit, a folder of files named by their
        digit (`1.jpg`, `1_blue.jpg`, `none-3.jpg`), or an .npz with x uint8 (n, 28, 28) and y.
        Raises DatasetError.
        """
        self.skipped: list[Skipped] = []
        """Files that could not be decoded, so far."""
        self._files: tuple[LabelledFile, ...] = ()
        self._data = data
        if data.is_dir():
            self._files = _flat_files(data) or labelled_files(data, _LABELS)
            self._length = len(self._files)
        else:
            self._pictures, labels = read_npz(data, side=MNIST_SIDE)
            self._labels = [_in_archive(str(label), data) for label in labels]
            self._length = len(labels)

    def __len__(self) -> int:
        """How many there are, decodable or not."""
        return self._length

    def __iter__(self) -> Iterator[LabelledDigit]:
        """Decode. Raises DatasetError at the end where no file could be decoded."""
        if self._data.is_dir():
            for file, image in labelled_pictures(self._files, self.skipped):
                name = str(file.path.relative_to(self._data))
                yield LabelledDigit(name, image, _digit(file.label))
            return
        for row, (picture, digit) in enumerate(zip(self._pictures, self._labels, strict=True)):
            image = np.repeat(picture[:, :, np.newaxis], 3, axis=2)
            yield LabelledDigit(f"{self._data.name}[{row}]", image, digit)


def _flat_files(folder: Path) -> tuple[LabelledFile, ...]:
    """Files right in the folder, named by their digit; none where it has folders."""
    if any(path.is_dir() and not path.name.startswith(".") for path in folder.iterdir()):
        return ()
    return tuple(LabelledFile(path, _label_of(path)) for path in list_files(folder))


def _label_of(path: Path) -> str:
    """The name up to its first character that is neither a letter nor a digit."""
    end = next((at for at, sign in enumerate(path.stem) if not sign.isalnum()), None)
    label = path.stem[:end]
    if label not in _LABELS:
        raise DatasetError(
            f"{path} is named by no digit: files are named 0 to 9 or none, with anything after a "
            "sign that is no letter, or lie in folders of these names."
        )
    return label


def _in_archive(label: str, archive: Path) -> str | None:
    if label not in _LABELS:
        raise DatasetError(f"{archive}: the label {label!r} in y is none of 0 to 9 and none.")
    return _digit(label)


def _digit(label: str) -> str | None:
    return None if label == NONE else label
