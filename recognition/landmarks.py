"""The points that detectors place on a face, and what of them all have in common."""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Landmarks = NDArray[np.float32]


class LandmarkKind(StrEnum):
    """What five points are, in their order; left and right are the picture's."""

    EYE_CORNERS_NOSE = "eye_corners_nose"
    """Outer and inner corner of the eye at the right, the same at the left, base of the nose."""
    EYES_NOSE_MOUTH = "eyes_nose_mouth"
    """Middle of the eye at the left, at the right, tip of the nose, corner of the mouth at the
    left, at the right."""


# The base of the nose lies this share of the way from its tip to the middle of the mouth; the
# median over 150 faces on which two detectors placed the one and the other.
_NOSE_BASE = 0.38


def as_eye_corners(landmarks: Landmarks) -> Landmarks:
    """Five points eyes_nose_mouth as eye_corners_nose, float32 (5, 2), for measures of pose.

    Both corners of an eye lie in its middle then: their mean is right, their distance is not.
    """
    left, right, tip = landmarks[:3]
    base = tip + _NOSE_BASE * (landmarks[3:5].mean(axis=0) - tip)
    return np.stack([right, right, left, left, base]).astype(np.float32)
