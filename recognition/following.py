"""Finds faces again where they were a moment ago, without searching the whole picture.

Only places are handed on from frame to frame, never who somebody is: whoever stands at a place now
is found, measured and embedded anew (docs/decisions/036-window-around-the-last-place.md).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from recognition.arguments import is_number, require_each, require_engine, require_min_face, said
from recognition.engines.protocol import Engine
from recognition.errors import ArgumentError
from recognition.images import require_rgb
from recognition.values import Box, Face, Image

# A window's side in widths of the face: a face that moved by 0.6 of its width lies in it whole.
_WINDOW = 2.2
# A face smaller than this share of what it was is not looked for in the window.
_SHRUNK = 0.7
# Windows of people who stand together overlap; one face in two of them has more in common.
_SAME_FACE_OVERLAP = 0.3


@dataclass(frozen=True, slots=True)
class _Window:
    """A part of a picture, in whole pixels, and the smallest face looked for in it."""

    left: int
    top: int
    right: int
    bottom: int
    min_face: int

    @property
    def cost(self) -> float:
        """What searching it takes: an engine's copy of it is the smaller, the larger the face."""
        return (self.right - self.left) / self.min_face * ((self.bottom - self.top) / self.min_face)


def find_again(
    image: Image, places: Sequence[Box], *, engine: Engine, min_face: int
) -> tuple[Face, ...] | None:
    """Find the faces that were at these places a moment ago, largest first, in pixels of `image`.

    `image` is RGB uint8 (height, width, 3), `places` are the boxes of all faces of an earlier
    picture of the same camera. Faces that came near them since are found as well, those elsewhere
    are not; of no places nothing is found. None where somebody is not found again, or where the
    windows would take as long as the whole: then the whole has to be searched. Raises
    ImageShapeError, ArgumentError, and what the engine raises.
    """
    require_rgb(image)
    require_each(places, Box, "The places")
    require_engine(engine, "Faces are found")
    require_min_face(min_face)
    height, width = image.shape[:2]
    windows = [_window(place, width, height, min_face) for place in places]
    if sum(window.cost for window in windows) >= _Window(0, 0, width, height, min_face).cost:
        return None
    found: list[Face] = []
    for window in windows:
        faces = _search(image, window, engine)
        if not faces:
            return None
        found += [face for face in faces if not _among(found, face)]
    if len(found) < len(places):
        return None
    return tuple(sorted(found, key=lambda face: (-face.box.width, -face.score)))


class Follower:
    """Finds the faces of frames that follow one another. For one source, in one thread."""

    def __init__(self, engine: Engine, *, min_face: int, whole_every_s: float) -> None:
        """Search the whole frame every so many seconds, 0 or more; 0: each frame.

        Raises ArgumentError.
        """
        require_engine(engine, "Faces are found")
        require_min_face(min_face)
        if not (is_number(whole_every_s) and whole_every_s >= 0):
            said_s = said(whole_every_s)
            raise ArgumentError(f"The time between two searches is 0 s or more, not {said_s}.")
        self._engine = engine
        self._min_face = min_face
        self._whole_every_s = whole_every_s
        self._places: tuple[Box, ...] = ()
        self._searched_s = -math.inf
        """When the whole frame was searched last."""

    def find(self, image: Image, time_s: float) -> tuple[Face, ...]:
        """Find the faces of the next frame, largest first, `time_s` seconds into the source.

        Every face from `min_face` pixels on is found in the first frame that is due to be searched
        as a whole; until then a newcomer beside known faces can go unseen. Raises ImageShapeError,
        ArgumentError.
        """
        require_rgb(image)
        if not is_number(time_s):
            raise ArgumentError(f"A frame's time is a number of seconds, not {said(time_s)}.")
        faces = self._find_again(image, time_s)
        if faces is None:
            faces = self._engine.find(image, min_face=self._min_face, thorough=True)
            self._searched_s = time_s
        self._places = tuple(face.box for face in faces)
        return faces

    def _find_again(self, image: Image, time_s: float) -> tuple[Face, ...] | None:
        if not self._places or not 0 <= time_s - self._searched_s < self._whole_every_s:
            return None
        return find_again(image, self._places, engine=self._engine, min_face=self._min_face)


def _window(place: Box, width: int, height: int, min_face: int) -> _Window:
    """The window around a place in a picture of this size. Raises ArgumentError for no place."""
    x, y = place.center
    reach = max(place.width, place.height) * _WINDOW / 2
    if not all(map(math.isfinite, (x, y, reach))):
        raise ArgumentError(f"A face cannot have been at {place}.")
    inner = Box(x - reach, y - reach, x + reach, y + reach).clip(width, height)
    return _Window(
        left=math.floor(inner.left),
        top=math.floor(inner.top),
        right=math.ceil(inner.right),
        bottom=math.ceil(inner.bottom),
        min_face=max(min_face, round(_SHRUNK * place.width)),
    )


def _search(image: Image, window: _Window, engine: Engine) -> list[Face]:
    part = image[window.top : window.bottom, window.left : window.right]
    if part.size == 0:
        return []
    faces = engine.find(part, min_face=window.min_face, thorough=True)
    moved = (_moved(face, window.left, window.top) for face in faces)
    return [face for face in moved if not _cut(face.box, window, image)]


def _moved(face: Face, x: int, y: int) -> Face:
    """A face of a part of a picture, in the picture's own pixels."""
    box = face.box
    return replace(
        face,
        box=Box(box.left + x, box.top + y, box.right + x, box.bottom + y),
        landmarks=face.landmarks + np.array([x, y], np.float32),
    )


def _cut(box: Box, window: _Window, image: Image) -> bool:
    """Whether the window cuts a face off that the picture does not."""
    height, width = image.shape[:2]
    return (
        box.left < window.left > 0
        or box.top < window.top > 0
        or box.right > window.right < width
        or box.bottom > window.bottom < height
    )


def _among(found: Sequence[Face], face: Face) -> bool:
    return any(face.box.iou(other.box) >= _SAME_FACE_OVERLAP for other in found)
