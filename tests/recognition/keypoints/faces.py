"""Faces that the tests make up: the mean face in a frame, and a picture of it."""

import cv2
import numpy as np

from recognition.keypoints.frame import MEAN_FACE, FaceFrame
from recognition.keypoints.points import Points
from recognition.values import Image


def points_in(frame: FaceFrame) -> Points:
    """The mean face as it lies in a frame, float32 (68, 2)."""
    angle = np.radians(frame.roll)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return np.asarray(MEAN_FACE @ turn.T * frame.side + (frame.x, frame.y), np.float32)


def sketch(frame: FaceFrame, width: int = 320, height: int = 240) -> Image:
    """A grey picture with a light disc at each point of the mean face."""
    image = np.full((height, width, 3), 60, np.uint8)
    for x, y in points_in(frame):
        centre = (round(float(x) * 16), round(float(y) * 16))
        cv2.circle(image, centre, round(0.02 * frame.side * 16), (230, 230, 230), -1, shift=4)
    return image
