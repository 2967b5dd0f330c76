"""Strokes told from edges by what lies along their outline.

A written stroke has ground of like tone on both sides, and a step in tone along all of its outline.
The band that stands out beside the edge of a door, a frame or a face has its step on one side only,
or another tone on each side.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Mask = NDArray[np.bool_]

# Pixels beside a stroke that are its blurred rim, neither stroke nor ground.
_RIM = 2
# The ground beside a stroke is looked at as far as this share of the line's width, in pixels.
_REACH, _LEAST_REACH, _MOST_REACH = 0.7, 2, 8
# A step is real from this share of the stroke's contrast on.
_REAL = 0.5
# The ground is averaged over so many pixels: noise is no difference of tone.
_EVEN = 5
# Fewer pixels of ground say nothing.
_LEAST_GROUND = 12
# A stroke's own rounding and a neighbour's rim take this much of its outline; what is missing
# beyond counts so many times as much as a difference between the sides.
_USUAL_STEP, _WEIGHT = 0.95, 3.0

MOST_DOUBT_OF_A_LINE = 0.5
"""A line is all that an edge can look like, so a 1 needs a surer outline than other digits.

Of upright lines in pictures of validation people that were taken for a 1, one in 26 has less; of 1s
in drawn scenes three in 25 have more.
"""


@dataclass(frozen=True, slots=True)
class Contour:
    """What a symbol's outline looks like."""

    step: float
    """Share of the ground beside it from which the stroke really stands out, 0..1."""
    sides: float
    """Difference between the grounds on both sides, as a share of the stroke's contrast; infinite
    where there is no ground to compare."""

    @property
    def doubt(self) -> float:
        """How little it looks like a stroke: about 0.1 for one, about 1 for an edge's band."""
        return self.sides + _WEIGHT * max(0.0, _USUAL_STEP - self.step)


PLAIN = Contour(1.0, 0.0)
"""That of a symbol on an even ground."""
_NOTHING = Contour(0.0, float("inf"))


def contour_of(
    level: Grey, strokes: Grey, own: Mask, *, left: int, top: int, line: float, contrast: float
) -> Contour:
    """Look along the outline of a symbol.

    `level` (height, width) is the picture in grey levels, lighter where strokes are; `strokes` is 1
    where any stroke is. `own` (h, w) says where the symbol is, with its corner at (`left`, `top`);
    its lines are `line` pixels wide and stand out by `contrast` grey levels.
    """
    reach = _RIM + int(np.clip(round(_REACH * line), _LEAST_REACH, _MOST_REACH))
    height, width = level.shape
    y, x = max(0, top - reach), max(0, left - reach)
    window = np.s_[
        y : min(height, top + own.shape[0] + reach), x : min(width, left + own.shape[1] + reach)
    ]
    near = np.ascontiguousarray(level[window])
    inked = np.zeros(near.shape, np.uint8)
    inked[top - y : top - y + own.shape[0], left - x : left - x + own.shape[1]] = own
    # The rims of all strokes, other symbols' among them, are no ground.
    rims = cv2.dilate(strokes[window] | inked, _square(_RIM))
    ground = (cv2.dilate(inked, _square(reach)) > rims).astype(np.uint8)
    if int(ground.sum()) < _LEAST_GROUND or contrast <= 0:
        return _NOTHING
    beside = ground.astype(np.bool_)
    stroke = cv2.dilate(near * inked, _square(reach))[beside].astype(np.int16)
    step = float((stroke - near[beside] >= _REAL * contrast).mean())
    return Contour(
        step, _difference(near, inked, ground, reach + int(np.ceil(line / 2))) / contrast
    )


def _difference(near: Grey, inked: Grey, ground: Grey, reach: int) -> float:
    """The median along the symbol of the range of the ground's tones within reach."""
    size = (_EVEN, _EVEN)
    weight = cv2.blur(ground.astype(np.float32), size)
    tone = cv2.blur((near * ground).astype(np.float32), size) / np.maximum(weight, 1e-3)
    tones = np.clip(np.round(tone), 1, 255).astype(np.uint8) * ground
    highest = cv2.dilate(tones, _square(reach))
    lowest = 255 - cv2.dilate((255 - tones) * ground, _square(reach))
    there = (inked > 0) & (highest > 0)
    if not there.any():
        return float("inf")
    return float(np.median(highest[there].astype(np.int16) - lowest[there]))


def _square(reach: int) -> Grey:
    return np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
