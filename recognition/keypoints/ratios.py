"""How open eyes and mouth are: what blinking and speaking are told by.

Source of the eye's ratio: T. Soukupová, J. Čech, Real-time eye blink detection using facial
landmarks (2016). Ratios do not change with the face's size, place or tilt.
"""

from dataclasses import dataclass

import numpy as np

from recognition.keypoints.points import Points, interocular

# Corner, two of the upper lid, corner, two of the lower lid.
_LEFT_EYE, _RIGHT_EYE = (36, 37, 38, 39, 40, 41), (42, 43, 44, 45, 46, 47)
_INNER_LIPS = (60, 61, 62, 63, 64, 65, 66, 67)
_MOUTH_CORNERS = (48, 54)


@dataclass(frozen=True, slots=True)
class Ratios:
    """Left and right are the picture's. All 0 upwards; NaN where the points meet in one."""

    left_eye: float
    """Height between the lids over the eye's width: about 0.28 open. Closed eyes are lower, but
    not by much (the network's card): compare with the same person's own, over a few frames."""
    right_eye: float
    mouth_open: float
    """Height between the inner lips over the mouth's inner width: near 0 closed."""
    mouth_wide: float
    """The mouth's width over the distance of the outer eye corners: larger when smiling."""

    @property
    def eyes(self) -> float:
        """Mean of both eyes."""
        return (self.left_eye + self.right_eye) / 2


def ratios(points: Points) -> Ratios:
    """Measure 68 points, float32 (68, 2)."""
    eyes_apart = interocular(points)
    return Ratios(
        left_eye=_eye(points, _LEFT_EYE),
        right_eye=_eye(points, _RIGHT_EYE),
        mouth_open=_mouth(points),
        mouth_wide=_over(_distance(points, *_MOUTH_CORNERS), eyes_apart),
    )


def _eye(points: Points, rows: tuple[int, ...]) -> float:
    corner, upper, upper_2, other, lower_2, lower = rows
    high = _distance(points, upper, lower) + _distance(points, upper_2, lower_2)
    return _over(high, 2 * _distance(points, corner, other))


def _mouth(points: Points) -> float:
    left, up, up_2, up_3, right, low_3, low_2, low = _INNER_LIPS
    pairs = ((up, low), (up_2, low_2), (up_3, low_3))
    high = sum(_distance(points, *pair) for pair in pairs)
    return _over(high, 3 * _distance(points, left, right))


def _distance(points: Points, one: int, other: int) -> float:
    return float(np.hypot(*(points[one].astype(np.float64) - points[other])))


def _over(value: float, by: float) -> float:
    return value / by if by > 0 else float("nan")
