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
from recognition.values import Box, EngineId, Vector, Vectors

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
    samples: list[Sample] = []
    missed: list[Picture] = []
    skipped = list(dataset.skipped)
    for picture in dataset.pictures:
        try:
            sample = _sample(picture, engine, min_face, cache)
        except (DecodeError, OSError) as error:
            skipped.append(Skipped.because(picture.path, error))
            sample = None
        if sample is None:
            missed.append(picture)
        else:
            samples.append(sample)
        on_picture()
    return Acquisition(engine.id, engine.mean_vector, tuple(samples), tuple(missed), tuple(skipped))


def _sample(picture: Picture, engine: Engine, min_face: int, cache: PictureCache) -> Sample | None:
    """The cached face of a picture, or a new one. Raises DecodeError and OSError."""
    content = read_picture(picture.path)
    return _read_entry(picture, cache.entry(content, lambda: _entry(content, engine, min_face)))


def _entry(content: bytes, engine: Engine, min_face: int) -> bytes:
    """Face and vector in NumPy's own format; empty where there is no face."""
    image = decode(content)
    faces = engine.find(image, min_face=min_face, thorough=True)[:1]
    if not faces:
        return b""
    face = faces[0]
    vectors = engine.embed_chips(look_chips(image, face, engine, engine.looks))
    written = io.BytesIO()
    np.savez(
        written,
        box=astuple(face.box),
        quality=astuple(face.quality),
        vectors=vectors,
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
