"""What `--camera` names, and opening it with OpenCV."""

import math
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.errors import CallError, CameraLostError

STREAM_SCHEMES = {"rtsp", "rtsps", "rtmp", "http", "https", "udp", "tcp"}
STREAM_TIMEOUT_MS = 5_000
"""Longer than a camera needs to answer over a poor line, shorter than people wait at a door."""
FALLBACK_RATE = 25.0
"""Frames per second of a video file that does not tell its rate."""


class SourceKind(StrEnum):
    """What sort of thing the frames come from."""

    DEVICE = "device"
    FILE = "file"
    STREAM = "stream"


@dataclass(frozen=True, slots=True)
class CameraSource:
    """Where the frames come from."""

    kind: SourceKind
    address: str
    """Device number or path, file path, or stream address (may hold a password)."""

    def __str__(self) -> str:
        """For logs and messages: the address without its password."""
        if self.kind is not SourceKind.STREAM:
            return f"{self.kind.value} {self.address}"
        parts = urlsplit(self.address)
        _, at, host = parts.netloc.rpartition("@")
        netloc = f"***@{host}" if at else host
        # A query may carry a key as well; the path is enough to know the camera by.
        return f"stream {urlunsplit((parts.scheme, netloc, parts.path, '', ''))}"


def parse_source(text: str) -> CameraSource:
    """Tell a camera number, a video file and a stream address apart.

    Raises CallError for an empty text, an unknown scheme, and a file that is not there.
    """
    text = text.strip()
    scheme = re.match(r"([a-z][a-z0-9+.-]*)://", text, re.IGNORECASE)
    if scheme:
        if scheme.group(1).lower() not in STREAM_SCHEMES:
            known = ", ".join(sorted(STREAM_SCHEMES))
            raise CallError(f"--camera: cannot read {scheme.group(1)}:// addresses, only {known}.")
        return CameraSource(SourceKind.STREAM, text)
    # A camera on the wall may come up after the kiosk, so a device need not be there yet.
    if text.isascii() and (text.isdigit() or text.startswith("/dev/")):
        return CameraSource(SourceKind.DEVICE, text)
    if not text:
        raise CallError("--camera: name a camera number, a video file or a stream address.")
    if not Path(text).is_file():
        raise CallError(f"--camera: there is no video file {text!r}.")
    return CameraSource(SourceKind.FILE, text)


class Footage(Protocol):
    """An open camera or video. Used by one thread at a time."""

    @property
    def rate(self) -> float | None:
        """Frames per second to play at, or None for a camera, which sets the pace itself."""

    def read(self) -> NDArray[np.uint8] | None:
        """The next frame, RGB (height, width, 3) uint8; None when the video is over or lost."""

    def skip(self) -> bool:
        """Pass over the next frame without unpacking it; False when there is none."""

    def close(self) -> None:
        """Give the camera back."""


class OpenCvFootage:
    """Footage read by OpenCV."""

    def __init__(self, source: CameraSource, capture: cv2.VideoCapture) -> None:
        self._capture = capture
        self._rate = playing_rate(
            source.kind,
            frames=capture.get(cv2.CAP_PROP_FRAME_COUNT),
            rate=capture.get(cv2.CAP_PROP_FPS),
        )

    @property
    def rate(self) -> float | None:
        """Frames per second of a video, None for a camera."""
        return self._rate

    def read(self) -> NDArray[np.uint8] | None:
        """The next frame as RGB, or None when there is none."""
        try:
            done, image = self._capture.read()
        except cv2.error:
            # A stream that changes its size or codec on the way; it is opened anew.
            return None
        if not done or image is None or image.size == 0:
            return None
        code = cv2.COLOR_GRAY2RGB if image.ndim == 2 else cv2.COLOR_BGR2RGB
        return np.ascontiguousarray(cv2.cvtColor(image, code), dtype=np.uint8)

    def skip(self) -> bool:
        """Pass over one frame; cheaper than reading it."""
        return bool(self._capture.grab())

    def close(self) -> None:
        """Release the device or file."""
        self._capture.release()


def playing_rate(kind: SourceKind, *, frames: float, rate: float) -> float | None:
    """Frames per second a source is to be played at; None for one that comes live.

    A stream that says how many frames it has is a recording on a web server: unpaced, it would
    rush past as fast as the line carries it. The same holds for a file, whatever it says.
    """
    recording = kind is SourceKind.FILE or (kind is SourceKind.STREAM and frames > 0)
    if not recording:
        return None
    # Broken headers say 0, not-a-number, or the 90,000 ticks of a transport stream.
    return rate if math.isfinite(rate) and 0.5 <= rate <= 240 else FALLBACK_RATE


def open_source(source: CameraSource) -> Footage:
    """Open a camera, a video file or a stream; blocks up to some seconds.

    Raises CameraLostError when it does not open.
    """
    try:
        capture = _capture(source)
    except cv2.error as error:
        raise CameraLostError(f"The camera ({source}) does not open: {error.err}") from error
    if not capture.isOpened():
        capture.release()
        raise CameraLostError(f"The camera ({source}) does not open.")
    return OpenCvFootage(source, capture)


def _capture(source: CameraSource) -> cv2.VideoCapture:
    if source.kind is SourceKind.DEVICE:
        number = source.address
        capture = cv2.VideoCapture(int(number) if number.isdigit() else number)
        # One frame in the driver's queue: the newest. Drivers that cannot do it ignore it.
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        return capture
    if source.kind is SourceKind.STREAM:
        limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, STREAM_TIMEOUT_MS]
        limits += [cv2.CAP_PROP_READ_TIMEOUT_MSEC, STREAM_TIMEOUT_MS]
        return cv2.VideoCapture(source.address, cv2.CAP_FFMPEG, limits)
    return cv2.VideoCapture(source.address)


def quiet_opencv() -> None:
    """Keep OpenCV's own chatter off standard error, and its thread pool out of the way.

    The kiosk says itself, once and in words, when a camera is lost. Its pictures are small: a
    pool of threads would burn more in waking up than it saves.
    """
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    cv2.setNumThreads(1)
