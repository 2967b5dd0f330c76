"""Strokes told from the ground they are written on, whatever the light.

A stroke is narrow: an opening (for light strokes) or a closing (for dark ones) with a square wider
than any stroke leaves the ground alone, with its gradients, shadows and vignette. What stands out
from that ground is compared with what stands out most nearby, so that a strong stroke keeps its
own border and a smear beside it does not become one.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.handwritten_digits.preprocess import Ink
from recognition.values import Image

Grey = NDArray[np.uint8]

# Longest side at which strokes are looked for: a pen's line in a 640x480 frame is still a pixel.
_LONGEST = 400
# Smaller pictures are enlarged to this, so that gaps and borders keep a size in pixels.
_SHORTEST = 112
# The widest stroke, as a share of the picture's shorter side: a marker in a narrow crop.
_WIDEST = 0.16
# Least difference between stroke and ground, in grey levels: below it lie noise and JPEG blocks.
_LEAST_CONTRAST = 14
# What stands out less than this share of the strongest nearby is a smear or an erased trace.
_SHARE_OF_STRONGEST = 0.42
# The neighbourhood in which the strongest is looked for, as a share of the longer side.
_NEIGHBOURHOOD = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Relief:
    """What stands out from the ground towards one side, light or dark."""

    level: Grey
    """The picture in grey levels, uint8 (height, width), lighter where strokes are."""
    contrast: Grey
    """Grey levels by which a pixel stands out, uint8 (height, width)."""
    strokes: NDArray[np.uint8]
    """1 where that is enough to be a stroke, else 0."""

    def ink(self, left: int, top: int, right: int, bottom: int, part: NDArray[np.bool_]) -> Ink:
        """The ink of one symbol in a rectangle, of which `part` says what belongs to it."""
        contrast = self.contrast[top:bottom, left:right].astype(np.float32)
        own = contrast[part]
        strong = float(np.percentile(own, 75)) if own.size else 1.0
        soft = np.clip((contrast / max(strong, 1.0) - 0.2) / 0.6, 0, 1)
        # A stroke's blurred rim lies just outside the part.
        near = cv2.dilate(part.astype(np.uint8), np.ones((3, 3), np.uint8))
        return np.asarray(soft * near, np.float32)


def working_picture(image: Image) -> tuple[Grey, float]:
    """The picture in grey at the size at which strokes are found, and its scale."""
    height, width = image.shape[:2]
    longer = max(height, width)
    scale = min(1.0, _LONGEST / longer) if longer >= _SHORTEST else _SHORTEST / longer
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    if scale != 1.0:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        grey = cv2.resize(grey, size, interpolation=way)
    return np.asarray(cv2.GaussianBlur(grey, (3, 3), 0), np.uint8), scale


def reliefs(grey: Grey) -> tuple[Relief, Relief]:
    """What stands out as lighter, and what stands out as darker than the ground."""
    height, width = grey.shape
    # The ground is what changes slowly: half the size tells it, in a quarter of the time.
    half = ((width + 1) // 2, (height + 1) // 2)
    small = cv2.resize(grey, half, interpolation=cv2.INTER_AREA)
    side = max(5, round(_WIDEST * min(small.shape)) | 1)
    # What lies along the border goes on outside it: a frame is then as wide as it is.
    padded = cv2.copyMakeBorder(small, side, side, side, side, cv2.BORDER_REPLICATE)
    narrow = cv2.getStructuringElement(cv2.MORPH_RECT, (side, side))
    # A pixel more than was taken away: at half the size an edge is not where it was.
    wide = cv2.getStructuringElement(cv2.MORPH_RECT, (side + 2, side + 2))
    inside = np.s_[side : side + half[1], side : side + half[0]]
    below = cv2.dilate(cv2.erode(padded, narrow), wide)[inside]
    above = cv2.erode(cv2.dilate(padded, narrow), wide)[inside]
    lighter = cv2.subtract(grey, cv2.resize(below, (width, height)))
    darker = cv2.subtract(cv2.resize(above, (width, height)), grey)
    return (
        _relief(grey, np.asarray(lighter, np.uint8)),
        _relief(np.asarray(255 - grey, np.uint8), np.asarray(darker, np.uint8)),
    )


def _relief(level: Grey, contrast: Grey) -> Relief:
    floor = _floor(contrast)
    strongest = cv2.convertScaleAbs(_strongest_nearby(contrast), alpha=_SHARE_OF_STRONGEST)
    least = np.maximum(strongest, np.uint8(min(255, round(floor))))
    return Relief(level, contrast, (contrast > least).astype(np.uint8))


def _floor(contrast: Grey) -> float:
    """The contrast that the ground itself reaches, by its texture and the camera's noise."""
    counts = cv2.calcHist([contrast[::3]], [0], None, [256], [0, 256]).ravel().cumsum()
    middle = float(np.searchsorted(counts, 0.5 * counts[-1]))
    upper = float(np.searchsorted(counts, 0.8 * counts[-1]))
    return middle + max(_LEAST_CONTRAST, 2.5 * (upper - middle))


def _strongest_nearby(contrast: Grey) -> Grey:
    """The strongest contrast in the neighbourhood of each pixel; single bright pixels aside."""
    height, width = contrast.shape
    small = (max(1, width // 4), max(1, height // 4))
    even = cv2.resize(cv2.blur(contrast, (3, 3)), small, interpolation=cv2.INTER_NEAREST)
    reach = max(3, round(_NEIGHBOURHOOD * max(small)) | 1)
    strongest = cv2.dilate(even, np.ones((reach, reach), np.uint8))
    return np.asarray(
        cv2.resize(strongest, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8
    )
