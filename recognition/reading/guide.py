"""The guide box: where on the screen a hand or a sheet of paper is to be held."""

import numpy as np

from recognition.arguments import is_number, require_kind, said
from recognition.errors import ArgumentError
from recognition.values import Box, Image

# A square of this share of the shorter side leaves room for the face above and beside it.
_SHARE = 0.7


def guide_box(width: int, height: int) -> Box:
    """The default guide box of a frame of this size: a square in its middle, in whole pixels.

    Raises ArgumentError for a frame without pixels.
    """
    if not (is_number(width) and is_number(height) and width >= 1 and height >= 1):
        given = f"{said(width)} x {said(height)}"
        raise ArgumentError(f"A frame has at least 1 pixel on a side, not {given}.")
    side = max(1, round(_SHARE * min(width, height)))
    left, top = (width - side) // 2, (height - side) // 2
    return Box(left, top, left + side, top + side)


def crop(image: Image, box: Box | None) -> tuple[Image, Box]:
    """The part of a picture in a box, and that part's own box in whole pixels.

    Without a box, or where the box lies outside, it is the whole picture; the part is never empty.
    The part shares its memory with the picture. Raises ArgumentError for what is no box.
    """
    height, width = image.shape[:2]
    whole = Box(0, 0, width, height)
    if box is None:
        return image, whole
    require_kind(box, Box, "The guide")
    inside = box.clip(width, height)
    left, top = int(np.floor(inside.left)), int(np.floor(inside.top))
    right, bottom = int(np.ceil(inside.right)), int(np.ceil(inside.bottom))
    if right <= left or bottom <= top:
        return image, whole
    return image[top:bottom, left:right], Box(left, top, right, bottom)
