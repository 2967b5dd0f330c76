"""NumPy archives with the arrays x (pictures) and y (labels)."""

import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognition.errors import DatasetError

Pictures = NDArray[np.uint8]
"""Grey, shape (n, height, width), uint8."""
Labels = NDArray[Any]
"""Shape (n,): text or whole numbers."""

# What NumPy raises for files that are no archive, are cut short, hold objects, or say that they are
# larger than the memory.
_UNREADABLE = (
    *(OSError, ValueError, EOFError, TypeError, AttributeError, NotImplementedError, MemoryError),
    *(zipfile.BadZipFile, zlib.error),
)


def read_npz(path: Path, *, side: int) -> tuple[Pictures, Labels]:
    """Read x uint8 (n, side, side) and y (n,) of text or whole numbers.

    No code in the file is run. Raises DatasetError, which says what is wrong with the file.
    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            if not hasattr(archive, "files") or not {"x", "y"} <= set(archive.files):
                raise DatasetError(f"{path} does not hold the arrays x and y.")
            pictures, labels = archive["x"], archive["y"]
    except _UNREADABLE as error:
        raise DatasetError(f"{path} is no NumPy archive that can be read.") from error
    if pictures.dtype != np.uint8 or pictures.shape[1:] != (side, side):
        raise DatasetError(
            f"{path}: x is {pictures.dtype} {pictures.shape}, not uint8 (n, {side}, {side})."
        )
    if labels.shape != pictures.shape[:1] or labels.dtype.kind not in "Uiu":
        raise DatasetError(
            f"{path}: y is {labels.dtype} {labels.shape}, not one label for each of "
            f"{len(pictures)} pictures."
        )
    if not len(pictures):
        raise DatasetError(f"{path} holds no pictures.")
    return pictures, labels
