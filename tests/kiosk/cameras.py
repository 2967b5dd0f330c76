"""Cameras that do as they are told."""

import threading
from collections import deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kiosk.camera_source import CameraSource, Footage, SourceKind
from kiosk.errors import CameraLostError

SOURCE = CameraSource(SourceKind.DEVICE, "0")


class FakeFootage:
    """Gives its pictures one after the other; at the end it is over, or waits for more."""

    def __init__(
        self,
        pictures: Sequence[NDArray[np.uint8]],
        *,
        rate: float | None = None,
        endless: bool = False,
    ) -> None:
        self.rate = rate
        self.closed = False
        self.cut = threading.Event()
        self._pictures = deque(pictures)
        self._last = pictures[-1] if pictures else None
        self._endless = endless

    def read(self) -> NDArray[np.uint8] | None:
        """The next picture; an endless camera repeats the last a hundred times a second."""
        if self.cut.is_set():
            return None
        if self._pictures:
            return self._pictures.popleft()
        if self._endless:
            self.cut.wait(0.01)
            return None if self.cut.is_set() else self._last
        return None

    def skip(self) -> bool:
        """Pass over one."""
        return self.read() is not None

    def close(self) -> None:
        """Note that it was given back."""
        self.closed = True


class FakeOpener:
    """Opens, in turn, what it was given; None stands for a camera that is not there."""

    def __init__(self, *turns: FakeFootage | None) -> None:
        self._turns = deque(turns)
        self.opened = 0

    def __call__(self, source: CameraSource) -> Footage:
        """Open the next one; when there is none left the camera is gone for good."""
        self.opened += 1
        footage = self._turns.popleft() if self._turns else None
        if footage is None:
            raise CameraLostError(f"The camera ({source}) does not open.")
        return footage
