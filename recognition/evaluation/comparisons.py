"""All comparisons of one person with themself and with others, across sessions only."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.evaluation.samples import Numbers, SampleSet
from recognition.values import Vectors

Distances = NDArray[np.float32]
Compare = Callable[[Vectors, Vectors], Distances]
"""Distances of float32 (m, dimension) from float32 (n, dimension): float32 (m, n)."""

# Distances held at once while they are sorted into genuine and impostor, 4 bytes each.
_DISTANCES_AT_ONCE = 16_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Comparisons:
    """Genuine and impostor comparisons, each pair once."""

    genuine: Distances
    """(g,), ascending."""
    genuine_rows: Numbers
    """(g, 2), the two rows of the sample set."""
    impostor: Distances
    """(i,), ascending."""
    impostor_rows: Numbers
    """(i, 2), the two rows of the sample set."""


def compare_all(samples: SampleSet, compare: Compare) -> Comparisons:
    """Compare all rows of a set with one another.

    Genuine: one person, two sessions. Impostor: two people. Two rows of one session are not
    compared. Needs 12 bytes for each pair, and 20 more while they are sorted.
    """
    step = max(1, _DISTANCES_AT_ONCE // max(1, len(samples)))
    genuine, impostor = [], []
    for at in range(0, len(samples), step):
        block = compare(samples.vectors[at : at + step], samples.vectors[at:])
        rows = slice(at, at + step)
        later = np.arange(block.shape[1])[None, :] > np.arange(block.shape[0])[:, None]
        same = samples.identity[rows, None] == samples.identity[None, at:]
        apart = samples.session[rows, None] != samples.session[None, at:]
        genuine.append(_pairs(block, later & same & apart, at))
        impostor.append(_pairs(block, later & ~same, at))
    return Comparisons(*_sorted(genuine), *_sorted(impostor))


def _pairs(block: Distances, wanted: NDArray[np.bool_], at: int) -> tuple[Distances, Numbers]:
    rows = np.argwhere(wanted).astype(np.int32)
    return block[wanted], np.asarray(rows + np.int32(at))


def _sorted(parts: list[tuple[Distances, Numbers]]) -> tuple[Distances, Numbers]:
    distances = np.concatenate([part[0] for part in parts])
    rows = np.concatenate([part[1] for part in parts])
    parts.clear()  # as much again as both of them
    order = np.argsort(distances, kind="stable")
    return distances[order], rows[order]


def threshold_at(impostor: Distances, rate: float) -> float:
    """The largest distance at which no more than this share of impostors is accepted.

    `impostor` is ascending; accepted is what lies at or below the distance. Where not even one may
    be accepted it lies just below the nearest. Impostors at the same distance count together.
    Infinite where there are none.
    """
    if not len(impostor):
        return float("inf")
    allowed = int(rate * len(impostor) + 1e-9)
    if allowed >= len(impostor):
        return float(impostor[-1])
    first_refused = impostor[allowed]
    return float(np.nextafter(first_refused, np.float32(-np.inf)))


def share_within(distances: Distances, threshold: float) -> float:
    """The share of ascending distances at or below a threshold; 0 of none."""
    if not len(distances):
        return 0.0
    return float(np.searchsorted(distances, np.float32(threshold), "right") / len(distances))
