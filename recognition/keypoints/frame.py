"""Where a face lies, how large and how tilted it is: what its crop is cut out by."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.keypoints.points import COUNT, FIFTEEN_OF_68, Points
from recognition.values import Box, Face

# The mean face, upright, in a detector's box of side 1 around the origin, in thousandths: medians
# over 2,264 faces, made even on both sides. Points 0 to 67, x and y.
_MEAN_THOUSANDTHS = """
-479 -184 -468 -55 -446 60 -425 171 -389 297 -325 399 -252 468 -152 528 0 569 152 528 252 468
325 399 389 297 425 171 446 60 468 -55 479 -184 -373 -307 -314 -344 -244 -356 -178 -348 -120 -332
120 -332 178 -348 244 -356 314 -344 373 -307 0 -195 0 -108 0 -26 0 43 -78 93 -44 104 0 115 44 104
78 93 -283 -204 -237 -221 -178 -221 -125 -198 -174 -180 -235 -181 125 -198 178 -221 237 -221
283 -204 235 -181 174 -180 -166 253 -110 218 -38 196 0 204 38 196 110 218 166 253 107 304 56 331
0 337 -56 331 -107 304 -155 252 -49 239 0 237 49 239 155 252 49 273 0 277 -49 273
"""
MEAN_FACE = np.array(_MEAN_THOUSANDTHS.split(), np.float64).reshape(68, 2) / 1000


@dataclass(frozen=True, slots=True)
class FaceFrame:
    """A square that may be tilted: a detector's box, turned with the face in it."""

    x: float
    """Middle, in pixels."""
    y: float
    side: float
    """In pixels; that of the box a detector gives."""
    roll: float = 0.0
    """Degrees, positive when the line through the eyes falls to the right."""

    def upright(self) -> Box:
        """The upright box of the same middle and side."""
        half = self.side / 2
        return Box(self.x - half, self.y - half, self.x + half, self.y + half)


def frame_of_box(box: Box) -> FaceFrame:
    """The frame of an upright box; one that is no square gives the square of its mean side."""
    x, y = box.center
    return FaceFrame(x, y, (box.width + box.height) / 2)


def frame_of_face(face: Face) -> FaceFrame:
    """The frame of a found face: its box, turned by the roll of its five points."""
    upright = frame_of_box(face.box)
    return FaceFrame(upright.x, upright.y, upright.side, face.quality.roll)


def frame_of_points(points: Points) -> FaceFrame | None:
    """The frame in which the mean face lies nearest to 68 or 15 points; missing ones are NaN.

    Least squares over rotation, scale and shift (S. Umeyama, 1991). None where the points that are
    there meet in one, or where there is only one.
    """
    known = np.isfinite(points).all(axis=1)
    if known.sum() < 2:
        return None
    mean = (MEAN_FACE if len(points) == COUNT else FIFTEEN_OF_68 @ MEAN_FACE)[known]
    there = points[known].astype(np.float64)
    along, across = _similarity(mean - mean.mean(axis=0), there - there.mean(axis=0))
    side = math.hypot(along, across)
    if not side > 1:
        return None
    turn = np.array([[along, -across], [across, along]])
    x, y = there.mean(axis=0) - turn @ mean.mean(axis=0)
    return FaceFrame(float(x), float(y), side, math.degrees(math.atan2(across, along)))


def _similarity(mean: NDArray[np.float64], there: NDArray[np.float64]) -> tuple[float, float]:
    """Cosine and sine of the turn, times the scale; both sets of points lie around the origin."""
    along = float((mean * there).sum())
    across = float((mean[:, 0] * there[:, 1] - mean[:, 1] * there[:, 0]).sum())
    spread = float((mean**2).sum())
    return along / spread, across / spread
