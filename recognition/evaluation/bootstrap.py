"""Intervals by drawing people again, not pairs.

Comparisons of one person share that person: a hard face spoils all of its pairs at once. Drawing
people with replacement keeps that together; drawing pairs would call the figures far surer than
they are. Source: R. Bolle, N. Ratha, S. Pankanti, Error analysis of pattern recognition systems:
the subsets bootstrap (2004); B. Efron, Bootstrap methods (1979).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.evaluation.comparisons import Comparisons
from recognition.evaluation.identification_rates import Searches
from recognition.evaluation.samples import SampleSet

Weights = NDArray[np.float64]

DRAWS = 400
_SEED = 20_040_119
# Impostors beyond this share of the nearest never decide a threshold at FMR 1e-2 or below.
_TAIL_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Interval:
    """95 % of the draws lie between."""

    low: float
    high: float


def interval(values: Sequence[float] | Weights) -> Interval | None:
    """The middle 95 % of the draws; None where a figure could never be formed."""
    known = np.asarray(values, np.float64)
    known = known[np.isfinite(known)]
    if not len(known):
        return None
    low, high = np.quantile(known, (0.025, 0.975))
    return Interval(float(low), float(high))


def draws(people: int, count: int = DRAWS) -> Weights:
    """How often each person is drawn, (count, people); the same in every run."""
    random = np.random.default_rng(_SEED)
    return random.multinomial(people, np.full(people, 1 / people), size=count).astype(np.float64)


def tar_intervals(
    comparisons: Comparisons, samples: SampleSet, rates: Sequence[float]
) -> list[Interval | None]:
    """The interval of TAR at each FMR, the threshold drawn anew with the people."""
    return [interval(column) for column in _tar_draws(comparisons, samples, rates).T]


def _tar_draws(comparisons: Comparisons, samples: SampleSet, rates: Sequence[float]) -> Weights:
    """(draws, rates). An impostor pair counts as often as both its people were drawn."""
    kept = int(np.ceil(_TAIL_SHARE * len(comparisons.impostor)))
    tail = comparisons.impostor[:kept]
    one, two = samples.identity[comparisons.impostor_rows[:kept]].T
    of = samples.identity[comparisons.genuine_rows[:, 0]]
    rows_of = np.bincount(samples.identity, minlength=len(samples.names)).astype(np.float64)
    out = []
    for weights in draws(len(samples.names)):
        reached = np.cumsum(weights[one] * weights[two])
        drawn = weights * rows_of
        total = (drawn.sum() ** 2 - (drawn**2).sum()) / 2
        genuine = np.concatenate([[0.0], np.cumsum(weights[of])])
        out.append([_tar(tail, reached, total, comparisons, genuine, rate) for rate in rates])
    return np.array(out)


def _tar(
    tail: NDArray[np.float32],
    reached: Weights,
    total: float,
    comparisons: Comparisons,
    genuine: Weights,
    rate: float,
) -> float:
    if not genuine[-1] or not len(tail):
        return float("nan")
    first_refused = min(int(np.searchsorted(reached, rate * total, "right")), len(tail) - 1)
    accepted = np.searchsorted(comparisons.genuine, tail[first_refused], "left")
    return float(genuine[accepted] / genuine[-1])


def searches_interval(
    searches: Searches, people: int, figure: Callable[[Searches, Weights], float]
) -> Interval | None:
    """The interval of a figure of searches; it is given a weight for each search."""
    return interval([figure(searches, weights[searches.identity]) for weights in draws(people)])


def weighted_fnir_at_fpir(searches: Searches, weights: Weights, rate: float) -> float:
    """FNIR at FPIR where each search counts as often as its person was drawn."""
    strangers = np.flatnonzero(~searches.known)
    strangers = strangers[np.argsort(searches.distance[strangers], kind="stable")]
    reached = np.cumsum(weights[strangers])
    enrolled = weights[searches.known].sum()
    if not len(reached) or not reached[-1] or not enrolled:
        return float("nan")
    allowed = rate * reached[-1] + 1e-9
    refused = min(int(np.searchsorted(reached, allowed, "right")), len(strangers) - 1)
    found = searches.right & (searches.distance < searches.distance[strangers[refused]])
    return float(1 - weights[found].sum() / enrolled)


def weighted_rank1(searches: Searches, weights: Weights) -> float:
    """The share of enrolled people's searches that end with their own name."""
    enrolled = weights[searches.known].sum()
    return float(weights[searches.right].sum() / enrolled) if enrolled else float("nan")
