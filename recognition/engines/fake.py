"""An engine without networks, for tests of code that uses one."""

from collections.abc import Sequence

import numpy as np

from recognition.arguments import require_kind, require_min_face
from recognition.decision import DEFAULT_DISTANCES
from recognition.distances import Distances
from recognition.engines.alignable import require_alignable
from recognition.engines.protocol import DEFAULT_LOOKS, DEFAULT_MIN_FACE_PX
from recognition.face_quality import Quality
from recognition.images import require_chips, require_rgb
from recognition.landmarks import LandmarkKind
from recognition.values import Box, EngineId, Face, Image, Look, Vector, Vectors

_CHIP_PX = 8
_PERFECT = {
    "sharpness": 1.0,
    "brightness": 128.0,
    "contrast": 60.0,
    "inside": 1.0,
    "side_light": 0.0,
    "covered": 0.0,
    "overall": 1.0,
}


class FakeEngine:
    """Takes the middle of a picture for a face, and its mean colour for the person.

    A black picture has no face. The vector is red, green and blue, each 0..1, so the distance of
    two pictures is the distance of their colours. Holds no state; safe to share between threads.
    """

    dimension = 3

    def __init__(self, *, version: str = "1") -> None:
        self._id = EngineId("fake", version)

    @property
    def id(self) -> EngineId:
        """Always the name "fake"."""
        return self._id

    @property
    def chip_px(self) -> int:
        """Width and height of a chip."""
        return _CHIP_PX

    @property
    def distances(self) -> Distances:
        """Those of the built-in engine."""
        return DEFAULT_DISTANCES

    @property
    def mean_vector(self) -> Vector:
        """Middle grey."""
        return np.full(self.dimension, 0.5, np.float32)

    @property
    def looks(self) -> tuple[Look, ...]:
        """Turned and mirrored."""
        return DEFAULT_LOOKS

    def find(
        self, image: Image, *, min_face: int = DEFAULT_MIN_FACE_PX, thorough: bool = False
    ) -> tuple[Face, ...]:
        """Find one frontal face of half the picture's shorter side, if that is large enough."""
        require_rgb(image)
        require_min_face(min_face)
        require_kind(thorough, bool, "thorough")
        height, width = image.shape[:2]
        side = min(height, width) / 2
        if side < min_face or not image.any():
            return ()
        left, top = (width - side) / 2, (height - side) / 2
        box = Box(left, top, left + side, top + side)
        at = np.array([[0.8, 0.4], [0.6, 0.4], [0.2, 0.4], [0.4, 0.4], [0.5, 0.7]], np.float32)
        landmarks = (at * side + np.array([left, top])).astype(np.float32)
        quality = Quality(face_px=side, yaw=0.0, roll=0.0, **_PERFECT)
        return (Face(box, 1.0, landmarks, quality),)

    def align(self, image: Image, faces: Sequence[Face]) -> Image:
        """Fill each chip with the face's mean colour: uint8 (n, 8, 8, 3)."""
        require_rgb(image)
        require_alignable(faces, (LandmarkKind.EYE_CORNERS_NOSE,))
        chips = np.empty((len(faces), _CHIP_PX, _CHIP_PX, 3), np.uint8)
        for chip, face in zip(chips, faces, strict=True):
            box = face.box.clip(image.shape[1], image.shape[0])
            inner = image[int(box.top) : int(box.bottom), int(box.left) : int(box.right)]
            # Black lies beyond the picture.
            chip[:] = inner.mean(axis=(0, 1)).round().astype(np.uint8) if inner.size else 0
        return chips

    def embed_chips(self, chips: Image) -> Vectors:
        """The mean colour of each chip, 0..1: float32 (n, 3)."""
        require_chips(chips, _CHIP_PX)
        return np.asarray(chips.mean(axis=(1, 2)) / 255, np.float32)

    def embed(self, image: Image, faces: Sequence[Face]) -> Vectors:
        """Align and embed."""
        return self.embed_chips(self.align(image, faces))
