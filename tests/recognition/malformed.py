"""Malformed pictures without end: valid files of every kind, damaged as a seed says."""

import random
from collections.abc import Iterator

import numpy as np
from PIL import Image as PillowImage

from recognition import Image
from tests.recognition.pictures import animated, huge_png, packed

# Files that lie about their size, or end in their header, are found by changing bytes up there.
_HEADER_BYTES = 64
_INTERESTING = (0, 1, 0x7F, 0x80, 0xFE, 0xFF)


def whole_files(face: Image) -> list[bytes]:
    """Small valid files of every format and colour mode that is taken, and some that are not."""
    picture = PillowImage.fromarray(face)
    small = picture.resize((picture.width // 2, picture.height // 2))
    exif = PillowImage.Exif()
    exif[0x0112] = 6
    deep = PillowImage.fromarray(np.asarray(small.convert("L"), np.uint16) * 257)
    return [
        packed(picture, "JPEG", quality=80),
        packed(small, "JPEG", quality=60, exif=exif),
        packed(small, "JPEG", progressive=True),
        packed(small.convert("CMYK"), "JPEG"),
        packed(small.convert("L"), "JPEG"),
        packed(small, "PNG"),
        packed(small.convert("P"), "PNG", transparency=0),
        packed(small.convert("LA"), "PNG"),
        packed(deep, "PNG"),
        packed(small, "WEBP", quality=60),
        packed(small, "WEBP", lossless=True),
        packed(small.convert("RGBA"), "WEBP", exif=exif.tobytes()),
        packed(small, "GIF"),
        packed(small, "BMP"),
        packed(small, "TIFF"),
        animated("WEBP"),
        animated("PNG"),
        huge_png(3000, 3000),
    ]


def malformed(files: list[bytes], count: int, *, seed: int) -> Iterator[bytes]:
    """Give so many damaged files; the same seed gives the same ones."""
    chance = random.Random(seed)
    for _ in range(count):
        content = bytearray(chance.choice(files))
        for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
            chance.choice(_DAMAGES)(content, chance, files)
        yield bytes(content)


def _place(content: bytearray, chance: random.Random) -> int:
    """Half of the places lie in the header."""
    end = min(len(content), _HEADER_BYTES) if chance.random() < 0.5 else len(content)
    return chance.randrange(max(1, end))


def _change(content: bytearray, chance: random.Random, _: list[bytes]) -> None:
    if content:
        content[_place(content, chance)] = chance.randrange(256)


def _flip(content: bytearray, chance: random.Random, _: list[bytes]) -> None:
    if content:
        content[_place(content, chance)] ^= 1 << chance.randrange(8)


def _set_number(content: bytearray, chance: random.Random, _: list[bytes]) -> None:
    """Sizes and lengths of two and four bytes at their ends."""
    at = _place(content, chance)
    width = chance.choice((2, 4))
    content[at : at + width] = bytes([chance.choice(_INTERESTING)]) * width


def _cut(content: bytearray, chance: random.Random, _: list[bytes]) -> None:
    del content[_place(content, chance) :]


def _take_out(content: bytearray, chance: random.Random, _: list[bytes]) -> None:
    at = _place(content, chance)
    del content[at : at + chance.choice((1, 4, 40, 400))]


def _repeat(content: bytearray, chance: random.Random, _: list[bytes]) -> None:
    at = _place(content, chance)
    content[at:at] = content[at : at + chance.choice((1, 4, 40, 400))]


def _graft(content: bytearray, chance: random.Random, files: list[bytes]) -> None:
    """A piece of another file."""
    other = chance.choice(files)
    start = chance.randrange(len(other))
    at = _place(content, chance)
    piece = other[start : start + chance.choice((8, 64, 1000))]
    content[at : at + len(piece)] = piece


_DAMAGES = (_change, _flip, _set_number, _cut, _take_out, _repeat, _graft)
