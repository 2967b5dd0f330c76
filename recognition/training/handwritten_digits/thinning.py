"""Thin lines out of thick ones: what a finger's width of chalk on a wide board looks like.

Source: T. Zhang, C. Suen, A fast parallel algorithm for thinning digital patterns (1984).
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.handwritten_digits.preprocess import Ink

_MOST_ROUNDS = 12
# A small picture is enlarged so much before its line is drawn anew.
_ENLARGED = 4
_HALF = 0.5
# How far the new line is smoothed, in its pixels, and what such a blur leaves of a line.
_SMOOTH, _LINE = 1.5, 0.27
# Widths of the new line beside a digit of 80 pixels: with what the smoothing adds, 3 to 9 in 100.
_THINNEST, _THICKEST = 1, 6
_BRUSH = np.array([[0.05, 0.35, 0.05], [0.35, 1.0, 0.35], [0.05, 0.35, 0.05]], np.float32)


def thin_lines(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Pictures (n, height, width) of light strokes, redrawn with lines about two pixels wide."""
    drawn = [_drawn(one) for one in _bones(pictures > 127)]
    return np.stack(drawn) if drawn else pictures.copy()


def chalk_line(ink: Ink, random: np.random.Generator) -> Ink:
    """A small picture of a digit, redrawn large with a line as thin as chalk's."""
    large = cv2.resize(ink, None, fx=_ENLARGED, fy=_ENLARGED, interpolation=cv2.INTER_CUBIC)
    (bones,) = _bones((cv2.GaussianBlur(large, (0, 0), 2) > _HALF)[np.newaxis])
    # A hand's line is smoother than the bones of a picture of 28 pixels.
    soft = cv2.GaussianBlur(bones.astype(np.float32), (0, 0), _SMOOTH)
    line = (soft > _HALF * _LINE).astype(np.uint8)
    wide = int(random.integers(_THINNEST, _THICKEST))
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (wide, wide))
    return np.asarray(cv2.GaussianBlur(cv2.dilate(line, brush).astype(np.float32), (3, 3), 0))


def _bones(inked: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Lines a pixel wide in the middle of those of pictures (n, height, width)."""
    bones = np.pad(inked, ((0, 0), (1, 1), (1, 1)))
    for _ in range(_MOST_ROUNDS):
        before = int(bones.sum())
        for step in (0, 1):
            bones &= ~_removable(bones, step)
        if int(bones.sum()) == before:
            break
    return bones[:, 1:-1, 1:-1]


def _removable(bones: NDArray[np.bool_], step: int) -> NDArray[np.bool_]:
    """Border pixels without which the pattern stays in one piece."""
    around = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))
    near = [np.roll(bones, (-down, -across), axis=(1, 2)) for down, across in around]
    count = np.sum(near, axis=0, dtype=np.uint8)
    turns = np.sum([~near[i] & near[(i + 1) % 8] for i in range(8)], axis=0, dtype=np.uint8)
    north, east, south, west = near[0], near[2], near[4], near[6]
    if step == 0:
        open_side = ~(north & east & south) & ~(east & south & west)
    else:
        open_side = ~(north & east & west) & ~(north & south & west)
    return np.asarray(bones & (count >= 2) & (count <= 6) & (turns == 1) & open_side)


def _drawn(bones: NDArray[np.bool_]) -> NDArray[np.uint8]:
    spread = cv2.filter2D(bones.astype(np.float32), -1, _BRUSH, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(np.clip(spread, 0, 1) * 255, np.uint8)
