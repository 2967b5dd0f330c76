"""Fits a normaliser to pictures of people, who are not needed any more afterwards."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.errors import EvaluationError
from recognition.evaluation.samples import SampleSet
from recognition.normalisation.normaliser import Normaliser, Regression, plain_distances
from recognition.values import Vector, Vectors

Numbers64 = NDArray[np.float64]

# Fewer strangers than this say little of how near strangers lie.
_FEWEST_PEOPLE = 20
# Of the largest variance. A third of the built-in engine's 128 directions vary by 1e-14 of it.
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class FitOptions:
    """What was chosen by measurement; docs/decisions/006-score-normalisation.md has the figures."""

    nearest_share: float = 0.15
    """Of a cohort, the share of nearest vectors whose mean and spread are taken."""
    shrinkage: float = 0.3
    """Weight of the penalty on the regression, against 1 for each vector."""
    share: float = 0.8
    """See `Normaliser.share`."""


def fit_normaliser(
    single: SampleSet,
    fused: SampleSet,
    mean_vector: Vector,
    options: FitOptions | None = None,
) -> Normaliser:
    """Fit on the pictures of some people, each compared with all pictures of the others.

    Raises EvaluationError where there are fewer than 20 people.
    """
    chosen = options or FitOptions()
    if len(np.unique(single.identity)) < _FEWEST_PEOPLE:
        raise EvaluationError(f"A cohort needs pictures of at least {_FEWEST_PEOPLE} people.")
    vectors = np.concatenate([single.vectors, fused.vectors])
    identity = np.concatenate([single.identity, fused.identity])
    strangers = plain_distances(vectors, single.vectors)
    strangers[identity[:, None] == single.identity[None, :]] = np.inf
    count = max(2, round(chosen.nearest_share * len(single)))
    nearest = np.partition(strangers, count - 1, axis=1)[:, :count].astype(np.float64)
    mean, log_spread = nearest.mean(axis=1), np.log(nearest.std(axis=1) + 1e-6)
    centred = vectors - mean_vector
    return Normaliser(
        mean_vector=mean_vector,
        mean=_regression(centred, mean, chosen.shrinkage),
        log_spread=_regression(centred, log_spread, chosen.shrinkage),
        typical_mean=float(np.median(mean)),
        typical_spread=float(np.exp(np.median(log_spread))),
        share=chosen.share,
    )


def _regression(centred: Vectors, target: Numbers64, shrinkage: float) -> Regression:
    """Ridge regression on the principal components, each scaled to unit variance.

    So the penalty weighs on all directions alike, however little faces vary along them; those in
    which they vary by rounding alone are left out.
    """
    data = centred.astype(np.float64)
    middle = data.mean(axis=0)
    variances, directions = np.linalg.eigh(np.cov(data.T))
    varied = variances > _ROUNDING * variances[-1]
    scale = directions[:, varied] / np.sqrt(variances[varied])
    squares = np.einsum("ij,ij->i", data, data)
    typical, spread = squares.mean(), squares.std() or 1.0
    features = np.column_stack([(data - middle) @ scale, (squares - typical) / spread])
    penalty = shrinkage * len(data) * np.eye(features.shape[1])
    weights = np.linalg.solve(
        features.T @ features + penalty, features.T @ (target - target.mean())
    )
    linear, square = scale @ weights[:-1], weights[-1] / spread
    constant = target.mean() - middle @ linear - typical * square
    return Regression(
        constant=float(constant),
        linear=linear.astype(np.float32),
        square=float(square),
        low=float(target.min()),
        high=float(target.max()),
    )
