"""Photographs without a sign in them: what stands behind a hand, and what is no hand."""

import zlib
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from recognition.datasets.sign_digits import Part
from recognition.errors import DecodeError
from recognition.images import decode
from recognition.values import Image

GROUND_PX = 128
"""Height and width of a ground."""
# Below DATA: faces and people as they stand before a door, and single photographs.
_FOLDERS = ("faces/training", "faces/test", "people", "photos")
_ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".webp"})
# Grounds that are cut of a picture: one for each so many pixels, within bounds.
_PIXELS_A_GROUND = 40_000
_FEWEST, _MOST = 2, 30
_SMALLEST_SHARE = 0.3


def part_of_person(person: str) -> Part:
    """Whom a photograph shows decides what it is used for; a fifth is held out."""
    tenth = zlib.crc32(person.encode()) % 10
    if tenth >= 8:
        return Part.TEST
    return Part.VALIDATION if tenth == 7 else Part.TRAIN


def photographed_grounds(data: Path, part: Part, *, seed: int = 0) -> list[Image]:
    """Squares of the photographs below DATA that serve this part, GROUND_PX on a side.

    Empty where DATA holds no photographs.
    """
    grounds = []
    for path in _photographs(data):
        if part_of_person(_person(path)) is not part:
            continue
        try:
            image = decode(path.read_bytes())
        except (DecodeError, OSError):
            continue  # odd picture modes lie among the photographs on purpose
        random = np.random.default_rng((seed, zlib.crc32(path.name.encode())))
        grounds += list(_squares(image, random))
    return grounds


def _photographs(data: Path) -> Iterator[Path]:
    for folder in _FOLDERS:
        yield from sorted(
            path for path in (data / folder).rglob("*") if path.suffix.lower() in _ENDINGS
        )


def _person(path: Path) -> str:
    """`Adam_Sandler_41.jpg` shows Adam_Sandler; a person's own folder, the folder's name."""
    name, _, number = path.stem.rpartition("_")
    if name and number.isdecimal():
        return name
    return path.stem.rstrip("0123456789")


def _squares(image: Image, random: np.random.Generator) -> Iterator[Image]:
    height, width = image.shape[:2]
    shorter = min(height, width)
    for _ in range(int(np.clip(height * width // _PIXELS_A_GROUND, _FEWEST, _MOST))):
        side = max(8, int(shorter * random.uniform(_SMALLEST_SHARE, 1)))
        side = min(side, shorter)
        top, left = random.integers(height - side + 1), random.integers(width - side + 1)
        part = image[top : top + side, left : left + side]
        way = cv2.INTER_AREA if side > GROUND_PX else cv2.INTER_LINEAR
        yield np.asarray(cv2.resize(part, (GROUND_PX, GROUND_PX), interpolation=way), np.uint8)
