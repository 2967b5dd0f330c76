"""Distances told relative to how near strangers lie to each of the two faces.

Some faces, blurred or common ones, lie near everybody. Adaptive symmetric score normalisation
(AS-norm) sees that by comparing each face with a cohort of other people, and counts a distance in
standard deviations from the mean of the nearest of them. Here no cohort is kept: what it would
have said, mean and spread of the nearest, is predicted from the vector itself by a regression
that was fitted on people who then are no longer needed. The numbers kept describe no person.

Sources: Z. Karam, W. Campbell, N. Dehak, Towards reduced false-alarms using cohorts (2011);
P. Matejka et al., Analysis of score normalization in multilingual speaker recognition (2017).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.errors import GalleryError
from recognition.values import Vector, Vectors

Column = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """What each of n vectors adds to the linear map of its distances."""

    gain: Column
    """(n,), above 0."""
    offset: Column
    """(n,), a distance."""


@dataclass(frozen=True, slots=True, eq=False)
class Regression:
    """A value predicted from a vector: linear in it and in its squared length, within bounds.

    The vector is taken from the engine's mean vector.
    """

    constant: float
    linear: Vector
    """float32 (dimension,)."""
    square: float
    low: float
    high: float
    """Bounds of what was seen: a vector unlike all faces is not extrapolated to."""

    def predict(self, centred: Vectors) -> Column:
        """(n,) of float32 (n, dimension)."""
        squares = np.einsum("ij,ij->i", centred, centred)
        value = self.constant + centred @ self.linear + self.square * squares
        return np.asarray(np.clip(value, self.low, self.high), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Normaliser:
    """Maps distances of one engine so that one threshold suits all faces alike.

    Normalised distances keep the scale of plain ones: a face like most others keeps its own.
    Immutable, so safe to share between threads.
    """

    mean_vector: Vector
    """float32 (dimension,), of the engine."""
    mean: Regression
    """The mean distance of the nearest strangers."""
    log_spread: Regression
    """The logarithm of their standard deviation."""
    typical_mean: float
    typical_spread: float
    share: float
    """How much of the normalised distance is taken, 0 (plain) to 1."""

    def __post_init__(self) -> None:
        """Raise ValueError for a share out of range or a scale that is not above 0."""
        if not 0 <= self.share <= 1:
            raise ValueError(f"The share must lie between 0 and 1, not {self.share}.")
        if not (self.typical_mean > 0 and self.typical_spread > 0):
            raise ValueError("The typical mean and spread must be above 0.")

    def terms(self, vectors: Vectors) -> Terms:
        """What each row of float32 (n, dimension) adds to the map of its distances.

        The distance of a and b becomes (gain_a + gain_b) * distance + offset_a + offset_b. Raises
        GalleryError for vectors of another dimension.
        """
        if vectors.ndim != 2 or vectors.shape[1] != len(self.mean_vector):
            raise GalleryError(
                f"Vectors of shape {vectors.shape} cannot be normalised in "
                f"{len(self.mean_vector)} dimensions."
            )
        centred = np.asarray(vectors, np.float32) - self.mean_vector
        mean = self.mean.predict(centred)
        relative = self.share * self.typical_spread * np.exp(-self.log_spread.predict(centred))
        gain = ((1 - self.share) + relative) / 2
        offset = (self.share * self.typical_mean - relative * mean) / 2
        return Terms(gain.astype(np.float32), offset.astype(np.float32))

    def compare(self, one: Vectors, other: Vectors) -> NDArray[np.float32]:
        """Normalised distances of float32 (m, dimension) from (n, dimension): float32 (m, n)."""
        ours, theirs = self.terms(one), self.terms(other)
        distances = plain_distances(one, other)
        distances *= ours.gain[:, None] + theirs.gain[None, :]
        distances += ours.offset[:, None] + theirs.offset[None, :]
        return distances


def plain_distances(one: Vectors, other: Vectors) -> NDArray[np.float32]:
    """Euclidean distances of float32 (m, dimension) from (n, dimension): float32 (m, n)."""
    squares = one @ other.T
    squares *= -2
    squares += np.einsum("ij,ij->i", one, one)[:, None]
    squares += np.einsum("ij,ij->i", other, other)[None, :]
    return np.asarray(np.sqrt(np.maximum(squares, 0, out=squares)), np.float32)
