"""Intervals by drawing people again, not pairs.

Comparisons of one person share that person: a hard face spoils all of its pairs at once. Drawing
people with replacement keeps that together; drawing pairs would call the figures far surer than
they are. Source: R. Bolle, N. Ratha, S. Pankanti, Error analysis of pattern recognition systems:
the subsets bootstrap (2004); B. Efron, Bootstrap methods (1979).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from recognition.evaluation.comparisons import (
    TAIL_SHARE,
    WALKS,
    Comparisons,
    OnRows,
    Rows,
)
from recognition.evaluation.identification_rates import Searches
from recognition.evaluation.samples import Numbers, SampleSet

Weights = NDArray[np.float64]

DRAWS = 400
PASSES = WALKS + 1
"""How often rows are gone through, comparing and then drawing people."""
_SEED = 20_040_119
# Pairs drawn at once: what they are added up in fits into a processor's cache.
_PAIRS_AT_ONCE = 50_000


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
    comparisons: Comparisons,
    samples: SampleSet,
    rates: Sequence[float],
    *,
    on_rows: OnRows = lambda _: None,
) -> list[Interval | None]:
    """The interval of TAR at each FMR, the threshold drawn anew with the people."""
    return [interval(column) for column in _tar_draws(comparisons, samples, rates, on_rows).T]


def _tar_draws(
    comparisons: Comparisons, samples: SampleSet, rates: Sequence[float], on_rows: OnRows
) -> Weights:
    """(draws, rates). An impostor pair counts as often as both its people were drawn."""
    weights = draws(len(samples.names))
    kept = int(np.ceil(TAIL_SHARE * comparisons.impostors))
    if not kept:
        on_rows(len(samples))
        return np.full((len(weights), len(rates)), np.nan)
    impostors = comparisons.nearest_rows[:kept]
    passed = places_of_rates(samples, impostors, weights, rates, "right", on_rows=on_rows)
    first_refused = comparisons.nearest[np.minimum(passed, kept - 1)]
    accepted = np.searchsorted(comparisons.genuine, first_refused, "left")
    of = samples.identity[comparisons.genuine_rows[:, 0]]
    return np.array([_shares(each[of], at) for each, at in zip(weights, accepted, strict=True)])


def _shares(genuine: Weights, accepted: Numbers) -> Weights:
    """How much of what genuine pairs were drawn lies before each of these places."""
    reached = np.concatenate([[0.0], np.cumsum(genuine)])
    return reached[accepted] / reached[-1] if reached[-1] else np.full(len(accepted), np.nan)


def rows_of_people(samples: SampleSet) -> Weights:
    """How many rows each person has, (people,)."""
    return np.bincount(samples.identity, minlength=len(samples.names)).astype(np.float64)


def weighted_pairs(rows: Weights) -> Weights:
    """How many pairs of rows show two people: (draws, people) rows of each to (draws,)."""
    return np.asarray((rows.sum(axis=1) ** 2 - (rows**2).sum(axis=1)) / 2)


def places_of_rates(
    samples: SampleSet,
    impostors: Rows,
    weights: Weights,
    rates: Sequence[float] | Weights,
    side: Literal["left", "right"],
    *,
    on_rows: OnRows = lambda _: None,
) -> Numbers:
    """Where among the nearest impostors each draw of people reaches each FMR, (draws, rates).

    See `places_reached`; the rates are of all impostors of the draw.
    """
    allowed = np.outer(weighted_pairs(weights * rows_of_people(samples)), rates)
    return places_reached(samples.identity, impostors, weights, allowed, side, on_rows=on_rows)


def places_reached(
    identity: Numbers,
    pairs: Rows,
    weights: Weights,
    allowed: Weights,
    side: Literal["left", "right"],
    *,
    on_rows: OnRows = lambda _: None,
) -> Numbers:
    """The first of n pairs at which more was drawn than is allowed, (draws, rates).

    A pair counts as often as both its people were drawn, by `weights`, (draws, people); `allowed`
    is (draws, rates). With `left` it is the first at which as much was drawn. n where it is never
    reached. The pairs are gone through only as far as some draw needs; for a bar that counts as
    much as going through all rows.
    """
    places, reached = np.zeros(allowed.shape, np.intp), np.zeros(len(weights))
    most, done = allowed.max(axis=1), 0.0
    for at in range(0, len(pairs), _PAIRS_AT_ONCE):
        one, two = identity[pairs[at : at + _PAIRS_AT_ONCE]].T
        for draw, each in enumerate(weights):
            steps = reached[draw] + np.cumsum(each[one] * each[two])
            places[draw] += np.searchsorted(steps, allowed[draw], side)
            reached[draw] = steps[-1]
        if (reached > most).all():
            break
        so_far = float((reached / np.maximum(most, 1)).min().clip(0, 1))
        on_rows((so_far - done) * len(identity))
        done = so_far
    on_rows((1 - done) * len(identity))
    return places


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
