"""A small picture of one symbol on an even ground, as data sets of digits have them.

Its ground is what lies along its border, and all that differs is the symbol, in one piece or not:
there is nothing to find, and a grey level stays what it is.
"""

import cv2
import numpy as np

from recognition.handwritten_digits.preprocess import Ink
from recognition.values import Image

# Larger pictures are photographs: strokes are looked for in them.
_LARGEST = 128
# A wider picture may hold a row of symbols.
_WIDEST = 1.4
# Least difference between stroke and ground, in grey levels.
_LEAST_CONTRAST = 40
# Nine in ten pixels of the border differ from each other by at most this share of that difference.
_MOST_UNEVEN = 0.12


def ink_of_crop(image: Image) -> Ink | None:
    """The ink of a small picture of one symbol; None for any other picture."""
    height, width = image.shape[:2]
    if not 8 <= min(height, width) <= max(height, width) <= _LARGEST or width > _WIDEST * height:
        return None
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32)
    border = np.concatenate([grey[0], grey[-1], grey[1:-1, 0], grey[1:-1, -1]])
    ground = float(np.median(border))
    difference = grey - ground
    lighter, darker = float(difference.max()), -float(difference.min())
    contrast = max(lighter, darker)
    uneven = float(np.percentile(np.abs(border - ground), 90))
    if contrast < _LEAST_CONTRAST or uneven > _MOST_UNEVEN * contrast:
        return None
    ink = (difference if lighter >= darker else -difference) / contrast
    return np.asarray(np.clip(ink, 0, 1), np.float32)
