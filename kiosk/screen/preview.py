"""The newest picture of the camera as a small JPEG, made only when somebody looks."""

import threading
from dataclasses import dataclass

import cv2
import numpy as np

from kiosk.frames import CameraFrame
from recognition import encode_jpeg

WIDEST_PX = 640
"""A mirror needs no more, whatever the camera gives; making it stays at some milliseconds."""
JPEG_QUALITY = 80


@dataclass(frozen=True, slots=True)
class Picture:
    """One encoded preview."""

    number: int
    """Of the frame it shows."""
    jpeg: bytes


class Preview:
    """Encodes frames, each at most once. Thread safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: Picture | None = None

    def picture(self, frame: CameraFrame) -> Picture:
        """A frame as JPEG; two who look at the same one share the work."""
        with self._lock:
            if self._last is None or self._last.number != frame.number:
                self._last = Picture(frame.number, encode_jpeg(_small(frame), JPEG_QUALITY))
            return self._last


def _small(frame: CameraFrame) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    height, width = frame.image.shape[:2]
    if width <= WIDEST_PX:
        return frame.image
    size = (WIDEST_PX, max(1, round(height * WIDEST_PX / width)))
    # Averaging over areas costs four times as much on a large picture, and a mirror is not art.
    resized = cv2.resize(frame.image, size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(resized, np.uint8)
