"""Finds and embeds the face of each picture of a dataset; what was done once is kept.

An entry of the cache is named by the picture's content and the engine, so a picture that moves is
found again, and one that changes is not.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass

import numpy as np

from recognition.engines.protocol import Engine
from recognition.errors import DecodeError
from recognition.evaluation.dataset import Dataset, Picture
from recognition.face_quality import Quality
from recognition.images import decode
from recognition.looks import look_chips
from recognition.picture_cache import PictureCache
from recognition.picture_files import Skipped, read_picture
from recognition.values import Box, EngineId, Face, Image, Vector, Vectors

# Raised whenever the same picture and engine would give another entry.
_FORMAT = 5


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """The face of one picture."""

    picture: Picture
    box: Box
    quality: Quality
    vectors: Vectors
    """One for each of the engine's looks, upright first: float32 (looks, dimension)."""


@dataclass(frozen=True, slots=True, eq=False)
class Acquisition:
    """What became of the pictures of a dataset."""

    engine: EngineId
    mean_vector: Vector
    """What all faces have in common in this engine's space, float32 (dimension,)."""
    samples: tuple[Sample, ...]
    """In the dataset's order."""
    missed: tuple[Picture, ...]
    """Pictures in which no face was found, or that are damaged."""
    skipped: tuple[Skipped, ...]
    """Files that are damaged, or whose name says nothing."""

    @property
    def looks(self) -> int:
        """How many were taken of each face; 0 where no face was found."""
        return max((len(sample.vectors) for sample in self.samples), default=0)

    @property
    def images(self) -> int:
        """How many pictures there were."""
        return len(self.samples) + len(self.missed)


def acquire(
    dataset: Dataset,
    *,
    engine: Engine,
    min_face: int,
    keep: bool = True,
    on_picture: Callable[[], None] = lambda: None,
) -> Acquisition:
    """Take the largest face of each picture, from `min_face` pixels' width on, and its vector.

    `on_picture` is called after each picture. With `keep` what was found is kept in the cache
    folder, and taken from there.
    """
    cache = PictureCache("evaluation", engine.id, version=f"{_FORMAT}-{min_face}", keep=keep)

    def take(picture: Picture) -> Sample | None:
        content = read_picture(picture.path)
        return _read_entry(picture, cache.entry(content, lambda: _entry(content, engine, min_face)))

    return take_all(dataset, take, engine.id, engine.mean_vector, on_picture=on_picture)


def take_all(
    dataset: Dataset,
    take: Callable[[Picture], Sample | None],
    engine: EngineId,
    mean_vector: Vector,
    *,
    on_picture: Callable[[], None] = lambda: None,
) -> Acquisition:
    """Whatever `take` makes of each picture; those it makes nothing of are missed.

    A picture at which it raises DecodeError or OSError is skipped as well.
    """
    samples: list[Sample] = []
    missed: list[Picture] = []
    skipped = list(dataset.skipped)
    for picture in dataset.pictures:
        try:
            sample = take(picture)
        except (DecodeError, OSError) as error:
            skipped.append(Skipped.because(picture.path, error))
            sample = None
        if sample is None:
            missed.append(picture)
        else:
            samples.append(sample)
        on_picture()
    return Acquisition(engine, mean_vector, tuple(samples), tuple(missed), tuple(skipped))


def largest_face(content: bytes, engine: Engine, min_face: int) -> tuple[Face, Image] | None:
    """The largest face of a picture file and its chips, (looks, side, side, 3); None of none.

    Raises DecodeError.
    """
    image = decode(content)
    for face in engine.find(image, min_face=min_face, thorough=True)[:1]:
        return face, look_chips(image, face, engine, engine.looks)
    return None


def _entry(content: bytes, engine: Engine, min_face: int) -> bytes:
    """Face and vectors in NumPy's own format; empty where there is no face."""
    found = largest_face(content, engine, min_face)
    if found is None:
        return b""
    face, chips = found
    written = io.BytesIO()
    np.savez(
        written,
        box=astuple(face.box),
        quality=astuple(face.quality),
        vectors=engine.embed_chips(chips),
    )
    return written.getvalue()


def _read_entry(picture: Picture, entry: bytes) -> Sample | None:
    if not entry:
        return None
    with np.load(io.BytesIO(entry), allow_pickle=False) as arrays:
        box, quality = Box(*_floats(arrays["box"])), Quality(*_floats(arrays["quality"]))
        vectors = np.asarray(arrays["vectors"], np.float32)
    return Sample(picture, box, quality, vectors)


def _floats(array: Sequence[float]) -> list[float]:
    return [float(value) for value in array]
