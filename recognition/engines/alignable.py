"""What faces must have to be aligned, whichever engine does it."""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognition.arguments import require_each, require_kind
from recognition.errors import LandmarkError
from recognition.landmarks import LandmarkKind
from recognition.values import Box, Face

# No picture that is taken has so many pixels on a side; dlib counts them in 32 bits.
_FARTHEST_PX = 1e6


def require_alignable(faces: Sequence[Face], kinds: Collection[LandmarkKind]) -> None:
    """Raise LandmarkError unless each face has five points of these kinds, not all in one place.

    Raises ArgumentError for what is no sequence of faces.
    """
    require_each(faces, Face, "Faces")
    for face in faces:
        require_kind(face.box, Box, "The box of a face")
        require_kind(face.kind, LandmarkKind, "The kind of a face's points")
        if face.kind not in kinds:
            raise LandmarkError(
                f"This engine aligns no faces whose points are {face.kind}; it knows "
                f"{', '.join(kinds)}."
            )
        points = _array(face.landmarks)
        if points.shape != (5, 2) or points.dtype.kind not in "fiu":
            raise LandmarkError(
                "A face is aligned by five points, float32 (5, 2), "
                f"not {points.dtype} of shape {points.shape}."
            )
        # Ten numbers: plain Python takes a fifth of NumPy's time for them.
        places: list[list[float]] = points.tolist()
        box = face.box
        numbers = (*points.ravel().tolist(), box.left, box.top, box.right, box.bottom)
        if not all(-_FARTHEST_PX <= number <= _FARTHEST_PX for number in numbers):
            raise LandmarkError(
                "A face is aligned by five points, and one of them, or its box, is no number or "
                "lies beyond any picture."
            )
        if places.count(places[0]) == len(places):
            raise LandmarkError("A face cannot be aligned: its points lie all in one place.")


def _array(landmarks: object) -> NDArray[Any]:
    """Raises LandmarkError for lists of several lengths, which make no array."""
    try:
        return np.asarray(landmarks)
    except ValueError as error:
        raise LandmarkError("A face is aligned by five points, each of two numbers.") from error
