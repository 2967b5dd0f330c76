"""Writing told from clutter by the ground around it.

Who writes a digit has paper or a board around it, whose light may change slowly. What is taken for
a digit in a face, a room or a leaf stands amid edges nearly as strong as its own.
"""

from collections.abc import Sequence
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.handwritten_digits.preprocess import Ink

Grey = NDArray[np.uint8]

# How far around a symbol is looked, as a share of its longer side, and in pixels at least.
_AROUND, _LEAST_AROUND = 0.35, 5
# Pixels beside a stroke that are its blurred rim.
_RIM = 2
# Fewer pixels of ground say nothing.
_LEAST_GROUND = 20
# An edge is strong when grey levels change across a pixel by this share of the stroke's contrast.
_STRONG = 1 / 8
# By which a Sobel filter of 3x3 multiplies that change.
_SOBEL = 8


class Drawn(Protocol):
    """Ink with a place in the picture in which it was found."""

    @property
    def ink(self) -> Ink: ...

    @property
    def corner(self) -> tuple[int, int]: ...

    @property
    def contrast(self) -> float: ...


def unrest(level: Grey, symbol: Drawn, row: Sequence[Drawn]) -> float:
    """Share of the ground around a symbol on which strong edges run, 0..1.

    `level` (height, width) is the picture in grey levels; what belongs to the symbols of its own
    `row` is no ground.
    """
    left, top = symbol.corner
    high, wide = symbol.ink.shape
    around = max(_LEAST_AROUND, round(_AROUND * max(high, wide)))
    y, x = max(0, top - around), max(0, left - around)
    near = np.ascontiguousarray(level[y : top + high + around, x : left + wide + around])
    inked = np.zeros(near.shape, np.uint8)
    for one in row:
        _lay(one.ink, (one.corner[0] - x, one.corner[1] - y), inked)
    ground = cv2.dilate(inked, np.ones((2 * _RIM + 1, 2 * _RIM + 1), np.uint8)) == 0
    pixels = int(np.count_nonzero(ground))
    if pixels < _LEAST_GROUND:
        return 0.0
    change = np.maximum(_change(near, 1, 0), _change(near, 0, 1))
    strong = (change > _SOBEL * _STRONG * symbol.contrast) & ground
    return int(np.count_nonzero(strong)) / pixels


def _change(grey: Grey, across: int, down: int) -> Grey:
    """How much grey levels change along one axis, times 8; no more than 255."""
    return np.asarray(cv2.convertScaleAbs(cv2.Sobel(grey, cv2.CV_16S, across, down)), np.uint8)


def _lay(ink: Ink, corner: tuple[int, int], inked: Grey) -> None:
    """Set what lies under the ink to 1, as far as it lies in the window."""
    left, top = corner
    below, right = min(inked.shape[0], top + ink.shape[0]), min(inked.shape[1], left + ink.shape[1])
    y, x = max(0, top), max(0, left)
    if y < below and x < right:
        inked[y:below, x:right] |= ink[y - top : below - top, x - left : right - left] > 0
