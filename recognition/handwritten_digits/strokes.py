"""Symbols found in a picture: connected strokes, joined where chalk broke, in rows.

Nothing is read here. Specks, lines along the border, frames, fingers and smears are left out by
their shape; what letters, faces and scribbles leave is for the network to refuse.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.handwritten_digits.contour import PLAIN, Contour, contour_of
from recognition.handwritten_digits.crops import ink_of_crop
from recognition.handwritten_digits.ground import Relief, reliefs, working_picture
from recognition.handwritten_digits.preprocess import Ink, line_width
from recognition.handwritten_digits.rows import Row, rows_of
from recognition.handwritten_digits.surroundings import unrest
from recognition.images import require_rgb
from recognition.values import Box, Image

Ints = NDArray[np.int32]
Labels = NDArray[np.uint16]
"""Which component a pixel belongs to; a working picture has fewer than 65,536."""

# Connected parts of the strokes that are looked at, largest first: a page of print has thousands.
_MOST_PARTS = 24
# A symbol's height as a share of the picture's: smaller ones are far away or dirt.
_LEAST_HEIGHT = 0.07
# A fragment is part of a symbol from this share of its height on; smaller ones are chalk dust.
_LEAST_FRAGMENT = 0.12
# Parts above each other are one symbol when the gap is at most this share of the taller.
_MOST_GAP = 0.25
# Parts that touch but for this share of the taller are one symbol, whatever their place.
_TOUCHING = 0.05
# Lines wider than this share of their symbol's height are blobs: fingers, smears, filled shapes.
_WIDEST_LINE = 0.34
# Lines narrower than this share are seams, cables and edges.
_NARROWEST_LINE = 0.008
# No digit is wider than this many times its height.
_WIDEST_SYMBOL = 1.6
# No digit fills more of the picture's height.
_TALLEST = 0.97
# From this doubt on an outline is an edge's: of digits in drawn scenes by writers of validation,
# one in a hundred has as much; of what was taken for a digit in pictures of people, half.
_MOST_DOUBT = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Symbol:
    """Strokes that belong together."""

    box: Box
    """In pixels of the picture."""
    ink: Ink
    """The strokes alone, float32 (height, width) at the size at which they were found."""
    strength: float
    """Grey levels by which they stand out, weighted by size: what a camera is meant to see."""
    contour: Contour
    corner: tuple[int, int] = (0, 0)
    """Left and top of the ink in the picture in which it was found."""
    contrast: float = 0.0
    """Grey levels by which its strokes stand out; their median."""
    unrest: float = 0.0
    """Share of the ground around it on which edges nearly as strong run, 0..1."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Connected strokes: a rectangle, and which labels of the picture's components they are."""

    labels: tuple[int, ...]
    left: int
    top: int
    right: int
    bottom: int
    area: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def extent(self) -> int:
        """The height, or the width of what is wide: what gaps are measured by."""
        return max(self.height, min(self.width, 2 * self.height))


def find_rows(image: Image) -> tuple[Row[Symbol], ...]:
    """Find rows of symbols, light and dark, the strongest row first; each from left to right.

    Takes a whole RGB frame or a crop of any size. Raises ImageShapeError for anything else.
    """
    require_rgb(image)
    crop = ink_of_crop(image)
    if crop is not None:
        whole = Box(0, 0, image.shape[1], image.shape[0])
        return (Row((Symbol(whole, crop, 1.0, PLAIN),), 1.0),)
    grey, scale = working_picture(image)
    rows: list[Row[Symbol]] = []
    for relief in reliefs(grey):
        symbols = [symbol for symbol in _symbols(relief, scale) if symbol is not None]
        rows += [_surveyed(relief, row) for row in rows_of(symbols)]
    return tuple(sorted(rows, key=lambda row: -row.strength))


def _surveyed(relief: Relief, row: Row[Symbol]) -> Row[Symbol]:
    """The row, whose symbols know the ground around them."""
    seen = [
        replace(symbol, unrest=unrest(relief.level, symbol, row.symbols)) for symbol in row.symbols
    ]
    return Row(tuple(seen), row.strength)


def _symbols(relief: Relief, scale: float) -> list[Symbol | None]:
    bridged = cv2.morphologyEx(relief.strokes, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(
        bridged, connectivity=8, ltype=cv2.CV_16U
    )
    parts = _parts(np.asarray(stats, np.int32), relief.strokes.shape[0])
    named = np.asarray(labels, np.uint16)
    return [_symbol(relief, named, part, scale) for part in _joined(parts)]


def _parts(stats: Ints, picture_height: int) -> list[_Part]:
    """The largest components that could be a symbol or a fragment of one."""
    boxes = stats[1:]
    extent = np.maximum(boxes[:, cv2.CC_STAT_WIDTH], boxes[:, cv2.CC_STAT_HEIGHT])
    least = _LEAST_HEIGHT * _LEAST_FRAGMENT * picture_height
    large = np.flatnonzero((extent >= max(least, 3)) & (boxes[:, cv2.CC_STAT_AREA] >= 6))
    largest = large[np.argsort(-extent[large], kind="stable")][:_MOST_PARTS]
    parts = []
    for index in largest:
        left, top, width, height, area = (int(value) for value in boxes[index])
        parts.append(_Part((int(index) + 1,), left, top, left + width, top + height, area))
    return parts


def _joined(parts: list[_Part]) -> list[_Part]:
    """Fragments put together, from the largest part on, until nothing more belongs together."""
    whole: list[_Part] = []
    for part in parts:
        own = part
        while True:
            mate = next((other for other in whole if _belong_together(other, own)), None)
            if mate is None:
                break
            whole.remove(mate)
            own = _union(mate, own)
        whole.append(own)
    return whole


def _belong_together(one: _Part, other: _Part) -> bool:
    across = max(one.left, other.left) - min(one.right, other.right)
    down = max(one.top, other.top) - min(one.bottom, other.bottom)
    extent = max(one.extent, other.extent)
    if max(across, down) > _MOST_GAP * extent:
        return False
    smaller = min(max(one.width, one.height), max(other.width, other.height))
    if smaller < _LEAST_FRAGMENT * extent:
        return across < 0 and down < 0
    if max(across, down) <= _TOUCHING * extent:
        return True
    return -across >= 0.5 * min(one.width, other.width)


def _union(one: _Part, other: _Part) -> _Part:
    return _Part(
        one.labels + other.labels,
        min(one.left, other.left),
        min(one.top, other.top),
        max(one.right, other.right),
        max(one.bottom, other.bottom),
        one.area + other.area,
    )


def _symbol(relief: Relief, labels: Labels, part: _Part, scale: float) -> Symbol | None:
    """The symbol that a part is, or None where its shape is no symbol's."""
    picture_height, picture_width = labels.shape
    if not _LEAST_HEIGHT * picture_height <= part.height <= _TALLEST * picture_height:
        return None
    if part.width > _WIDEST_SYMBOL * part.height:
        return None
    window = labels[part.top : part.bottom, part.left : part.right]
    own = window == part.labels[0]
    for label in part.labels[1:]:
        own |= window == label
    width = line_width(own.astype(np.float32))
    if not _NARROWEST_LINE * part.height <= width <= _WIDEST_LINE * part.height:
        return None
    if _along_the_border(own, part, picture_width, picture_height, width):
        return None
    contrasts = relief.contrast[part.top : part.bottom, part.left : part.right][own]
    contrast = float(np.median(contrasts))
    contour = contour_of(
        relief.level,
        relief.strokes,
        own,
        left=part.left,
        top=part.top,
        line=width,
        contrast=contrast,
    )
    if contour.doubt > _MOST_DOUBT:
        return None
    box = Box(part.left, part.top, part.right, part.bottom).scale(1 / scale)
    ink, corner = _ink(relief, own, part)
    strength = float(contrasts.mean()) * part.height
    return Symbol(box, ink, strength, contour, corner, contrast)


def _ink(relief: Relief, own: NDArray[np.bool_], part: _Part) -> tuple[Ink, tuple[int, int]]:
    """The ink of a part, with a pixel around it where the picture has one, and its left and top."""
    height, width = relief.strokes.shape
    left, top = max(0, part.left - 1), max(0, part.top - 1)
    right, bottom = min(width, part.right + 1), min(height, part.bottom + 1)
    roomy = np.zeros((bottom - top, right - left), np.bool_)
    roomy[
        part.top - top : part.top - top + part.height,
        part.left - left : part.left - left + part.width,
    ] = own
    return relief.ink(left, top, right, bottom, roomy), (left, top)


def _along_the_border(
    own: NDArray[np.bool_], part: _Part, width: int, height: int, line: float
) -> bool:
    """Whether the part runs along the picture's border, or leaves the picture on two sides."""
    sides = (
        (part.top == 0, own[0]),
        (part.left == 0, own[:, 0]),
        (part.bottom == height, own[-1]),
        (part.right == width, own[:, -1]),
    )
    contacts = [int(edge.sum()) for touches, edge in sides if touches]
    return len(contacts) > 1 or any(contact > 2.5 * line for contact in contacts)
