"""Faces with labelled points: a table beside a folder of pictures, or the competition's own table.

The first has a file's name and 68 times x, y in pixels. The classic competition's has 30 columns
named `left_eye_center_x` and so on, of which many fields are empty, and 96x96 grey pixels as text
in the last column, `Image`.
"""

import csv
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recognition.errors import DatasetError, DecodeError
from recognition.images import decode
from recognition.keypoints.points import COUNT, FIFTEEN, Points
from recognition.picture_files import Skipped, read_picture
from recognition.values import Face, Image

COMPETITION_PX = 96
_PIXELS = "Image"
# No picture is that large, in pixels.
_FARTHEST = 1e6
# `Adam_Sandler_41` is a picture of Adam_Sandler.
_PERSON = re.compile(r"(?P<person>.+?)_\d+")


@dataclass(frozen=True, slots=True, eq=False)
class LabelledFace:
    """A picture with points on one of its faces."""

    name: str
    """The file's name, or the row of the competition's table."""
    person: str
    points: Points
    """float32 (68, 2) or (15, 2) in pixels; NaN where a point was not labelled."""
    path: Path | None
    """Where the picture lies; None for the competition's, whose pixels are in the table."""
    pixels: Image | None = None
    """RGB, where there is no path."""

    def picture(self) -> Image:
        """The picture, RGB. Raises DecodeError or OSError."""
        if self.path is not None:
            return decode(read_picture(self.path))
        if self.pixels is None:
            raise FileNotFoundError(self.name)
        return self.pixels


def read_labelled_faces(table: Path, images: Path | None) -> tuple[LabelledFace, ...]:
    """Read either table; `images` is the folder of the first kind's pictures.

    Raises DatasetError, with the line, where a field is no number, fields are missing, or the
    header is neither's. A point that was left empty is NaN.
    """
    try:
        with table.open(newline="", encoding="utf-8-sig") as file:
            rows = [row for row in csv.reader(file) if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DatasetError(f"{table} is no table that can be read: {error}") from error
    if len(rows) < 2:
        raise DatasetError(f"{table} holds no labelled face.")
    header, *lines = rows
    if _PIXELS in header:
        return tuple(_competition_faces(table, header, lines))
    if len(header) != 1 + 2 * COUNT:
        raise DatasetError(
            f"{table} has {len(header)} columns; a file's name and {2 * COUNT} coordinates make "
            f"{1 + 2 * COUNT}."
        )
    if images is None:
        raise DatasetError(f"{table} names pictures: say which folder they are in.")
    return tuple(_file_faces(table, images, lines))


def pictures_of(
    faces: Sequence[LabelledFace], skipped: list[Skipped]
) -> Iterator[tuple[LabelledFace, Image]]:
    """Each face with its picture; what cannot be decoded is added to `skipped`.

    Raises DatasetError at the end where no picture could be.
    """
    given = 0
    for face in faces:
        if not np.isfinite(face.points).any():
            skipped.append(Skipped(face.name, "none of its points is labelled"))
            continue
        try:
            image = face.picture()
        except FileNotFoundError:
            skipped.append(Skipped(face.name, "the table names it, but it is not in the folder"))
            continue
        except (DecodeError, OSError, ValueError) as error:  # a name can be no path at all
            skipped.append(Skipped(face.name, str(error)))
            continue
        given += 1
        yield face, image
    if not given:
        why = f" The first: {skipped[0].file}: {skipped[0].reason}" if skipped else ""
        raise DatasetError(f"None of {len(faces)} labelled pictures can be used.{why}")


def _file_faces(table: Path, images: Path, lines: list[list[str]]) -> Iterator[LabelledFace]:
    for number, line in enumerate(lines, start=2):
        _check_length(table, number, line, 1 + 2 * COUNT)
        named = _PERSON.fullmatch(Path(line[0]).stem)
        yield LabelledFace(
            name=line[0],
            person=named["person"] if named else Path(line[0]).stem,
            points=_points(table, number, line[1:]),
            path=images / line[0],
        )


def _competition_faces(
    table: Path, header: list[str], lines: list[list[str]]
) -> Iterator[LabelledFace]:
    wanted = [f"{name}_{axis}" for name in FIFTEEN for axis in "xy"]
    missing = [name for name in wanted if name not in header]
    if missing:
        raise DatasetError(f"{table} has pixels, but no column {missing[0]}.")
    columns = [header.index(name) for name in wanted]
    for number, line in enumerate(lines, start=2):
        _check_length(table, number, line, len(header))
        yield LabelledFace(
            name=f"line {number}",
            person=f"line {number}",
            points=_points(table, number, [line[column] for column in columns]),
            path=None,
            pixels=_pixels(table, number, line[header.index(_PIXELS)]),
        )


def _check_length(table: Path, number: int, line: list[str], length: int) -> None:
    if len(line) != length:
        raise DatasetError(f"{table}, line {number}: {len(line)} fields, not {length}.")


def _points(table: Path, number: int, fields: Sequence[str]) -> Points:
    values = [_coordinate(table, number, field) for field in fields]
    points = np.array(values, np.float32).reshape(-1, 2)
    points[np.isnan(points).any(axis=1)] = np.nan
    return points


def _coordinate(table: Path, number: int, field: str) -> float:
    if not field.strip():
        return math.nan
    try:
        value = float(field)
    except ValueError:
        value = math.inf
    if abs(value) > _FARTHEST:
        raise DatasetError(f"{table}, line {number}: {field!r} is no coordinate.")
    return value


def _pixels(table: Path, number: int, field: str) -> Image:
    wrong = f"{table}, line {number}: {_PIXELS} must be {COMPETITION_PX}x{COMPETITION_PX} numbers"
    try:
        values = np.array(field.split(), np.int64)
    except (ValueError, OverflowError) as error:
        raise DatasetError(f"{wrong}.") from error
    if values.size != COMPETITION_PX**2:
        raise DatasetError(f"{wrong}, not {values.size}.")
    if values.min() < 0 or values.max() > 255:
        raise DatasetError(f"{wrong} from 0 to 255.")
    grey = values.astype(np.uint8).reshape(COMPETITION_PX, COMPETITION_PX)
    return np.repeat(grey[:, :, np.newaxis], 3, axis=2)


def face_with(faces: Sequence[Face], points: Points) -> Face | None:
    """The largest face whose box holds the middle of the labelled points; None where none does."""
    x, y = (np.nanmin(points, axis=0) + np.nanmax(points, axis=0)) / 2
    around = (
        face
        for face in faces
        if face.box.left <= x <= face.box.right and face.box.top <= y <= face.box.bottom
    )
    return max(around, key=lambda face: face.box.width, default=None)
