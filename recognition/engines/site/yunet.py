"""Finds faces with YuNet, by OpenCV.

Sources: W. Wu, H. Peng, S. Yu, YuNet: a tiny millisecond-level face detector (2023); OpenCV's
`FaceDetectorYN`.
"""

import math
import threading
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.arguments import require_kind, require_min_face
from recognition.engines.site.alignment import box_of
from recognition.engines.site.model_file import check_model
from recognition.engines.site.model_memory import check_memory
from recognition.errors import ModelError
from recognition.images import require_rgb
from recognition.landmarks import LandmarkKind, as_eye_corners
from recognition.quality import measure
from recognition.values import Box, Face, Image

Row = NDArray[np.float32]
"""left, top, width, height, five points as x, y, and the score."""

# A face this wide in the searched copy is found as surely as a larger one.
_SEARCHED_FACE_PX = 40
_MAX_ENLARGEMENT = 2.0
# Widths that a face is brought to, one after the other, to place its points. Of the ArcFace engine
# in docs/engines.md, TAR at FMR 1e-3 of 190 people's single frames rose from 0.764 to 0.782.
_LOOKS_PX = (64, 112, 160)
# The longest side searched: a larger copy would only find faces smaller than any engine can use.
_MAX_SIDE_PX = 2560
# YuNet's own scores run from 0 to 1. What is less sure than this is as often no face.
_MIN_SCORE = 0.6
_SAME_FACE_OVERLAP = 0.3
_MOST_FACES = 500
# YuNet's box is taller than that of a face from brow to chin, and ends at the picture's border; the
# square that stands for it until the points are placed has this share of its size, this share of
# its height farther down: medians over 150 faces.
_SQUARE_SHARE = 0.94
_SQUARE_DOWN = 0.04
# A square of this share of `min_face` may still turn out to be a face wide enough.
_WORTH_A_LOOK = 0.8


class YuNetDetector:
    """Safe to share between threads: each gets a network of its own, made when first used."""

    def __init__(self, content: bytes, *, name: str) -> None:
        """Take the model's bytes; `name` is for messages."""
        self._content = np.frombuffer(content, np.uint8)
        self._name = name
        self._of_thread = threading.local()

    def find(self, image: Image, *, min_face: int, thorough: bool) -> tuple[Face, ...]:
        """Find faces, largest first; see `Engine.find`. Raises ImageShapeError, ModelError.

        All sizes are found in one search, `thorough` or not. `min_face` is kept to the pixel; the
        built-in detector gives most faces from 0.7 of it on (docs/engines.md says what that costs).
        """
        require_rgb(image)
        require_min_face(min_face)
        require_kind(thorough, bool, "thorough")
        scale = search_scale(image.shape, min_face=min_face)
        rows = self._search(_copy(image, scale), scale)
        if not rows:
            return ()
        grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
        worth = [row for row in rows if _square(row).width >= _WORTH_A_LOOK * min_face]
        looked = [(row, self._points(image, row)) for row in worth]
        faces = [_face(row, points, grey) for row, points in looked if points is not None]
        large = [face for face in faces if face.box.width >= min_face]
        return tuple(sorted(large, key=lambda face: (-face.box.width, -face.score)))

    def _points(self, image: Image, row: Row) -> NDArray[np.float32] | None:
        """A face's five points, as the mean of what is found on copies of several sizes.

        One look misses by a few per cent of the face's width, each size in its own way. None where
        no look finds the face again: a hand, a corner of a wall. Of 608 faces behind masks and dark
        bars, dark, smeared, tilted by 50 degrees or cut in half, every one was found again.
        """
        box = _square(row)
        found = []
        for wide in _LOOKS_PX:
            scale = wide / box.width
            side = 2 * wide
            shift = side / 2 - scale * np.array(box.center)
            matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
            copy = np.asarray(cv2.warpAffine(image, matrix, (side, side)), np.uint8)
            rows = self._search(copy, 1.0)
            middle = [float(np.hypot(*(np.array(_square(r).center) - side / 2))) for r in rows]
            if rows and min(middle) < wide / 4:
                points = rows[int(np.argmin(middle))][4:14].reshape(5, 2)
                found.append((points - shift) / scale)
        return np.asarray(np.mean(found, axis=0), np.float32) if found else None

    def _search(self, copy: Image, scale: float) -> list[Row]:
        """Rows in pixels of the picture that the copy is `scale` times as large as."""
        detector = self._detector()
        detector.setInputSize((copy.shape[1], copy.shape[0]))
        try:
            _, found = detector.detect(np.ascontiguousarray(copy[:, :, ::-1]))
        except cv2.error as error:
            raise ModelError(f"{self._name} does not run as a YuNet detector: {error}.") from error
        if found is None:
            return []
        rows = np.asarray(found, np.float32)
        rows = rows[np.isfinite(rows).all(axis=1)]
        rows[:, :14] /= scale
        return [row for row in rows if row[2] > 0 and row[3] > 0]

    def _detector(self) -> Any:
        detector = getattr(self._of_thread, "detector", None)
        if detector is None:
            detector = self._of_thread.detector = self._make()
        return detector

    def _make(self) -> Any:
        nothing = np.empty(0, np.uint8)
        with quiet_opencv():
            try:
                return cv2.FaceDetectorYN.create(
                    "onnx",
                    self._content,
                    nothing,
                    (320, 320),
                    _MIN_SCORE,
                    _SAME_FACE_OVERLAP,
                    _MOST_FACES,
                )
            except cv2.error as error:
                raise ModelError(f"OpenCV cannot load {self._name}: {error}.") from error


def check_detector(content: bytes, *, name: str) -> None:
    """Raise ModelError where a detector holds, or asks for, what it must not; nothing is run."""
    model = check_model(content, name=name)
    check_memory(model, (1, 3, _MAX_SIDE_PX, _MAX_SIDE_PX), name=name)


class quiet_opencv:  # noqa: N801 - reads as a statement
    """Keeps OpenCV's warnings off standard error; errors are raised all the same.

    OpenCV 5 warns of every network that its new engine takes no target for.
    """

    _lock = threading.Lock()

    def __enter__(self) -> None:
        """Lower the level, for all threads: OpenCV has one."""
        self._lock.acquire()
        self._before = cv2.utils.logging.getLogLevel()
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)

    def __exit__(self, *_: object) -> None:
        """Put it back."""
        cv2.utils.logging.setLogLevel(self._before)
        self._lock.release()


def search_scale(shape: tuple[int, ...], *, min_face: int) -> float:
    """The size of the copy to search, as a factor of the full picture's."""
    longest = max(shape[:2])
    return min(_SEARCHED_FACE_PX / min_face, _MAX_ENLARGEMENT, _MAX_SIDE_PX / longest)


def _copy(image: Image, scale: float) -> Image:
    if scale == 1:
        return image
    height, width = (max(32, round(side * scale)) for side in image.shape[:2])
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, (width, height), interpolation=way), np.uint8)


def _face(row: Row, points: NDArray[np.float32], grey: NDArray[np.uint8]) -> Face:
    box = box_of(points)
    # YuNet's score is 0 to 1; on the scale of a margin around its border, 0 is the border.
    quality = measure(grey, box, as_eye_corners(points))
    score = float(row[14]) - _MIN_SCORE
    return Face(box, score, points, quality, LandmarkKind.EYES_NOSE_MOUTH)


def _square(row: Row) -> Box:
    left, top, width, height = (float(value) for value in row[:4])
    half = math.sqrt(width * height) * _SQUARE_SHARE / 2
    x, y = left + width / 2, top + height * (0.5 + _SQUARE_DOWN)
    return Box(x - half, y - half, x + half, y + half)
