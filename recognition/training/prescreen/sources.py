"""Faces to put into frames, and pieces of pictures without one to put them on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recognition.datasets.keypoints import LabelledFace, pictures_of
from recognition.engines.dlib_resnet.detector import HogDetector
from recognition.engines.dlib_resnet.landmark_box import landmark_box
from recognition.errors import DecodeError
from recognition.images import decode
from recognition.keypoints.points import FIVE
from recognition.keypoints.preprocess import to_grey
from recognition.prescreen.preprocess import Grey
from recognition.values import Box

DRAWN_FOLDER = "drawn_people"
# Around a face so much more, in its widths, belongs to the head.
_HEAD = 0.55
_LEAST_PX = 24


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A picture with one face that is known."""

    person: str
    picture: Grey
    box: Box
    """Of the face, as wide as the detector's would be."""


def labelled_sources(faces: Sequence[LabelledFace]) -> Iterator[Source]:
    """Pictures whose faces have points. Raises DatasetError where none can be read."""
    for face, image in pictures_of(faces, []):
        box = landmark_box(np.asarray(face.points[list(FIVE)], np.float32))
        if box is not None and np.isfinite(face.points).all():
            yield Source(face.person, to_grey(image), box)


def drawn_sources(folder: Path, detector: HogDetector) -> Iterator[Source]:
    """Pictures `<person>_<number>.jpg` in which the detector finds one face; none is no fault."""
    for path in sorted(folder.glob("*.jpg")):
        try:
            image = decode(path.read_bytes())
        except (DecodeError, OSError):
            continue
        faces = detector.find(image, min_face=80, thorough=True)
        if len(faces) == 1:
            yield Source(path.stem.rpartition("_")[0], to_grey(image), faces[0].box)


def faceless_parts(source: Source) -> Iterator[Grey]:
    """What lies left and right of, above and below the head, where that is wide enough."""
    high, wide = source.picture.shape
    reach = _HEAD * source.box.width
    left, right = int(source.box.left - reach), int(source.box.right + reach)
    top, bottom = int(source.box.top - reach), int(source.box.bottom + reach)
    parts = ((0, left, 0, high), (right, wide, 0, high), (0, wide, 0, top), (0, wide, bottom, high))
    for begin, end, upper, lower in parts:
        if min(end, wide) - max(begin, 0) >= _LEAST_PX <= min(lower, high) - max(upper, 0):
            yield source.picture[max(upper, 0) : lower, max(begin, 0) : end]
