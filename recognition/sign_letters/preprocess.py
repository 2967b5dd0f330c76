"""From a camera's colour crop to what the network sees: the hand as a drawing of black lines.

Grey, blurred, held against the mean of its surroundings, and cleared of what is left of noise: how
the pictures of the data set were made, so the same function prepares pictures of every kind, for
training, evaluation and run time. Source of the steps: the data set's own project,
Sign-Language-To-Text-Conversion (MIT), as it describes them.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.values import Image

SIDE = 64
"""Pixels on a side of what the network sees."""
# The data set was taken from a box of this many pixels; lines are as thick as they are there.
_WORKING_SIDE = 310
_BLUR_PX, _BLUR_SIGMA = 5, 2.0
# Each pixel against the Gaussian mean of so many around it; darker by this much is a line.
_NEIGHBOURHOOD_PX, _DARKER_BY = 11, 2
# In a picture that was thresholded already nearly every pixel is close to black or to white.
_EXTREME, _EXTREME_SHARE = 40, 0.9
# Of a larger picture every nth pixel tells as much.
_LOOKED_AT_PX = 400

Drawing = NDArray[np.uint8]
"""Grey, (64, 64), uint8: dark lines on white."""


def preprocess(image: Image) -> Drawing:
    """Make a drawing of an RGB crop, uint8 (height, width, 3), of any size from 1x1 on.

    A crop that is not square is filled to a square with the colour of its edge, never stretched.
    """
    return preprocess_grey(np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8))


def preprocess_grey(grey: NDArray[np.uint8]) -> Drawing:
    """The same of a grey picture, uint8 (height, width); one that is a drawing is only resized."""
    square = _resized(_squared(grey), _WORKING_SIDE)
    if is_drawing(grey):
        return _resized(square, SIDE)
    blurred = cv2.GaussianBlur(square, (_BLUR_PX, _BLUR_PX), _BLUR_SIGMA)
    lines = cv2.adaptiveThreshold(
        blurred,
        255,
        cv2.ADAPTIVE_THRESH_GAUSSIAN_C,
        cv2.THRESH_BINARY,
        _NEIGHBOURHOOD_PX,
        _DARKER_BY,
    )
    return _resized(np.asarray(lines, np.uint8), SIDE)


def is_drawing(grey: NDArray[np.uint8]) -> bool:
    """Whether a grey picture was thresholded before: light, with nothing between black and white.

    Lines cover less than half of a drawing, so one that is mostly dark is a photograph.
    """
    step = max(1, max(grey.shape) // _LOOKED_AT_PX)
    seen = grey[::step, ::step]
    extreme = (seen <= _EXTREME) | (seen >= 255 - _EXTREME)
    return bool(extreme.mean() >= _EXTREME_SHARE and seen.mean() > 127)


def as_batch(drawings: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Drawings (n, 64, 64) as the network takes them: float32 (n, 1, 64, 64), 1 on the lines."""
    return np.asarray(1 - drawings[:, np.newaxis].astype(np.float32) / 255, np.float32)


def _squared(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = grey.shape
    if height == width:
        return grey
    # What is far too long is shortened first: filling 1x8000 would make 64 million pixels.
    longest = max(height, width)
    if longest > 4 * _WORKING_SIDE:
        scale = 4 * _WORKING_SIDE / longest
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        grey = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
        height, width = grey.shape
    side = max(height, width)
    top, left = (side - height) // 2, (side - width) // 2
    right, bottom = side - width - left, side - height - top
    filled = cv2.copyMakeBorder(grey, top, bottom, left, right, cv2.BORDER_REPLICATE)
    return np.asarray(filled, np.uint8)


def _resized(grey: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    if grey.shape == (side, side):
        return grey
    way = cv2.INTER_AREA if grey.shape[0] > side else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(grey, (side, side), interpolation=way), np.uint8)
