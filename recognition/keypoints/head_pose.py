"""Which way a head is turned, from its 68 points.

A head's points in space were found from the labelled faces of the training people alone, seen as
one rigid body from many sides (C. Tomasi, T. Kanade, Shape and motion from image streams under
orthography, 1992), made even on both sides. A face is then the picture of that body under a scaled
turn. Distant cameras are assumed: a face an arm's length away looks turned up to 5 degrees wrong.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.keypoints.points import Points

# Points that move little with the expression: chin, nose, corners of eyes and mouth.
RIGID = (8, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 39, 42, 45, 48, 54)
# x to the right, y down, z away from the camera, in sides of the face's box; mean 0.
HEAD = np.array(
    [
        [0, 0.544, 0.146],
        [0, -0.228, -0.053],
        [0, -0.140, -0.105],
        [0, -0.057, -0.161],
        [0, 0.013, -0.168],
        [-0.082, 0.063, -0.020],
        [-0.047, 0.073, -0.047],
        [0, 0.084, -0.058],
        [0.047, 0.073, -0.047],
        [0.082, 0.063, -0.020],
        [-0.292, -0.238, 0.104],
        [-0.130, -0.231, 0.065],
        [0.130, -0.231, 0.065],
        [0.292, -0.238, 0.104],
        [-0.173, 0.225, 0.097],
        [0.173, 0.225, 0.097],
    ]
)
_CENTRED = HEAD - HEAD.mean(axis=0)
_SOLVE = np.linalg.pinv(_CENTRED)


@dataclass(frozen=True, slots=True)
class HeadPose:
    """Degrees; all 0 for the mean face, looking into the camera."""

    yaw: float
    """Positive when the nose points to the picture's right."""
    pitch: float
    """Positive when the nose points up."""
    roll: float
    """Positive when the line through the eyes falls to the right, as `Quality.roll`."""


def head_pose(points: Points) -> HeadPose | None:
    """The pose of 68 points, float32 (68, 2); None where they meet in one.

    Pitch is within -90..90, yaw and roll within -180..180.
    """
    chosen = points[list(RIGID)].astype(np.float64)
    seen = (_SOLVE @ (chosen - chosen.mean(axis=0))).T
    left, stretch, right = np.linalg.svd(seen, full_matrices=False)
    if not stretch[1] > 1e-6:
        return None
    across, down = left @ right
    return _angles(np.stack([across, down, np.cross(across, down)]))


def _angles(turn: NDArray[np.float64]) -> HeadPose:
    """Of a turn that tilts the head, then turns it aside, then rolls it."""
    # The head's own z axis points into it: where its opposite goes is where the nose points.
    nose = -turn[:, 2]
    roll = math.atan2(turn[1, 0], turn[0, 0])
    # Undo the roll, then read where the nose points.
    x = math.cos(roll) * nose[0] + math.sin(roll) * nose[1]
    y = -math.sin(roll) * nose[0] + math.cos(roll) * nose[1]
    yaw = math.atan2(x, -nose[2])
    pitch = math.atan2(-y, math.hypot(x, nose[2]))
    return HeadPose(math.degrees(yaw), math.degrees(pitch), math.degrees(roll))
