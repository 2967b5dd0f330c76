"""Distances told relative to how near strangers lie to each of the two faces.

Some faces, blurred or common ones, lie near everybody. Adaptive symmetric score normalisation
(AS-norm) sees that by comparing each face with a cohort of other people, and counts a distance in
standard deviations from the mean of the nearest of them. The cohort here is nobody: each of its
vectors is an average of several people's, and nearer to none of them than strangers may be.

Sources: Z. Karam, W. Campbell, N. Dehak, Towards reduced false-alarms using cohorts (2011);
P. Matejka et al., Analysis of score normalization in multilingual speaker recognition (2017).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.errors import GalleryError
from recognition.values import Vectors

Column = NDArray[np.float32]
Blocks = Callable[[slice, slice], NDArray[np.float32]]
"""Distances of some rows of one set of vectors from some of another: float32 (rows, columns)."""
# Vectors compared with the cohort at once: bounded memory for any number of them.
_AT_ONCE = 4096
# No face has its nearest all at one distance; what divides by it must not be 0.
_LEAST_SPREAD = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """What each of n vectors adds to the linear map of its distances."""

    gain: Column
    """(n,), above 0."""
    offset: Column
    """(n,), a distance."""


@dataclass(frozen=True, slots=True, eq=False)
class Normaliser:
    """Maps distances of one engine so that one threshold suits all faces alike.

    Normalised distances keep the scale of plain ones: a face like most others keeps its own.
    Immutable, so safe to share between threads.
    """

    cohort: Vectors
    """float32 (m, dimension)."""
    nearest: int
    """How many of the cohort, those nearest to a face, say what strangers are to it; 2 to m."""
    typical_mean: float
    """The mean distance of these from most faces."""
    typical_spread: float
    """Its standard deviation."""
    share: float
    """How much of the normalised distance is taken, 0 (plain) to 1."""

    def __post_init__(self) -> None:
        """Raise ValueError for a cohort too small, a share out of range or a scale not above 0."""
        if self.cohort.ndim != 2 or not 2 <= self.nearest <= len(self.cohort):
            raise ValueError(f"{self.nearest} of {self.cohort.shape} cannot be the nearest.")
        if not 0 <= self.share <= 1:
            raise ValueError(f"The share must lie between 0 and 1, not {self.share}.")
        if not (self.typical_mean > 0 and self.typical_spread > 0):
            raise ValueError("The typical mean and spread must be above 0.")

    def terms(self, vectors: Vectors) -> Terms:
        """What each row of float32 (n, dimension) adds to the map of its distances.

        The distance of a and b becomes (gain_a + gain_b) * distance + offset_a + offset_b. Raises
        GalleryError for vectors of another dimension.
        """
        mean, spread = self.nearness(vectors)
        relative = self.share * self.typical_spread / np.maximum(spread, _LEAST_SPREAD)
        gain = ((1 - self.share) + relative) / 2
        offset = (self.share * self.typical_mean - relative * mean) / 2
        return Terms(gain.astype(np.float32), offset.astype(np.float32))

    def nearness(self, vectors: Vectors) -> tuple[Column, Column]:
        """Mean and spread of the cohort's nearest to each row of float32 (n, dimension), (n,) each.

        Raises GalleryError for vectors of another dimension.
        """
        dimension = self.cohort.shape[1]
        if vectors.ndim != 2 or vectors.shape[1] != dimension:
            raise GalleryError(
                f"Vectors of shape {vectors.shape} cannot be normalised in {dimension} dimensions."
            )
        means, spreads = [np.empty(0, np.float32)], [np.empty(0, np.float32)]
        for at in range(0, len(vectors), _AT_ONCE):
            distances = plain_distances(vectors[at : at + _AT_ONCE], self.cohort)
            distances.partition(self.nearest - 1, axis=1)
            means.append(distances[:, : self.nearest].mean(axis=1))
            spreads.append(distances[:, : self.nearest].std(axis=1))
        return np.concatenate(means), np.concatenate(spreads)

    def blocks(self, one: Vectors, other: Vectors) -> Blocks:
        """Normalised distances of float32 (m, dimension) from (n, dimension).

        What each vector adds is worked out once, however many blocks are asked for. Distances of a
        picture from itself, or from one nearly like it, may lie below 0.
        """
        ours = self.terms(one)
        theirs = ours if other is one else self.terms(other)

        def block(rows: slice, columns: slice) -> NDArray[np.float32]:
            distances = plain_distances(one[rows], other[columns])
            distances *= ours.gain[rows, None] + theirs.gain[None, columns]
            distances += ours.offset[rows, None] + theirs.offset[None, columns]
            return distances

        return block


def plain_blocks(one: Vectors, other: Vectors) -> Blocks:
    """Euclidean distances of float32 (m, dimension) from (n, dimension)."""
    return lambda rows, columns: plain_distances(one[rows], other[columns])


def plain_distances(one: Vectors, other: Vectors) -> NDArray[np.float32]:
    """Euclidean distances of float32 (m, dimension) from (n, dimension): float32 (m, n)."""
    squares = one @ other.T
    squares *= -2
    squares += np.einsum("ij,ij->i", one, one)[:, None]
    squares += np.einsum("ij,ij->i", other, other)[None, :]
    return np.asarray(np.sqrt(np.maximum(squares, 0, out=squares)), np.float32)
