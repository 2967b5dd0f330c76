"""What the network for handwritten digits is shown: the one function that makes it.

Training, evaluation and run time all call `network_input`; MNIST's own pictures go through it too.
It keeps MNIST's convention: the longer side of the symbol is brought to 20 pixels, and its centre
of mass to the middle of 28x28. Lines thinner than a pen's are thickened first, since a chalk line
of a hundredth of its digit's height would fade to nothing at that size.

Source: Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, Gradient-based learning applied to document
recognition (1998), for the convention.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Ink = NDArray[np.float32]
"""How much of each pixel is covered by a stroke, float32 (height, width), 0..1."""
NetworkInput = NDArray[np.float32]
"""Float32 (28, 28), 0 (ground) to 1 (stroke)."""

SIDE = 28
"""Pixels on a side of the network's input."""
BODY = 20
"""Pixels of the symbol's longer side in it."""
# The thinnest line that the network is shown, in pixels of its input: a thin one of MNIST's.
_THINNEST = 2.0
# Ink weaker than this share of the strongest is the blur around a stroke.
_FAINT = 0.3
# Larger symbols are made smaller first: no detail of 20 pixels is lost, and thickening is quick.
_LARGEST = 80


def network_input(ink: Ink) -> NetworkInput:
    """Bring one symbol to the network's size, thickness and place.

    `ink` may be of any size from 1x1 on, with any ground around the symbol. Where it has no ink
    the result is empty. Raises ValueError for an array that is not (height, width).
    """
    if ink.ndim != 2 or ink.size == 0:
        raise ValueError(f"Ink must be of shape (height, width), not {ink.shape}.")
    symbol = _cut_out(np.asarray(ink, np.float32))
    if symbol is None:
        return np.zeros((SIDE, SIDE), np.float32)
    symbol = _thickened(_at_most(symbol, _LARGEST))
    return _centred(_resized(symbol, BODY))


def _cut_out(ink: Ink) -> Ink | None:
    """The rectangle that holds all ink, at full strength; None where there is none."""
    strongest = float(ink.max())
    if not strongest > 0:
        return None
    inked = ink > _FAINT * strongest
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    part = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return np.asarray(np.minimum(part / strongest, 1.0), np.float32)


def _at_most(symbol: Ink, side: int) -> Ink:
    """Made smaller where it is larger; hair lines are widened first, or they would fade."""
    shrink = max(symbol.shape) / side
    if shrink <= 1:
        return symbol
    reach = round(shrink)
    if reach > 1 and line_width(symbol) < 2 * shrink:
        symbol = np.asarray(cv2.dilate(symbol, np.ones((reach, reach), np.uint8)), np.float32)
    return _resized(symbol, side)


def _resized(symbol: Ink, side: int) -> Ink:
    """The longer side brought to `side` pixels."""
    height, width = symbol.shape
    scale = side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    if size == (width, height):
        return symbol
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(symbol, size, interpolation=way), np.float32)


def _thickened(symbol: Ink) -> Ink:
    """Lines widened to the thinnest that the network is shown, where they are thinner."""
    missing = _THINNEST * max(symbol.shape) / BODY - line_width(symbol)
    reach = round(missing / 2)
    if reach < 1:
        return symbol
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    roomy = cv2.copyMakeBorder(symbol, reach, reach, reach, reach, cv2.BORDER_CONSTANT, value=0)
    return np.asarray(cv2.dilate(roomy, brush), np.float32)


def line_width(symbol: Ink) -> float:
    """The mean width of lines in pixels: twice their area by the length of their outline.

    Lines of one and two pixels both give 2.
    """
    inked = np.pad((symbol > 0.5).astype(np.uint8), 1)
    area = int(inked.sum())
    if not area:
        return 0.0
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    outline = area - int(cv2.erode(inked, cross).sum())
    return 2 * area / outline


def _centred(symbol: Ink) -> NetworkInput:
    """Put into the middle by its centre of mass, as far as it then still fits."""
    height, width = symbol.shape
    mass = max(float(symbol.sum()), 1e-6)
    down = float(symbol.sum(axis=1) @ np.arange(height)) / mass
    across = float(symbol.sum(axis=0) @ np.arange(width)) / mass
    top = int(np.clip(round(SIDE / 2 - 0.5 - down), 0, SIDE - height))
    left = int(np.clip(round(SIDE / 2 - 0.5 - across), 0, SIDE - width))
    out = np.zeros((SIDE, SIDE), np.float32)
    out[top : top + height, left : left + width] = np.minimum(symbol, 1.0)
    return out
