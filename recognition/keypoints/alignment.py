"""The five points by which a face is aligned, out of its 68."""

import numpy as np

from recognition.keypoints.points import FIVE, Points
from recognition.landmarks import LandmarkKind, Landmarks

KIND = LandmarkKind.EYE_CORNERS_NOSE
"""What `five_points` are."""


def five_points(points: Points) -> Landmarks:
    """Outer and inner corner of the eye at the right, the same at the left, base of the nose.

    float32 (5, 2), in the order of the built-in detector's five points.
    """
    return np.asarray(points[list(FIVE)], np.float32)
