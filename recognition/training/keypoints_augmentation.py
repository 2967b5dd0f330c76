"""What happens to a crop in training: light, blur, coarse pixels, compression, things in front.

All of it follows from the generator that is given. Frames are moved and turned before the crop is
cut out; here pixels change, and shapes a little.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.keypoints.frame import FaceFrame
from recognition.keypoints.points import Points
from recognition.keypoints.preprocess import INPUT_PX, Grey

# How far a frame is moved: roll in degrees, and scale and place in shares of its side; standard
# deviations. A detector's frame is nearly right already; one of the labels must learn to be wrong.
_DETECTOR_JITTER = (7.0, 0.06, 0.035)
_LABEL_JITTER = (11.0, 0.10, 0.06)
_WIDE_TURN_SHARE, _WIDEST_TURN = 0.15, 40.0


def jittered(frame: FaceFrame, random: np.random.Generator, *, detected: bool) -> FaceFrame:
    """The frame as another detector, or another pose, would have given it."""
    roll, scale, place = _DETECTOR_JITTER if detected else _LABEL_JITTER
    turned = random.normal(0, roll)
    if random.random() < _WIDE_TURN_SHARE:
        turned = random.uniform(-_WIDEST_TURN, _WIDEST_TURN)
    across, down = random.normal(0, place, 2) * frame.side
    side = frame.side * math.exp(float(np.clip(random.normal(0, scale), -0.3, 0.3)))
    return replace(frame, x=frame.x + across, y=frame.y + down, side=side, roll=frame.roll + turned)


def changed(
    crop: Grey, points: Points, random: np.random.Generator, others: Sequence[Grey]
) -> tuple[Grey, Points]:
    """A crop and its points after all that may happen; `others` are crops to hide behind."""
    if random.random() < 0.4:
        crop, points = _sheared(crop, points, random)
    if random.random() < 0.3:
        crop = _hidden(crop, random, others)
    return degraded(crop, random), points


def degraded(crop: Grey, random: np.random.Generator) -> Grey:
    """A crop, uint8 (96, 96), in other light, coarser, blurred, noisy, compressed, or none."""
    crop = _lit(crop, random)
    if random.random() < 0.3:
        crop = _coarse(crop, random)
    if random.random() < 0.2:
        crop = _blurred(crop, random)
    if random.random() < 0.3:
        noise = random.normal(0, random.uniform(2, 12), crop.shape)
        crop = _as_grey(crop + noise)
    if random.random() < 0.25:
        crop = _compressed(crop, random)
    return crop


def _sheared(crop: Grey, points: Points, random: np.random.Generator) -> tuple[Grey, Points]:
    """Longer and wider faces, and heads seen from a little aside."""
    matrix = np.eye(2) + random.normal(0, 0.045, (2, 2))
    middle = np.full(2, (INPUT_PX - 1) / 2)
    transform = np.column_stack([matrix, middle - matrix @ middle])
    warped = cv2.warpAffine(crop, transform, crop.shape[::-1], borderMode=cv2.BORDER_REPLICATE)
    moved = points @ matrix.T + transform[:, 2]
    return np.asarray(warped, np.uint8), moved.astype(np.float32)


def _hidden(crop: Grey, random: np.random.Generator, others: Sequence[Grey]) -> Grey:
    """Something in front: a flat patch, or a piece of another picture."""
    high, wide = random.integers(INPUT_PX // 8, INPUT_PX // 2, 2)
    top, left = random.integers(0, INPUT_PX - high), random.integers(0, INPUT_PX - wide)
    out = crop.copy()
    if random.random() < 0.5:
        out[top : top + high, left : left + wide] = random.integers(0, 256)
    else:
        other = others[int(random.integers(len(others)))]
        down, across = random.integers(0, INPUT_PX - high), random.integers(0, INPUT_PX - wide)
        out[top : top + high, left : left + wide] = other[
            down : down + high, across : across + wide
        ]
    return out


def _lit(crop: Grey, random: np.random.Generator) -> Grey:
    """Another exposure, and light that falls off to one side."""
    values = crop.astype(np.float32) / 255
    if random.random() < 0.7:
        values = values ** math.exp(random.normal(0, 0.35))
        values = 0.5 + (values - 0.5) * math.exp(random.normal(0, 0.25)) + random.normal(0, 0.08)
    if random.random() < 0.35:
        angle, strength = random.uniform(0, 2 * math.pi), random.uniform(0.2, 0.8)
        along = np.linspace(-1, 1, INPUT_PX, dtype=np.float32)
        slope = math.cos(angle) * along[np.newaxis] + math.sin(angle) * along[:, np.newaxis]
        values = values * (1 + strength * slope)
    return _as_grey(values * 255)


def _coarse(crop: Grey, random: np.random.Generator) -> Grey:
    """As if the face were far away."""
    side = int(random.integers(INPUT_PX // 4, INPUT_PX * 3 // 4))
    small = cv2.resize(crop, (side, side), interpolation=cv2.INTER_AREA)
    way = cv2.INTER_LINEAR if random.random() < 0.5 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(small, crop.shape[::-1], interpolation=way), np.uint8)


def _blurred(crop: Grey, random: np.random.Generator) -> Grey:
    """Out of focus, or moving."""
    if random.random() < 0.5:
        return np.asarray(cv2.GaussianBlur(crop, (0, 0), random.uniform(0.6, 2.0)), np.uint8)
    length = int(random.integers(3, 8))
    kernel = np.zeros((length, length), np.float32)
    angle = random.uniform(0, math.pi)
    middle, reach = (length - 1) / 2, (length - 1) / 2
    for step in np.linspace(-1, 1, 2 * length):
        x = round(middle + reach * step * math.cos(angle))
        y = round(middle + reach * step * math.sin(angle))
        kernel[y, x] = 1
    return np.asarray(cv2.filter2D(crop, -1, kernel / kernel.sum()), np.uint8)


def _compressed(crop: Grey, random: np.random.Generator) -> Grey:
    quality = int(random.integers(15, 70))
    _, data = cv2.imencode(".jpg", crop, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)


def _as_grey(values: NDArray[np.floating]) -> Grey:
    return np.asarray(np.clip(values, 0, 255), np.uint8)
