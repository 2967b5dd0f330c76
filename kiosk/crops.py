"""Cutting one person out of a frame, so that nobody else is sent."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recognition import Box

HEAD_ROOM = 2.2
"""Side of the crop in face boxes: the whole head with hair and chin, and the air around it that
a detector needs to find the face again."""


def crop_box(face: Box, others: Sequence[Box], width: int, height: int) -> Box:
    """The part of a picture around one face, without the faces of bystanders.

    Where a bystander's box would reach into it, it ends half way between the two boxes, on the
    side on which they are farther apart. Boxes that overlap are left as they are: a face behind a
    face cannot be cut away, and the server refuses two faces of a size.
    """
    x, y = face.center
    reach_x, reach_y = face.width * HEAD_ROOM / 2, face.height * HEAD_ROOM / 2
    left, top, right, bottom = x - reach_x, y - reach_y, x + reach_x, y + reach_y
    for other in others:
        gaps = {
            "left": face.left - other.right,
            "top": face.top - other.bottom,
            "right": other.left - face.right,
            "bottom": other.top - face.bottom,
        }
        side = max(gaps, key=lambda name: gaps[name])
        half = gaps[side] / 2
        if half < 0:
            continue
        if side == "left":
            left = max(left, face.left - half)
        elif side == "top":
            top = max(top, face.top - half)
        elif side == "right":
            right = min(right, face.right + half)
        else:
            bottom = min(bottom, face.bottom + half)
    return Box(left, top, right, bottom).clip(width, height)


def crop(image: NDArray[np.uint8], face: Box, others: Sequence[Box]) -> NDArray[np.uint8]:
    """The pixels of `crop_box`, as a contiguous copy: RGB, shape (h, w, 3), uint8."""
    height, width = image.shape[:2]
    box = crop_box(face, others, width, height)
    rows = slice(int(box.top), max(int(box.top) + 1, round(box.bottom)))
    columns = slice(int(box.left), max(int(box.left) + 1, round(box.right)))
    return image[rows, columns].copy()
