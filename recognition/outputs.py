"""Writes drawn pictures where `--out` says: a picture, a folder of them, or a video."""

from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from PIL import Image as PillowImage

from recognition.errors import OutputError
from recognition.sources import Kind
from recognition.values import Frame, Image

PICTURE_ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".webp"})
VIDEO_ENDINGS = frozenset({".mp4", ".mkv", ".mov", ".avi"})
_JPEG_QUALITY = 92


class Output(Protocol):
    """Takes drawn pictures one after the other."""

    def write(self, frame: Frame, drawn: Image) -> None:
        """Take the drawn picture of a frame. Raises OutputError."""
        ...

    def close(self) -> None:
        """Finish; what was written so far can be opened afterwards."""
        ...


def check_output(path: Path, kind: Kind) -> str | None:
    """Say what is wrong with an output path for this kind of source; None where nothing is."""
    if kind == "folder":
        return f"{path} must be a folder, as the source is one." if path.is_file() else None
    endings = PICTURE_ENDINGS if kind == "image" else VIDEO_ENDINGS
    if path.suffix.lower() not in endings:
        return f"{path} must end in one of {', '.join(sorted(endings))}."
    return f"{path} is a folder." if path.is_dir() else None


def open_output(path: Path, kind: Kind, source: str, *, frames_per_s: float) -> Output:
    """Open an output for frames of `source`."""
    if kind == "folder":
        return FolderOutput(path, Path(source))
    if kind == "image":
        return PictureOutput(path)
    return VideoOutput(path, frames_per_s=frames_per_s)


class PictureOutput:
    """One picture, its format told by the ending."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, frame: Frame, drawn: Image) -> None:
        """Write the picture."""
        write_picture(self._path, drawn)

    def close(self) -> None:
        """Nothing is open."""


class FolderOutput:
    """A folder with the pictures of another one, under the same names."""

    def __init__(self, folder: Path, source: Path) -> None:
        self._folder = folder
        self._source = source

    def write(self, frame: Frame, drawn: Image) -> None:
        """Write one picture; as JPEG where its name has no picture's ending."""
        path = self._folder / Path(frame.source).relative_to(self._source)
        if path.suffix.lower() not in PICTURE_ENDINGS:
            path = path.with_name(path.name + ".jpg")
        write_picture(path, drawn)

    def close(self) -> None:
        """Nothing is open."""


class VideoOutput:
    """A video (MPEG-4), begun with the first frame, whose size all others are brought to."""

    def __init__(self, path: Path, *, frames_per_s: float) -> None:
        self._path = path
        self._frames_per_s = frames_per_s
        self._writer: cv2.VideoWriter | None = None
        self._size = (0, 0)

    def write(self, frame: Frame, drawn: Image) -> None:
        """Append one picture."""
        if self._writer is None:
            self._writer = self._open(drawn)
        pixels = np.asarray(cv2.cvtColor(drawn, cv2.COLOR_RGB2BGR))
        if (pixels.shape[1], pixels.shape[0]) != self._size:
            pixels = np.asarray(cv2.resize(pixels, self._size, interpolation=cv2.INTER_AREA))
        self._writer.write(pixels)

    def _open(self, first: Image) -> cv2.VideoWriter:
        _make_folder(self._path.parent)
        self._size = (first.shape[1], first.shape[0])
        code = cv2.VideoWriter.fourcc(*"mp4v")
        writer = cv2.VideoWriter(str(self._path), code, self._frames_per_s, self._size)
        if not writer.isOpened():
            raise OutputError(f"The video {self._path} cannot be written.")
        return writer

    def close(self) -> None:
        """Write the video's index."""
        if self._writer is not None:
            self._writer.release()


def write_picture(path: Path, image: Image) -> None:
    """Write an RGB picture in the format of the path's ending. Raises OutputError."""
    _make_folder(path.parent)
    try:
        PillowImage.fromarray(image).save(path, quality=_JPEG_QUALITY)
    except (OSError, ValueError) as error:
        raise OutputError(f"The picture {path} cannot be written: {error}.") from error


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"The folder {folder} cannot be made: {error.strerror}.") from error
