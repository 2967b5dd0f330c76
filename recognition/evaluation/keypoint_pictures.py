"""A small picture of a labelled face with the points placed on it."""

import cv2
import numpy as np

from recognition.evaluation.keypoints import Answer, mean_error
from recognition.keypoints.frame import frame_of_points
from recognition.values import Image

_SIDE_PX = 224
_PLACED, _LABELLED = (40, 200, 90), (230, 60, 50)


def answer_picture(answer: Answer) -> Image:
    """The face's surroundings, RGB uint8 (224, 224, 3): labelled in red, placed in green."""
    frame = frame_of_points(answer.face.points)
    if frame is None:
        return np.asarray(cv2.resize(answer.picture, (_SIDE_PX, _SIDE_PX)), np.uint8)
    scale = _SIDE_PX / (2 * frame.side)
    corner = np.array([frame.x - frame.side, frame.y - 0.9 * frame.side])
    transform = np.array([[scale, 0, -scale * corner[0]], [0, scale, -scale * corner[1]]])
    canvas = cv2.warpAffine(answer.picture, transform, (_SIDE_PX, _SIDE_PX))
    for points, colour in ((answer.face.points, _LABELLED), (answer.points, _PLACED)):
        if points is None:
            continue
        for x, y in (points[np.isfinite(points).all(axis=1)] - corner) * scale:
            cv2.circle(canvas, (round(float(x)), round(float(y))), 2, colour, -1, cv2.LINE_AA)
    return np.asarray(canvas, np.uint8)


def caption(answer: Answer) -> str:
    """The file, and how far the points lie off."""
    if answer.points is None:
        return f"missed: {answer.face.name}"
    found = "" if answer.detected else ", found by the network alone"
    return f"{mean_error(answer):.1%}{found}: {answer.face.name}"
