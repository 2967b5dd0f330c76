"""The camera's thread: opens it, keeps the newest frame, finds it again after it was lost."""

import logging
import threading
from collections.abc import Callable
from enum import StrEnum

from kiosk.backoff import Backoff
from kiosk.camera_source import CameraSource, Footage, open_source
from kiosk.clock import running_s
from kiosk.errors import CameraLostError
from kiosk.frames import NewestFrame

log = logging.getLogger(__name__)

FIRST_RETRY_S = 0.5
LONGEST_RETRY_S = 10.0
"""A camera plugged in again is seen within this time."""
FROZEN_S = 5.0
"""A camera that hangs without an error is lost after this; slow ones give a frame a second."""


class CameraState(StrEnum):
    """How the camera is doing."""

    OPENING = "opening"
    SHOWING = "showing"
    LOST = "lost"
    ENDED = "ended"
    """A video file has come to its end; the slot keeps its last frame."""


class Camera:
    """Reads a source in a thread of its own into a newest-frame slot.

    A video file plays in real time at its own rate: frames that come too late are passed over,
    as a real camera would have it. Thread safe: start and stop it from one thread, ask for its
    state from any.
    """

    def __init__(
        self,
        source: CameraSource,
        slot: NewestFrame,
        *,
        loop: bool = False,
        opener: Callable[[CameraSource], Footage] = open_source,
        backoff: Backoff | None = None,
        clock: Callable[[], float] = running_s,
    ) -> None:
        """`loop` plays a video again from its start, for ever."""
        self._source = source
        self._slot = slot
        self._loop = loop
        self._opener = opener
        self._backoff = backoff or Backoff(FIRST_RETRY_S, LONGEST_RETRY_S)
        self._clock = clock
        self._state = CameraState.OPENING
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="camera", daemon=True)

    def start(self) -> None:
        """Begin to read; returns at once."""
        self._thread.start()

    def stop(self, patience_s: float = 1.0) -> None:
        """End the thread; a driver that hangs in a read is left behind after `patience_s`."""
        self._stopping.set()
        self._thread.join(patience_s)

    def running(self) -> bool:
        """Whether the thread is still there."""
        return self._thread.is_alive()

    def require_thread(self) -> None:
        """Raise CameraLostError if the thread died of a fault nobody thought of."""
        if self._state is not CameraState.ENDED and not self._thread.is_alive():
            raise CameraLostError("The camera's thread has ended by itself; see above.")

    def state(self, now_s: float) -> CameraState:
        """How the camera is doing; a picture that stands still for too long counts as lost."""
        frame = self._slot.newest()
        if self._state is CameraState.SHOWING and frame and now_s - frame.taken_s > FROZEN_S:
            return CameraState.LOST
        return self._state

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                footage = self._opener(self._source)
            except CameraLostError as lost:
                self._lose(str(lost))
                continue
            try:
                shown = self._play(footage)
            finally:
                footage.close()
            if self._stopping.is_set():
                return
            if footage.rate is None or not shown:
                self._lose(f"The camera ({self._source}) gives no more frames.")
            elif not self._loop:
                log.info("The video is over; its last frame stays.")
                self._state = CameraState.ENDED
                return

    def _lose(self, why: str) -> None:
        """Note the loss once, and wait before the next try."""
        if self._state is not CameraState.LOST:
            log.warning("%s Trying again until it is back.", why)
        self._state = CameraState.LOST
        self._stopping.wait(self._backoff.next_s())

    def _play(self, footage: Footage) -> int:
        """Put frames into the slot until there are none; returns how many there were."""
        pace = Pace(footage.rate, self._clock())
        shown = 0
        while not self._stopping.is_set():
            now = self._clock()
            if pace.late(now):
                if not footage.skip():
                    break
                pace.passed()
                continue
            image = footage.read()
            if image is None:
                break
            self._stopping.wait(pace.wait_s(self._clock()))
            pace.passed()
            self._slot.put(image, self._clock())
            shown += 1
            if self._state is not CameraState.SHOWING:
                log.info("The camera (%s) gives frames.", self._source)
                self._state = CameraState.SHOWING
                self._backoff.reset()
        return shown


class Pace:
    """When each frame of a video is due, so that it plays in real time.

    Has no clock of its own. Without a rate (a live camera) every frame is due at once and none
    is late.
    """

    REANCHOR_S = 1.0
    """After a longer gap (the machine slept) the video goes on from where it was."""

    def __init__(self, rate: float | None, started_s: float) -> None:
        """`rate` in frames per second; the first frame is due at `started_s`."""
        self._period_s = 1 / rate if rate else 0.0
        self._due_s = started_s

    def wait_s(self, now_s: float) -> float:
        """Seconds until the next frame is due; 0 when it is."""
        if not self._period_s:
            return 0.0
        return max(0.0, self._due_s - now_s)

    def late(self, now_s: float) -> bool:
        """Whether the next frame's time is over already: its follower is due as well."""
        if not self._period_s:
            return False
        behind = now_s - self._due_s
        if behind > self.REANCHOR_S:
            self._due_s = now_s
            return False
        return behind >= self._period_s

    def passed(self) -> None:
        """The next frame was shown or passed over."""
        self._due_s += self._period_s
