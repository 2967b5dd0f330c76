"""Looks for the one face of a picture where a detector finds none.

A detector of upright frontal faces gives up on turned and dim ones. The network itself says whether
a square shows a face, so a few squares about the picture's middle are tried; a picture that was cut
out around a face, as enrolment's and data sets' are, rarely needs another.
"""

import numpy as np

from recognition.keypoints.frame import FaceFrame
from recognition.keypoints.predictor import KeypointPredictor, Keypoints
from recognition.keypoints.preprocess import to_grey
from recognition.values import Image

# Sides of the squares tried, as shares of the picture's shorter side; a face cut out at 2.2 widths
# has 0.45.
_SIDES = (0.4, 0.55, 0.75)
# Squares stand this share of their side apart, this many on either side of the middle.
_STEP, _STEPS = 0.35, 1
# Boxes that share less than this are two faces'; so many are looked at once more.
_SAME_FACE, _BESIDE = 0.2, 5


def seek(image: Image, predictor: KeypointPredictor) -> Keypoints | None:
    """The surest face about the middle of an RGB picture; None where none is accepted.

    Takes some 30 runs of the network. Raises ImageShapeError.
    """
    return next(iter(seek_two(image, predictor)), None)


def seek_two(image: Image, predictor: KeypointPredictor) -> tuple[Keypoints, ...]:
    """The surest face about the middle, and one beside it where one is accepted; see `seek`."""
    grey = to_grey(image)
    starts = _starts(*grey.shape)
    seen = predictor.predict_frames(grey, starts)
    surest = sorted(seen, key=lambda one: -one.confidence)[:3]
    again = predictor.predict_frames(grey, [one.frame for one in surest], passes=2)
    best = max(again, key=lambda one: one.confidence)
    if not best.accepted:
        return ()
    beside = [one for one in seen if one.accepted and _apart(one, best)]
    nearer = predictor.predict_frames(grey, [one.frame for one in beside[:_BESIDE]], passes=2)
    others = [one for one in nearer if one.accepted and _apart(one, best)]
    return (best, *sorted(others, key=lambda one: -one.confidence)[:1])


def _apart(one: Keypoints, other: Keypoints) -> bool:
    return one.frame.upright().iou(other.frame.upright()) < _SAME_FACE


def _starts(height: int, width: int) -> list[FaceFrame]:
    steps = np.arange(-_STEPS, _STEPS + 1) * _STEP
    return [
        FaceFrame(width / 2 + across * side, height / 2 + down * side, side)
        for side in (share * min(height, width) for share in _SIDES)
        for down in steps
        for across in steps
    ]
