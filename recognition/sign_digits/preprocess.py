"""From a picture to what the network takes; training, evaluation and run time all come by here."""

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.images import require_rgb
from recognition.reading.guide import crop, guide_box
from recognition.values import Box, Image

SIDE = 80
"""Height and width of the network's input, in pixels."""
NAME = "sign-digits"
VERSION = "1"
"""Raised with every change to this file, to the classes, or to what the output means."""
NONE = "none"
DIGITS = tuple("0123456789")
CLASSES = (*DIGITS, NONE)
INPUT = (SIDE, SIDE, 3)

# A picture this wide, and this much wider than high, is a camera's frame and no crop of a hand.
_FRAME_WIDTH_PX = 320
_FRAME_ASPECT = 1.25


def place_of_hand(image: Image, guide: Box | None) -> Box | None:
    """Where to look: the given box, the default guide box of a camera's frame, or everywhere."""
    height, width = image.shape[:2]
    if guide is None and width >= _FRAME_WIDTH_PX and width >= _FRAME_ASPECT * height:
        return guide_box(width, height)
    return guide


def prepare(image: Image, box: Box | None = None) -> NDArray[np.float32]:
    """The part of an RGB picture in a box, or all of it, as float32 (3, SIDE, SIDE) of -1..1.

    A part that is no square is filled up to one with its own edge, so that a hand keeps its shape.
    Raises ImageShapeError for an array that is no RGB picture.
    """
    require_rgb(image)
    part, _ = crop(image, box)
    small = _square(_shrunk(part))
    scaled = small.astype(np.float32) * np.float32(2 / 255) - np.float32(1)
    return np.ascontiguousarray(scaled.transpose(2, 0, 1))


def prepare_all(images: list[Image]) -> NDArray[np.float32]:
    """Several pictures, float32 (n, 3, SIDE, SIDE)."""
    out = np.empty((len(images), 3, SIDE, SIDE), np.float32)
    for row, image in enumerate(images):
        out[row] = prepare(image)
    return out


def _shrunk(part: Image) -> Image:
    """The longer side brought to SIDE; averaged when it gets smaller, so that no finger is lost."""
    height, width = part.shape[:2]
    scale = SIDE / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    if size == (width, height):
        return part
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(np.ascontiguousarray(part), size, interpolation=way), np.uint8)


def _square(part: Image) -> Image:
    height, width = part.shape[:2]
    down, across = SIDE - height, SIDE - width
    if not down and not across:
        return part
    edges = (down // 2, down - down // 2, across // 2, across - across // 2)
    return np.asarray(cv2.copyMakeBorder(part, *edges, cv2.BORDER_REPLICATE), np.uint8)
