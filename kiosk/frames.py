"""A camera's frame, and the slot that holds only the newest one."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class CameraFrame:
    """One picture of the camera."""

    image: NDArray[np.uint8]
    """RGB, shape (height, width, 3), uint8. Nobody writes into it."""
    number: int
    """Counts up from 1 for as long as the kiosk runs, across cameras lost and found."""
    taken_s: float
    """When it left the camera, on the running clock."""


class NewestFrame:
    """Holds the newest frame; putting another one in throws the older away.

    So a slow reader never works through a queue of old frames: it always sees the door as it is
    now. Thread safe: one thread puts, any number of threads look.
    """

    def __init__(self, on_new: Callable[[], None] = lambda: None) -> None:
        """`on_new` is called by the thread that puts, after each frame; it must return at once."""
        self._on_new = on_new
        self._lock = threading.Lock()
        self._frame: CameraFrame | None = None
        self._count = 0

    def put(self, image: NDArray[np.uint8], taken_s: float) -> CameraFrame:
        """Replace the frame in the slot; returns the new one with its number."""
        with self._lock:
            self._count += 1
            self._frame = frame = CameraFrame(image, self._count, taken_s)
        self._on_new()
        return frame

    def newest(self) -> CameraFrame | None:
        """The newest frame, again and again the same one until another comes; None before any."""
        with self._lock:
            return self._frame

    def newer_than(self, number: int) -> CameraFrame | None:
        """The newest frame if it is younger than frame `number`, otherwise None."""
        frame = self.newest()
        return frame if frame is not None and frame.number > number else None
