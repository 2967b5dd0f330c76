"""Files of pictures: which there are in a folder, and reading one without trusting its size."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from recognition.errors import DecodeError
from recognition.images import DEFAULT_LIMITS, DecodeLimits


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that gave nothing, and why."""

    file: str
    reason: str

    @classmethod
    def because(cls, path: Path, error: Exception) -> Self:
        """Say of a file what an error says, in a sentence for a person."""
        text = str(error)
        if isinstance(error, OSError):
            text = f"It cannot be read: {error.strerror or error}."
        return cls(str(path), text)


def read_picture(path: Path, *, limits: DecodeLimits = DEFAULT_LIMITS) -> bytes:
    """Read the file of a picture, never more of it than a picture may have.

    Raises DecodeError for a file that is too large to be one, or for what is no file at all (a
    pipe would keep the reader waiting for ever), and OSError.
    """
    about = path.stat()
    if stat.S_ISDIR(about.st_mode):
        os.scandir(path).close()  # says why a folder that is listed as a file cannot be opened
    if not stat.S_ISREG(about.st_mode):
        raise DecodeError("not_an_image", "This is no file: a folder, a pipe or a device.")
    with path.open("rb") as file:
        content = file.read(limits.max_bytes + 1)
    if len(content) > limits.max_bytes:
        raise DecodeError(
            "too_many_bytes",
            f"This file has {max(about.st_size, len(content)):,} bytes; at most "
            f"{limits.max_bytes:,} are taken.",
        )
    return content


def list_files(folder: Path) -> list[Path]:
    """All files in a folder and the folders in it, sorted; hidden ones are left out.

    Links to folders are followed, but for those that lead back to where they stand. A link that
    leads nowhere, a pipe, and a folder that may not be opened are listed as well: whoever reads
    them meets the error, and can name it.
    """
    found: list[Path] = []
    shut: list[Path] = []

    def keep(error: OSError) -> None:
        shut.append(Path(error.filename))

    for at, folders, names in os.walk(folder, onerror=keep, followlinks=True):
        here = Path(at)
        folders[:] = [
            name
            for name in folders
            if not name.startswith(".") and not _leads_back(here / name, folder)
        ]
        found += [here / name for name in names if not name.startswith(".")]
    return sorted(found + shut)


def _leads_back(path: Path, root: Path) -> bool:
    """Whether this is a link to one of the folders that lead to it from `root`."""
    if not path.is_symlink():
        return False
    real = os.path.realpath(path)
    above = (one for one in path.parents if one == root or root in one.parents)
    return any(os.path.realpath(one) == real for one in above)
