"""Pictures with the name of whom they show, and the session they were taken in.

A session is one occasion: pictures of one session look alike for reasons other than the face (the
same light, shirt and minute), so comparing them would flatter. Only pairs across sessions count.
"""

import csv
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from recognition.errors import EvaluationError
from recognition.picture_files import Skipped, list_files

# `Adam_Sandler_41` is frame 1 of video 4: the last digit is the frame.
_VIDEO_FRAME = re.compile(r"(?P<name>.+)_(?P<video>\d+)\d")
# Of pictures that are taken and of those that are not, so that these are named.
_ENDINGS = ".jpg .jpeg .jfif .jpe .png .webp .bmp .gif .tif .tiff .heic .heif .avif"
PICTURE_ENDINGS = frozenset(_ENDINGS.split())


@dataclass(frozen=True, slots=True)
class Picture:
    """A file and whom it shows, on which occasion."""

    path: Path
    identity: str
    session: str
    """Unique within the identity."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """Pictures sorted by identity, session and name, and the files that are none of them."""

    pictures: tuple[Picture, ...]
    skipped: tuple[Skipped, ...]


def read_dataset(folder: Path) -> Dataset:
    """Read the names of DIR/<person>/<picture> and DIR/<Name>_<video><frame>.jpg.

    In a person's folder each picture is a session of its own; pictures in a folder below it
    (DIR/<person>/<session>/<picture>) share one. Raises EvaluationError where there is nothing to
    compare.
    """
    if not folder.is_dir():
        raise EvaluationError(f"There is no folder {folder} to evaluate.")
    pictures, skipped = [], []
    for path in list_files(folder):
        if path.is_dir():
            skipped.append(Skipped(str(path), "This folder may not be opened."))
            continue
        if path.suffix.lower() not in PICTURE_ENDINGS:
            continue
        picture = _picture(folder, path)
        if picture is None:
            skipped.append(Skipped(str(path), "its name says no <Name>_<video><frame>"))
        else:
            pictures.append(picture)
    if not pictures:
        raise EvaluationError(
            f"{folder} holds no picture named DIR/<person>/<picture> or "
            "DIR/<Name>_<video><frame>.jpg."
        )
    pictures.sort(key=lambda picture: (picture.identity, picture.session, picture.path.name))
    return Dataset(tuple(pictures), tuple(skipped))


def _picture(folder: Path, path: Path) -> Picture | None:
    person, *below = path.relative_to(folder).parts
    if below:
        session = "/".join(below[:-1]) or below[0]
        return Picture(path, person, session)
    named = _VIDEO_FRAME.fullmatch(path.stem)
    if named is None:
        return None
    return Picture(path, named["name"], named["video"])


def read_labels(path: Path) -> Mapping[str, Mapping[str, str]]:
    """Read a CSV of labels: a first column with people's names, then one column for each trait.

    Returns trait -> name -> group. Raises EvaluationError where that is not what the file holds.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            lines = [row for row in csv.reader(file) if row]
    except (OSError, UnicodeDecodeError, ValueError, csv.Error) as error:
        raise EvaluationError(f"{path} is no CSV of labels that can be read: {error}") from error
    if len(lines) < 2:
        raise EvaluationError(f"{path} needs a line of headings and a line for each person.")
    header, *rows = lines
    if len(header) < 2:
        raise EvaluationError(
            f"{path} needs a column of names and at least one of labels, with commas between."
        )
    for kind, names in (("column", header), ("line", [row[0] for row in rows])):
        name, count = max(Counter(names).items(), key=lambda item: item[1], default=("", 0))
        if count > 1:
            raise EvaluationError(f"{path} has {count} {kind}s of {name!r}: which one counts?")
    short = next((row for row in rows if len(row) != len(header)), None)
    if short is not None:
        raise EvaluationError(f"{path}: the line of {short[0]!r} has not {len(header)} fields.")
    return {
        trait: {row[0]: row[column] for row in rows if row[column]}
        for column, trait in enumerate(header)
        if column
    }
