"""Faces and sightings out of thin air, for tests of what comes after the detector."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from kiosk.frames import CameraFrame
from kiosk.visits import Sighting
from recognition import Box, Face, Quality, Reason

GOOD = Quality(
    face_px=200.0,
    sharpness=0.5,
    brightness=128.0,
    contrast=45.0,
    yaw=0.0,
    roll=0.0,
    inside=1.0,
    side_light=0.1,
    covered=0.0,
    overall=0.9,
)
NOTHING = np.zeros((480, 640, 3), np.uint8)


def box_at(x: float, y: float = 240.0, width: float = 200.0) -> Box:
    """A square box around a point."""
    half = width / 2
    return Box(x - half, y - half, x + half, y + half)


def face_at(x: float, y: float = 240.0, *, width: float = 200.0, overall: float = 0.9) -> Face:
    """A good face around a point."""
    quality = replace(GOOD, face_px=width, overall=overall)
    return Face(box_at(x, y, width), 1.0, np.zeros((5, 2), np.float32), quality)


def sighting(
    time_s: float,
    *faults: Reason,
    x: float = 320.0,
    y: float = 240.0,
    width: float = 200.0,
    overall: float = 0.9,
    image: NDArray[np.uint8] = NOTHING,
) -> Sighting:
    """A face seen at a time, good unless it has faults."""
    face = face_at(x, y, width=width, overall=overall)
    return Sighting(face, faults, CameraFrame(image, round(time_s * 1000), time_s))


def vector_of(person: int) -> NDArray[np.float32]:
    """A vector far from every other person's; the same for the same person."""
    vector = np.zeros(16, np.float32)
    vector[person % 16] = 1.0
    return vector
