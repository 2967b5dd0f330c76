"""Vectors in one matrix, with whom and which session each row belongs to."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.errors import EvaluationError
from recognition.evaluation.acquisition import Acquisition, Sample
from recognition.fusion import fuse
from recognition.values import Vector, Vectors

Numbers = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class SampleSet:
    """Rows sorted by identity, then session: n vectors of people 0, 1, 2, ..."""

    vectors: Vectors
    """float32 (n, dimension)."""
    identity: Numbers
    """(n,), a number for each person, in the order of `names`."""
    session: Numbers
    """(n,), a number for each session, unique over all people, growing with its name."""
    quality: NDArray[np.float32]
    """(n,), overall quality, 0..1."""
    face_px: NDArray[np.float32]
    """(n,), width of the face in pixels."""
    names: tuple[str, ...]

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.identity)

    def take(self, rows: "NDArray[np.bool_] | Numbers") -> "SampleSet":
        """Only these rows; people and sessions keep their numbers."""
        return SampleSet(
            self.vectors[rows],
            self.identity[rows],
            self.session[rows],
            self.quality[rows],
            self.face_px[rows],
            self.names,
        )

    def of_people(self, people: Numbers) -> "SampleSet":
        """Only rows of these people; people and sessions keep their numbers."""
        return self.take(np.isin(self.identity, people))


def single_samples(acquisition: Acquisition, *, looks: bool = False) -> SampleSet:
    """Each picture a row of its own: the upright face, or with `looks` all looks at it fused.

    Raises EvaluationError where no face was found at all.
    """
    samples = acquisition.samples
    if not samples:
        raise EvaluationError("No face was found in any picture.")
    pictures = [sample.picture for sample in samples]
    names, identity = np.unique([picture.identity for picture in pictures], return_inverse=True)
    # Numbered in the dataset's order, which sorts a person's sessions by name.
    sessions = {(picture.identity, picture.session): None for picture in pictures}
    number = {key: at for at, key in enumerate(sessions)}
    return SampleSet(
        np.stack([_vector(sample, acquisition, looks=looks) for sample in samples]),
        identity.astype(np.intp),
        np.array([number[picture.identity, picture.session] for picture in pictures], np.intp),
        np.array([sample.quality.overall for sample in samples], np.float32),
        np.array([sample.box.width for sample in samples], np.float32),
        tuple(str(name) for name in names),
    )


def _vector(sample: Sample, acquisition: Acquisition, *, looks: bool) -> Vector:
    if not looks:
        return np.asarray(sample.vectors[0])
    return fuse(sample.vectors, acquisition.mean_vector)


def fused_samples(single: SampleSet, mean_vector: Vector) -> SampleSet:
    """One row for each session: the fusion of all its rows, as the door does it."""
    sessions, first = np.unique(single.session, return_index=True)
    rows = [np.flatnonzero(single.session == one) for one in sessions]
    vectors = [
        single.vectors[of][0]
        if len(of) == 1
        else fuse(single.vectors[of], mean_vector, single.face_px[of])
        for of in rows
    ]
    return SampleSet(
        np.stack(vectors),
        single.identity[first],
        sessions.astype(np.intp),
        np.array([single.quality[of].mean() for of in rows], np.float32),
        np.array([single.face_px[of].mean() for of in rows], np.float32),
        single.names,
    )
