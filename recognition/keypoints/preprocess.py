"""From a picture and a face's frame to what the network takes: the one way for all.

Training, evaluation and run time cut out with `cut_out` and scale with `as_batch`. Training changes
the frame and the pixels before and between, never these functions.
"""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.images import require_rgb
from recognition.keypoints.frame import FaceFrame
from recognition.keypoints.points import Points
from recognition.values import Image

INPUT_PX = 96
# The crop's side in sides of the frame, and how far below the frame's middle its own lies: 99 in
# 100 faces have all points inside, contours of turned heads among them.
CROP_SIDES = 1.5
_CROP_BELOW = 0.1
# A crop without contrast (a wall) is not blown up to noise: grey levels.
_LEAST_CONTRAST = 8.0

Grey = NDArray[np.uint8]
Transform = NDArray[np.float64]
"""float64 (2, 3): takes a picture's pixels (x, y, 1) to the crop's."""


def to_grey(image: Image) -> Grey:
    """RGB to grey, uint8 (height, width). Raises ImageShapeError."""
    require_rgb(image)
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)


def crop_transform(frame: FaceFrame) -> Transform:
    """What takes the picture's pixels to the crop's."""
    scale = INPUT_PX / (CROP_SIDES * frame.side)
    angle = math.radians(frame.roll)
    cos, sin = scale * math.cos(angle), scale * math.sin(angle)
    turn = np.array([[cos, sin], [-sin, cos]])
    middle = (INPUT_PX - 1) / 2
    shift = np.array([middle, middle - _CROP_BELOW * frame.side * scale])
    return np.column_stack([turn, shift - turn @ (frame.x, frame.y)])


def cut_out(grey: Grey, frame: FaceFrame) -> Grey:
    """The crop of a frame, upright, uint8 (96, 96); what lies outside the picture repeats its edge.

    A large face is made smaller by whole factors first, over areas: drawing it small at once would
    leave out most of its pixels.
    """
    transform = crop_transform(frame)
    patch, left, top = _surroundings(grey, frame)
    shrink = max(1, int(CROP_SIDES * frame.side / INPUT_PX))
    if shrink > 1:
        size = tuple(max(1, side // shrink) for side in patch.shape[::-1])
        across, down = patch.shape[1] / size[0], patch.shape[0] / size[1]
        patch = np.asarray(cv2.resize(patch, size, interpolation=cv2.INTER_AREA), np.uint8)
    else:
        across = down = 1.0
    # From the patch's pixels to the picture's, whose middles lie half a pixel inside.
    to_picture = np.array(
        [[across, 0, left + (across - 1) / 2], [0, down, top + (down - 1) / 2], [0, 0, 1]]
    )
    crop = cv2.warpAffine(
        patch,
        transform @ to_picture,
        (INPUT_PX, INPUT_PX),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(crop, np.uint8)


def as_batch(crops: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Crops uint8 (n, 96, 96) as float32 (n, 1, 96, 96) of mean 0 and deviation 1 each."""
    values = crops.astype(np.float32)
    mean = values.mean(axis=(1, 2), keepdims=True)
    spread = np.maximum(values.std(axis=(1, 2), keepdims=True), _LEAST_CONTRAST)
    return np.asarray((values - mean) / spread, np.float32)[:, np.newaxis]


def to_crop(points: Points, transform: Transform) -> Points:
    """Points of the picture, (n, 2), as the crop's."""
    return np.asarray(points @ transform[:, :2].T + transform[:, 2], np.float32)


def to_picture(points: Points, transform: Transform) -> Points:
    """Points of the crop, (n, 2), as the picture's."""
    back = cv2.invertAffineTransform(transform)
    return np.asarray(points @ back[:, :2].T + back[:, 2], np.float32)


def _surroundings(grey: Grey, frame: FaceFrame) -> tuple[Grey, int, int]:
    """The part of the picture that the crop can reach, never empty, and its corner."""
    height, width = grey.shape
    reach = CROP_SIDES * frame.side  # more than half a diagonal and the way below the middle
    left = min(max(0, math.floor(frame.x - reach)), width - 1)
    top = min(max(0, math.floor(frame.y - reach)), height - 1)
    right = max(left + 1, min(width, math.ceil(frame.x + reach)))
    bottom = max(top + 1, min(height, math.ceil(frame.y + reach)))
    return grey[top:bottom, left:right], left, top
