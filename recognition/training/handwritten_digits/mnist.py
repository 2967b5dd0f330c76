"""MNIST, divided into what is trained on, what is chosen by, and what is measured on."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognition.datasets.npz import read_npz
from recognition.errors import DatasetError

Pictures = NDArray[np.uint8]
"""Light strokes on black, uint8 (n, 28, 28)."""
Labels = NDArray[np.int64]

# The last of each digit in the file's order, which keeps a writer's digits near one another.
_VALIDATION_PER_DIGIT = 500
_SIDE = 28


@dataclass(frozen=True, slots=True, eq=False)
class Mnist:
    """Pictures and digits, by use."""

    pictures: Pictures
    labels: Labels
    validation_pictures: Pictures
    validation_labels: Labels


def mnist_folder(data: Path) -> Path:
    """DATA/mnist, or DATA itself. Raises DatasetError where neither holds train.npz."""
    for folder in (data / "mnist", data):
        if (folder / "train.npz").is_file():
            return folder
    raise DatasetError(f"{data} holds neither mnist/train.npz nor train.npz.")


def read_mnist(folder: Path) -> Mnist:
    """Read and divide the training part. Raises DatasetError."""
    pictures, labels = read_digits(folder / "train.npz")
    aside = np.zeros(len(labels), np.bool_)
    for digit in range(10):
        own = np.flatnonzero(labels == digit)
        if len(own) < 2:
            raise DatasetError(f"{folder / 'train.npz'} holds fewer than two pictures of {digit}.")
        aside[own[-min(_VALIDATION_PER_DIGIT, len(own) // 2) :]] = True
    return Mnist(pictures[~aside], labels[~aside], pictures[aside], labels[aside])


def read_digits(file: Path) -> tuple[Pictures, Labels]:
    """Pictures and digits of one file. Raises DatasetError for labels other than 0 to 9."""
    pictures, labels = read_npz(file, side=_SIDE)
    if labels.dtype.kind == "U":
        wrong = [text for text in np.unique(labels) if text not in tuple("0123456789")]
    else:
        wrong = [str(value) for value in np.unique(labels) if not 0 <= value <= 9]
    if wrong:
        raise DatasetError(f"{file} holds the label {wrong[0]}; digits are 0 to 9.")
    return pictures, labels.astype(np.int64)
