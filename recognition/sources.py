"""Where frames come from: a picture, a folder of pictures, a video file, a camera, a stream.

A source is opened once and walked through once. Frames come one at a time, so a long video needs
no more memory than a short one. Not safe to share between threads.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Protocol, Self
from urllib.parse import urlsplit, urlunsplit

import cv2
import numpy as np

from recognition.errors import DecodeError, SourceError
from recognition.images import decode, inspect
from recognition.picture_files import Skipped, list_files, read_picture
from recognition.values import Frame

Kind = Literal["image", "folder", "video", "camera", "stream"]

_STREAM_PREFIXES = ("rtsp://", "rtsps://", "rtmp://", "http://", "https://", "udp://", "srt://")
# How long a stream may keep silent before it counts as lost.
_STREAM_TIMEOUT_MS = 10_000
# Enough to tell a picture from a video; a video may not fit into memory.
_SNIFFED_BYTES = 65_536
# OpenCV adds its ways of asking to a camera's number, in hundreds.
_MOST_CAMERAS = 99
# What a camera is taken to deliver where it does not say.
_ASSUMED_FRAMES_PER_S = 15.0
# Some files only say how long they are, which gives the number of frames give or take one.
_FEW_FRAMES = 1


class Source(Protocol):
    """Frames, one after the other; a context manager that lets go of file or camera."""

    kind: Kind
    frames_per_s: float
    """Rate of a video, camera or stream; 0.0 for pictures."""
    skipped: list[Skipped]
    """Files that gave no frame, or not all of theirs; complete once all frames are taken."""
    lost: bool
    """Whether a camera or stream went away while frames were taken."""

    def __len__(self) -> int:
        """About how many frames there are; 0 where nobody knows."""
        ...

    def frames(self, *, every: int = 1) -> Iterator[Frame]:
        """Give frame 0, `every`, 2 x `every` and so on. Raises SourceError."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


def open_source(text: str) -> Source:
    """Open what `text` names: a path, a camera's number, or the address of a stream.

    Raises SourceError where it is not there or cannot be opened.
    """
    if text.isdecimal():
        return VideoSource(text, "camera")
    if text.lower().startswith(_STREAM_PREFIXES):
        return VideoSource(text, "stream")
    path = Path(text)
    if path.is_dir():
        return PictureSource(text, "folder", list_files(path))
    if not path.is_file():
        raise SourceError(f"There is no file or folder {text}.")
    if _is_picture(path):
        return PictureSource(text, "image", [path])
    return VideoSource(text, "video")


def is_address(text: str) -> bool:
    """Whether this is a camera's number or a stream's address, and no path."""
    return text.isdecimal() or text.lower().startswith(_STREAM_PREFIXES)


def without_password(address: str) -> str:
    """The address as it may be shown and kept: without the name and password in it.

    Raises SourceError, without the address, for what is none.
    """
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise SourceError(f"This is no address of a stream: {error}.") from None
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _open_capture(name: str, kind: Kind) -> cv2.VideoCapture:
    if kind == "camera":
        if len(name) > len(str(_MOST_CAMERAS)) or int(name) > _MOST_CAMERAS:
            raise SourceError(_OPENING_FAILED[kind].format(name=name))
        return cv2.VideoCapture(int(name))
    if kind == "video":
        return cv2.VideoCapture(name)
    limits = [
        *(cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, _STREAM_TIMEOUT_MS),
        *(cv2.CAP_PROP_READ_TIMEOUT_MSEC, _STREAM_TIMEOUT_MS),
    ]
    return cv2.VideoCapture(name, cv2.CAP_FFMPEG, limits)


def _is_picture(path: Path) -> bool:
    """Tell a picture, damaged ones and those of other formats among them, from a video."""
    try:
        with path.open("rb") as file:
            inspect(file.read(_SNIFFED_BYTES))
    except DecodeError as error:
        return error.code != "not_an_image"
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}.") from error
    return True


class _Closing:
    """Lets go of nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of file or camera."""


class PictureSource(_Closing):
    """Files with one picture each; those that cannot be decoded are skipped and listed."""

    frames_per_s = 0.0
    lost = False

    def __init__(self, name: str, kind: Kind, files: list[Path]) -> None:
        self.kind: Kind = kind
        self.skipped: list[Skipped] = []
        self._name = name
        self._files = files

    def __len__(self) -> int:
        return len(self._files)

    def frames(self, *, every: int = 1) -> Iterator[Frame]:
        """Decode one file after the other. Raises SourceError where none can be."""
        given = 0
        for index, path in enumerate(self._files[::every]):
            try:
                image = decode(read_picture(path))
            except (DecodeError, OSError) as error:
                self.skipped.append(Skipped.because(path, error))
                continue
            given += 1
            yield Frame(image, index * every, 0.0, str(path))
        if not given:
            why = f": {self.skipped[0].reason}" if self.kind == "image" and self.skipped else "."
            raise SourceError(f"{self._name} holds no picture that can be used{why}")


class VideoSource(_Closing):
    """A video file, a camera or a stream, read by OpenCV."""

    def __init__(self, name: str, kind: Kind) -> None:
        """Raises SourceError where it cannot be opened."""
        self.kind: Kind = kind
        self.skipped: list[Skipped] = []
        self.lost = False
        self._name = without_password(name) if kind == "stream" else name
        self._capture = _open_capture(name, kind)
        if not self._capture.isOpened():
            self._capture.release()
            raise SourceError(_OPENING_FAILED[kind].format(name=self._name))
        rate = self._capture.get(cv2.CAP_PROP_FPS)
        self.frames_per_s = float(rate) if 0 < rate <= 1000 else _ASSUMED_FRAMES_PER_S

    def __len__(self) -> int:
        return self._announced() if self.kind == "video" else 0

    def _announced(self) -> int:
        """How many frames there should be by what the file says; 0 where it says nothing."""
        return max(0, int(self._capture.get(cv2.CAP_PROP_FRAME_COUNT)))

    def frames(self, *, every: int = 1) -> Iterator[Frame]:
        """Read to the end, which for a camera or stream is its loss. Raises SourceError where
        nothing comes.

        Times are the video's own for a file, and measured for a camera or stream. A video that
        ends before its time gives what could be read, and `skipped` says so.
        """
        started = time.monotonic()
        index = damaged = 0
        while self._capture.grab():
            if index % every == 0:
                pixels = self._retrieve()
                if pixels is not None:
                    elapsed = time.monotonic() - started
                    time_s = index / self.frames_per_s if self.kind == "video" else elapsed
                    yield Frame(pixels, index, time_s, self._name)
                else:
                    damaged += 1
            index += 1
        if index == 0:
            raise SourceError(f"{self._name} gives no frame that can be decoded.")
        self._close_account(index, damaged)

    def _close_account(self, read: int, damaged: int) -> None:
        """Say what is missing at the end."""
        announced = self._announced()
        if self.kind != "video":
            # A film on a server is a stream as well, and ends.
            self.lost = self.kind == "camera" or not announced or read < announced - _FEW_FRAMES
        elif read < announced - _FEW_FRAMES:
            reason = f"It ends early: {read} of {announced} frames could be read."
            self.skipped.append(Skipped(self._name, reason))
        if damaged:
            reason = f"{damaged} frames are damaged and were left out."
            self.skipped.append(Skipped(self._name, reason))

    def _retrieve(self) -> Any:
        """The grabbed frame as RGB; None where it is damaged."""
        got, pixels = self._capture.retrieve()
        if not got or pixels is None:
            return None
        return np.ascontiguousarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB))

    def close(self) -> None:
        """Let go of file or camera."""
        self._capture.release()


_OPENING_FAILED: dict[Kind, str] = {
    "video": "{name} is no picture and no video that can be read.",
    "camera": "Camera {name} cannot be opened: is it plugged in, and is nobody else using it?",
    "stream": "The stream {name} cannot be opened: check the address and that it is reachable.",
}
