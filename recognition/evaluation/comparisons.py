"""All comparisons of one person with themself and with others, across sessions only.

Impostors grow in number with the square of the rows: 200 million of 20,000. Only the nearest of
them are kept; of all others it is counted how many lie where. So the rows are gone through twice:
what the first walk finds says what the second one keeps and counts.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recognition.evaluation.samples import Numbers, SampleSet
from recognition.normalisation.normaliser import Blocks
from recognition.values import Vectors

Distances = NDArray[np.float32]
Rows = NDArray[np.int32]
"""(n, 2), the two rows of a sample set that each pair compares."""
Compare = Callable[[Vectors, Vectors], Blocks]
"""Compares two sets of vectors, or one with itself."""
OnRows = Callable[[float], None]
"""Is called with the number of rows done since it was called before, for a bar."""

WALKS = 2
"""How often each row is gone through."""
TAIL_SHARE = 0.05
"""Impostors beyond this share of the nearest never decide a threshold at FMR 1e-2 or below."""
# That many of the nearest are kept in any case, 12 bytes each.
_FEWEST_KEPT = 1_000_000
DISTANCES_AT_ONCE = 4_000_000
"""Distances worked on at once, 4 bytes each, and as much again several times over."""
_BINS = 60
# Impostors are sorted in so many parts one after another.
_SLICES = 16
# All 16-bit floats, ascending: fine enough everywhere to say up to where the nearest reach.
_HALVES = np.arange(2**16, dtype=np.uint16).view(np.float16).astype(np.float32)
_SCALE = np.sort(_HALVES[~np.isnan(_HALVES)])

_Pairs = tuple[Distances, Rows]
_Block = tuple[int, Distances, NDArray[np.bool_]]
"""The first of its rows and columns, distances, and which of them are pairs of two people."""


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """How many distances lie in each of 60 equal steps from the nearest to the farthest."""

    edges: NDArray[np.float64]
    """(61,), ascending."""
    genuine: Numbers
    """(60,)"""
    impostor: Numbers
    """(60,)"""


@dataclass(frozen=True, slots=True, eq=False)
class Comparisons:
    """Genuine and impostor comparisons, each pair once."""

    genuine: Distances
    """(g,), ascending."""
    genuine_rows: Rows
    """(g, 2)."""
    impostors: int
    """How many there are."""
    nearest: Distances
    """(k,), ascending: the nearest of the impostors, all where they are a million or fewer."""
    nearest_rows: Rows
    """(k, 2)."""
    farthest: float
    """The distance of the farthest impostor; infinite where there is none."""
    false_matches: Numbers
    """(g,), how many impostors lie no farther than each genuine pair."""
    histogram: Histogram

    def threshold(self, fmr: float) -> float:
        """What `threshold_at` gives of all impostors.

        Raises IndexError for a rate that none were kept for.
        """
        allowed = _allowed(fmr, self.impostors)
        if allowed >= self.impostors:
            return self.farthest
        return _just_below(self.nearest[allowed])

    def tar(self, fmr: float) -> float:
        """The share of genuine pairs accepted at the threshold of any FMR; 0 of none."""
        allowed = _allowed(fmr, self.impostors)
        if allowed >= self.impostors:
            return share_within(self.genuine, self.farthest)
        accepted = np.searchsorted(self.false_matches, allowed, "right")
        return float(accepted / len(self.genuine)) if len(self.genuine) else 0.0

    def nearer(self, fmr: float) -> "Comparisons":
        """The same with only so many of the nearest impostors as a threshold at this FMR needs."""
        kept = max(_FEWEST_KEPT, _allowed(fmr, self.impostors) + 1)
        return replace(
            self, nearest=self.nearest[:kept].copy(), nearest_rows=self.nearest_rows[:kept].copy()
        )


def compare_all(
    samples: SampleSet,
    compare: Compare,
    *,
    tail: float = TAIL_SHARE,
    on_rows: OnRows = lambda _: None,
) -> Comparisons:
    """Compare all rows of a set with one another; see `compare_rows`."""
    return compare_rows(
        samples, compare(samples.vectors, samples.vectors), tail=tail, on_rows=on_rows
    )


def compare_rows(
    samples: SampleSet,
    distances: Blocks,
    *,
    tail: float = TAIL_SHARE,
    on_rows: OnRows = lambda _: None,
) -> Comparisons:
    """Compare all rows of a set, given how far they lie apart, whatever their vectors are.

    Genuine: one person, two sessions. Impostor: two people. Two rows of one session are not
    compared. `tail` is the share of impostors, the nearest, that is kept: 12 bytes for each, and
    as many while they are sorted.
    """
    seen = _look_over(_walk(samples, distances, on_rows), samples)
    kept = min(seen.impostors, max(_FEWEST_KEPT, int(tail * seen.impostors) + 1))
    nearest = _Nearest(kept, seen.reached)
    false_matches = np.zeros(len(seen.genuine), np.intp)
    edges = np.linspace(seen.lowest, seen.highest + 1e-9, _BINS + 1)
    below = np.zeros(len(edges), np.intp)
    for at, block, strangers in _walk(samples, distances, on_rows):
        impostor = np.sort(block[strangers])
        false_matches += np.searchsorted(impostor, seen.genuine, "right")
        below += np.searchsorted(impostor, edges)
        nearest.add(block, strangers, at)
    genuine = np.diff(np.searchsorted(seen.genuine, edges))
    return Comparisons(
        seen.genuine,
        seen.genuine_rows,
        seen.impostors,
        *nearest.sorted(),
        seen.farthest,
        false_matches,
        Histogram(edges, genuine, np.diff(below)),
    )


def _walk(samples: SampleSet, distances: Blocks, on_rows: OnRows) -> Iterator[_Block]:
    """Some rows after another against themselves and all later ones."""
    step = max(1, DISTANCES_AT_ONCE // max(1, len(samples)))
    for at in range(0, len(samples), step):
        rows, later = slice(at, at + step), slice(at, None)
        block = distances(rows, later)
        # Rows are sorted by identity: this leaves out one half of those pairs, and one person's.
        yield at, block, samples.identity[rows, None] < samples.identity[None, later]
        on_rows(len(block))


@dataclass(frozen=True, slots=True, eq=False)
class _Overview:
    """What the first walk finds."""

    genuine: Distances
    genuine_rows: Rows
    impostors: int
    farthest: float
    lowest: float
    """Of all pairs, 0 where there are none."""
    highest: float
    """Of all pairs, 1 where there are none."""
    reached: Numbers
    """How many impostors lie no farther than each step of `_SCALE`."""


def _look_over(blocks: Iterable[_Block], samples: SampleSet) -> _Overview:
    genuine, impostors = [], 0
    lowest, farthest = math.inf, -math.inf
    reached = np.zeros(len(_SCALE), np.intp)
    for at, block, strangers in blocks:
        genuine.append(_genuine(at, block, samples))
        if strangers.any():
            impostor = np.sort(block[strangers])
            impostors += len(impostor)
            lowest, farthest = min(lowest, impostor[0]), max(farthest, impostor[-1])
            reached += np.searchsorted(impostor, _SCALE, "right")
    own, rows = _in_order(genuine)
    ends = np.array([lowest, farthest, *own[:1], *own[-1:]], np.float64)
    ends = ends[np.isfinite(ends)] if impostors or len(own) else np.array([0.0, 1.0])
    return _Overview(
        own,
        rows,
        impostors,
        float(farthest) if impostors else math.inf,
        float(ends.min()),
        float(ends.max()),
        reached,
    )


def _genuine(at: int, block: Distances, samples: SampleSet) -> _Pairs:
    """The pairs of one person in two sessions; all lie within as many columns as have that person.

    Sessions are numbered as they are sorted, so this as well leaves out one half.
    """
    rows = slice(at, at + len(block))
    end = np.searchsorted(samples.identity, samples.identity[rows][-1], "right")
    same = samples.identity[rows, None] == samples.identity[None, at:end]
    apart = samples.session[rows, None] < samples.session[None, at:end]
    return _pairs(block[:, : end - at], same & apart, at)


class _Nearest:
    """Gathers the nearest impostors in slices of their distance, each sorted by itself.

    So no more than a slice is held twice.
    """

    def __init__(self, kept: int, reached: Numbers) -> None:
        """`reached` says how many there are up to each step of `_SCALE`."""
        self._kept = kept
        ends = np.linspace(0, kept, _SLICES + 1)[1:]
        self._bounds = _SCALE[np.searchsorted(reached, ends)]
        self._slices: list[list[_Pairs]] = [[] for _ in self._bounds]

    def add(self, block: Distances, strangers: NDArray[np.bool_], at: int) -> None:
        distances, rows = _pairs(block, strangers & (block <= self._bounds[-1]), at)
        slices = np.searchsorted(self._bounds, distances)
        for number, parts in enumerate(self._slices):
            inside = slices == number
            parts.append((distances[inside], rows[inside]))

    def sorted(self) -> _Pairs:
        distances, rows = np.empty(self._kept, np.float32), np.empty((self._kept, 2), np.int32)
        at = 0
        for parts in self._slices:
            nearest, pairs = _in_order(parts)
            end = min(at + len(nearest), self._kept)
            distances[at:end], rows[at:end] = nearest[: end - at], pairs[: end - at]
            at = end
        return distances[:at], rows[:at]


def _pairs(block: Distances, wanted: NDArray[np.bool_], at: int) -> _Pairs:
    rows = np.argwhere(wanted).astype(np.int32)
    return block[wanted], rows + np.int32(at)


def _in_order(parts: list[_Pairs]) -> _Pairs:
    """All of them, nearest first, in the order of their rows where they are equal; empties it."""
    distances = np.concatenate([np.empty(0, np.float32), *(part[0] for part in parts)])
    rows = np.concatenate([np.empty((0, 2), np.int32), *(part[1] for part in parts)])
    parts.clear()
    order = np.argsort(distances, kind="stable")
    return distances[order], rows[order]


def threshold_at(impostor: Distances, rate: float) -> float:
    """The largest distance at which no more than this share of impostors is accepted.

    `impostor` is ascending; accepted is what lies at or below the distance. Where not even one may
    be accepted it lies just below the nearest. Impostors at the same distance count together.
    Infinite where there are none.
    """
    allowed = _allowed(rate, len(impostor))
    if allowed >= len(impostor):
        return float(impostor[-1]) if len(impostor) else math.inf
    return _just_below(impostor[allowed])


def _just_below(distance: np.float32) -> float:
    return float(np.nextafter(distance, np.float32(-np.inf)))


def _allowed(rate: float, of: int) -> int:
    """How many of so many errors a rate allows."""
    return int(rate * of + 1e-9)


def share_within(distances: Distances, threshold: float) -> float:
    """The share of ascending distances at or below a threshold; 0 of none."""
    if not len(distances):
        return 0.0
    return float(np.searchsorted(distances, np.float32(threshold), "right") / len(distances))
