"""The 68 points, their parts, their mirror images, and the 15 that follow from them.

The order is that of the Multi-PIE mark-up (R. Gross and others, 2010): from the picture's left
around the chin, along the brows, down the nose, around each eye and around the lips. Left and right
are the picture's, except in the names of the 15, which are the person's.
"""

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float32]
"""x, y in pixels, float32 (68, 2) or (15, 2)."""

COUNT = 68
PARTS: dict[str, tuple[int, ...]] = {
    "contour": tuple(range(17)),
    "brows": tuple(range(17, 27)),
    "nose": tuple(range(27, 36)),
    "eyes": tuple(range(36, 48)),
    "mouth": tuple(range(48, 68)),
}
LEFT_OUTER_CORNER, RIGHT_OUTER_CORNER = 36, 45
"""Between them lies the inter-ocular distance that errors are divided by."""
FIVE = (45, 42, 36, 39, 33)
"""Outer and inner corner of the eye at the right, the same at the left, base of the nose."""

# What each point becomes when the picture is mirrored.
MIRRORED = np.array(
    [
        *range(16, -1, -1),
        *range(26, 16, -1),
        *range(27, 31),
        *range(35, 30, -1),
        *(45, 44, 43, 42, 47, 46),
        *(39, 38, 37, 36, 41, 40),
        *range(54, 47, -1),
        *range(59, 54, -1),
        *range(64, 59, -1),
        *(67, 66, 65),
    ]
)

# The 15 points of the classic competition, each a mean of some of the 68. "left" is the person's
# left, which a picture shows at its right. The centre of an eye is the mean of its corners and
# lids; the lips' centres are the outer edges' middles.
FIFTEEN: dict[str, tuple[int, ...]] = {
    "left_eye_center": (42, 43, 44, 45, 46, 47),
    "right_eye_center": (36, 37, 38, 39, 40, 41),
    "left_eye_inner_corner": (42,),
    "left_eye_outer_corner": (45,),
    "right_eye_inner_corner": (39,),
    "right_eye_outer_corner": (36,),
    "left_eyebrow_inner_end": (22,),
    "left_eyebrow_outer_end": (26,),
    "right_eyebrow_inner_end": (21,),
    "right_eyebrow_outer_end": (17,),
    "nose_tip": (30,),
    "mouth_left_corner": (54,),
    "mouth_right_corner": (48,),
    "mouth_center_top_lip": (51,),
    "mouth_center_bottom_lip": (57,),
}


def _fifteen_matrix() -> NDArray[np.float32]:
    matrix = np.zeros((len(FIFTEEN), COUNT), np.float32)
    for row, parts in enumerate(FIFTEEN.values()):
        matrix[row, list(parts)] = 1 / len(parts)
    return matrix


FIFTEEN_OF_68 = _fifteen_matrix()
"""float32 (15, 68): multiplied by the 68 points it gives the 15."""


def fifteen(points: Points) -> Points:
    """The 15 points of the competition, float32 (15, 2), out of the 68, (68, 2)."""
    return np.asarray(FIFTEEN_OF_68 @ points, np.float32)


def mirror(points: Points, width: float) -> Points:
    """The points of the mirrored picture, whose width in pixels is `width`."""
    return np.asarray(points[MIRRORED] * (-1, 1) + (width - 1, 0), np.float32)


def interocular(points: Points) -> float:
    """Distance of the outer corners of the eyes, in pixels."""
    across = points[RIGHT_OUTER_CORNER] - points[LEFT_OUTER_CORNER]
    return float(np.hypot(*across.astype(np.float64)))
