"""Folders of labelled pictures: DIR/<label>/<picture>."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from recognition.errors import DatasetError, DecodeError
from recognition.images import decode
from recognition.picture_files import Skipped, list_files, read_picture
from recognition.values import Image


@dataclass(frozen=True, slots=True)
class LabelledFile:
    """A file and what its folder says that it shows."""

    path: Path
    label: str


def labelled_files(folder: Path, labels: Collection[str]) -> tuple[LabelledFile, ...]:
    """All files below DIR/<label>/, sorted.

    Raises DatasetError where DIR holds no such file, or a folder that is none of the labels.
    """
    found = []
    for below in sorted(path for path in folder.iterdir() if not path.name.startswith(".")):
        if not below.is_dir():
            continue
        if below.name not in labels:
            raise DatasetError(
                f"{below} is none of the labels: folders are named {', '.join(sorted(labels))}."
            )
        found += [LabelledFile(path, below.name) for path in list_files(below)]
    if not found:
        raise DatasetError(
            f"{folder} holds no labelled picture: it must hold DIR/<label>/<picture>."
        )
    return tuple(found)


def labelled_pictures(
    files: Collection[LabelledFile], skipped: list[Skipped]
) -> Iterator[tuple[LabelledFile, Image]]:
    """Decode one file after the other; what cannot be decoded is added to `skipped`.

    Raises DatasetError at the end where none could be.
    """
    given = 0
    for one in files:
        try:
            image = decode(read_picture(one.path))
        except (DecodeError, OSError) as error:
            skipped.append(Skipped.because(one.path, error))
            continue
        given += 1
        yield one, image
    if not given:
        why = f" The first: {skipped[0].file}: {skipped[0].reason}" if skipped else ""
        raise DatasetError(f"None of {len(files)} files is a picture that can be used.{why}")
