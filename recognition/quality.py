"""Measures how good a face is to compare, cheaply enough to do it on every frame."""

import math
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.covers.measure import covered
from recognition.face_patch import PATCH_PX, face_patch
from recognition.face_quality import Quality
from recognition.values import Box

# Rows and columns of the patch that are face: brow to lip, cheek to cheek. Hair, ears and what
# stands behind them would count as light.
_FACE_ROWS = slice(round(0.15 * PATCH_PX), round(0.92 * PATCH_PX))
_LEFT_HALF = slice(round(0.14 * PATCH_PX), PATCH_PX // 2)
_RIGHT_HALF = slice(PATCH_PX // 2, PATCH_PX - round(0.14 * PATCH_PX))
# Steps of 8 grey levels: a half has 2,500 pixels, too few for 256.
_LIGHT_STEPS = 32
# The head's turn in degrees for each eye distance that the nose stands off the middle: least
# squares over 2,336 labelled faces, 6 degrees off on average.
_DEGREES_OF_YAW = 115.0


def measure(grey: NDArray[np.uint8], box: Box, landmarks: NDArray[np.float32]) -> Quality:
    """Measure one face of a grey picture.

    `grey` is uint8 (height, width); `landmarks` float32 (5, 2) in the order of `Face.landmarks`.
    """
    height, width = grey.shape
    inner = box.clip(width, height)
    inside = inner.area / box.area if box.area else 0.0
    patch = face_patch(grey, box)
    brightness, contrast = _mean_and_deviation(patch)
    yaw, roll = pose(landmarks)
    values = {
        "face_px": box.width,
        "sharpness": _sharpness(patch, contrast),
        "brightness": brightness,
        "contrast": contrast,
        "yaw": yaw,
        "roll": roll,
        "inside": inside,
        "side_light": _side_light(patch),
        "covered": covered(patch, roll),
    }
    return Quality(**values, overall=_overall(values))


def pose(landmarks: NDArray[np.float32]) -> tuple[float, float]:
    """Estimate (yaw, roll) of a face from its five points.

    Yaw is the nose's way off the middle of the eyes along the line through them, divided by the
    distance of the eyes: about 0.1 for a head turned by 12 degrees, positive when the nose points
    to the picture's right. Roll is in degrees.
    """
    # Ten numbers: plain Python takes a tenth of NumPy's time for them.
    (ax, ay), (bx, by), (cx, cy), (dx, dy), (nose_x, nose_y) = landmarks.tolist()
    right_x, right_y, left_x, left_y = (ax + bx) / 2, (ay + by) / 2, (cx + dx) / 2, (cy + dy) / 2
    across_x, across_y = right_x - left_x, right_y - left_y
    length = math.hypot(across_x, across_y)
    if length == 0:
        return 0.0, 0.0
    off_x, off_y = nose_x - (right_x + left_x) / 2, nose_y - (right_y + left_y) / 2
    yaw = (off_x * across_x + off_y * across_y) / length**2
    return yaw, math.degrees(math.atan2(across_y, across_x))


def yaw_degrees(yaw: float) -> float:
    """About how far a head is turned, in degrees, of `Quality.yaw`; 6 off on average."""
    return yaw * _DEGREES_OF_YAW


def _side_light(patch: NDArray[np.uint8]) -> float:
    """What the histograms of both halves of the face do not share, signed towards the brighter.

    ISO/IEC 29794-5's illumination uniformity is their intersection, on halves cut out by more
    landmarks.
    """
    halves = [np.ascontiguousarray(patch[_FACE_ROWS, at]) for at in (_LEFT_HALF, _RIGHT_HALF)]
    left, right = (cv2.calcHist([half], [0], None, [_LIGHT_STEPS], [0, 256]) for half in halves)
    shared = float(np.minimum(left / left.sum(), right / right.sum()).sum())
    brighter = cv2.mean(halves[1])[0] - cv2.mean(halves[0])[0]
    return math.copysign(max(0.0, 1.0 - shared), brighter)


def _sharpness(patch: NDArray[np.uint8], contrast: float) -> float:
    """Strength of fine detail against the face's contrast, so that dim light is not called blur."""
    _, detail = _mean_and_deviation(cv2.Laplacian(patch, cv2.CV_32F))
    return detail / (contrast + 8.0)


def _mean_and_deviation(values: NDArray[Any]) -> tuple[float, float]:
    mean, deviation = cv2.meanStdDev(values)
    return float(mean[0, 0]), float(deviation[0, 0])


def _overall(values: dict[str, float]) -> float:
    """The product of six marks, each 0..1, so that one bad quality is enough to make a bad face.

    Of 2,200 faces in videos of 190 people this agrees with the distance to other videos of the
    same person (correlation -0.28) better than any single quality does (sharpness: -0.25).
    """
    brightness = values["brightness"]
    return math.prod(
        (
            math.sqrt(_ramp(values["face_px"], 20, 160)),
            math.sqrt(_ramp(values["sharpness"], 0.0, 0.35)),
            1.0 - _ramp(abs(values["yaw"]), 0.0, 0.8),
            min(_ramp(brightness, 10, 80), _ramp(255 - brightness, 10, 60)),
            _ramp(values["contrast"], 0, 30),
            values["inside"],
        )
    )


def _ramp(value: float, low: float, high: float) -> float:
    """0 at `low` and below, 1 at `high` and above, straight between."""
    return min(1.0, max(0.0, (value - low) / (high - low)))
