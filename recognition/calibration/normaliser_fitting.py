"""Makes a normaliser of pictures of people, who are not needed any more afterwards."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recognition.errors import EvaluationError
from recognition.evaluation.samples import SampleSet
from recognition.fusion import fuse
from recognition.normalisation.normaliser import Normaliser, plain_distances
from recognition.values import Vector, Vectors

# Fewer strangers than this say little of how near strangers lie.
_FEWEST_PEOPLE = 20
_SEED = 0
# One average in twelve is taken, of the faces that this was measured on.
_MOST_TRIES = 40


@dataclass(frozen=True, slots=True)
class FitOptions:
    """What was chosen by measurement; docs/decisions/006-score-normalisation.md has the figures."""

    cohort: int = 2_000
    """How many averages."""
    people: int = 5
    """How many people, one picture of each, an average is of."""
    evenness: float = 2.0
    """Of their weights: the parameter of a symmetric Dirichlet distribution."""
    apart: float = 0.5
    """An average is taken only if it lies farther than this from every picture: it is nobody. Other
    pictures of those people may lie a little nearer, of 413 one at 0.459."""
    nearest_share: float = 0.05
    """The share of the cohort whose distances say how near strangers lie."""
    share: float = 0.4
    """See `Normaliser.share`."""


def fit_normaliser(
    single: SampleSet, mean_vector: Vector, options: FitOptions | None = None
) -> Normaliser:
    """Make the cohort of single pictures of some people.

    Raises EvaluationError where there are fewer than 20 people, or where their averages lie too
    near to them.
    """
    chosen = options or FitOptions()
    if len(np.unique(single.identity)) < _FEWEST_PEOPLE:
        raise EvaluationError(f"A cohort needs pictures of at least {_FEWEST_PEOPLE} people.")
    cohort = _cohort(single, mean_vector, chosen)
    nearest = max(2, round(chosen.nearest_share * len(cohort)))
    unscaled = Normaliser(cohort, nearest, 1.0, 1.0, chosen.share)
    mean, spread = unscaled.nearness(single.vectors)
    return replace(
        unscaled, typical_mean=float(np.median(mean)), typical_spread=float(np.median(spread))
    )


def _cohort(single: SampleSet, mean_vector: Vector, chosen: FitOptions) -> Vectors:
    """float32 (m, dimension); kept as 16-bit floats, so it is made of them."""
    random = np.random.default_rng(_SEED)
    rows = [np.flatnonzero(single.identity == person) for person in np.unique(single.identity)]
    taken = [np.empty((0, single.vectors.shape[1]), np.float32)]
    for _ in range(_MOST_TRIES):
        drawn = [_average(single, rows, mean_vector, chosen, random) for _ in range(chosen.cohort)]
        averages = np.stack(drawn).astype(np.float16).astype(np.float32)
        near = plain_distances(averages, single.vectors).min(axis=1)
        taken.append(averages[near > chosen.apart])
        if sum(map(len, taken)) >= chosen.cohort:
            return np.concatenate(taken)[: chosen.cohort]
    raise EvaluationError("These people look so much alike that their averages are no strangers.")


def _average(
    single: SampleSet,
    rows: list[NDArray[np.intp]],
    mean_vector: Vector,
    chosen: FitOptions,
    random: np.random.Generator,
) -> Vector:
    people = random.choice(len(rows), chosen.people, replace=False)
    pictures = single.vectors[[random.choice(rows[person]) for person in people]]
    weights = random.dirichlet(np.full(chosen.people, chosen.evenness))
    return fuse(pictures, mean_vector, np.maximum(weights, 1e-6))
