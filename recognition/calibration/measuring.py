"""Makes a calibration of labelled pictures: all pairs of different people, and of the same."""

import numpy as np
from numpy.typing import NDArray

from recognition.calibration.calibration import Calibration
from recognition.errors import EvaluationError
from recognition.evaluation.bootstrap import draws
from recognition.evaluation.comparisons import Comparisons, compare_all
from recognition.evaluation.samples import SampleSet
from recognition.normalisation.normaliser import plain_distances
from recognition.values import EngineId

Values = NDArray[np.float64]

_FEWEST_PEOPLE = 10
_LARGEST_FMR = 0.1
# The rarest rate in the table still has this many pairs behind it.
_FEWEST_PAIRS = 5
_STEPS_PER_DECADE = 6


def calibrate(samples: SampleSet, engine: EngineId) -> Calibration:
    """Compare everybody with everybody; a row of `samples` is what a door compares at once.

    Raises EvaluationError where there are fewer than 10 people, or none with two sessions.
    """
    return calibration_of(compare_all(samples, plain_distances), samples, engine)


def calibration_of(compared: Comparisons, samples: SampleSet, engine: EngineId) -> Calibration:
    """Calibrate by these comparisons of the rows of `samples`.

    Raises EvaluationError where there are fewer than 10 people, or none with two sessions.
    """
    people = len(np.unique(samples.identity))
    if people < _FEWEST_PEOPLE:
        raise EvaluationError(f"A calibration needs {_FEWEST_PEOPLE} people, not {people}.")
    if not len(compared.genuine):
        raise EvaluationError("A calibration needs people with pictures of two sessions.")
    rates = _rates(len(compared.impostor))
    distance, low, high = _tail(compared, samples, rates)
    return Calibration(
        engine=engine,
        people=people,
        impostor_pairs=len(compared.impostor),
        genuine_pairs=len(compared.genuine),
        fmr=rates,
        distance=distance,
        low=low,
        high=high,
        genuine=np.quantile(compared.genuine.astype(np.float64), np.linspace(0, 1, 101)),
    )


def _rates(pairs: int) -> Values:
    """From one in ten down to what a few pairs still show."""
    smallest = min(_FEWEST_PAIRS / pairs, _LARGEST_FMR / 10)
    steps = max(3, round(np.log10(_LARGEST_FMR / smallest) * _STEPS_PER_DECADE))
    return np.geomspace(_LARGEST_FMR, smallest, steps)


def _tail(compared: Comparisons, samples: SampleSet, rates: Values) -> tuple[Values, ...]:
    """The distance of each rate, and its interval over people drawn again."""
    kept = min(len(compared.impostor), int(3 * _LARGEST_FMR * len(compared.impostor)) + 1)
    tail = compared.impostor[:kept].astype(np.float64)
    one, two = samples.identity[compared.impostor_rows[:kept]].T
    rows_of = np.bincount(samples.identity, minlength=len(samples.names)).astype(np.float64)
    drawn = []
    for weights in draws(len(samples.names)):
        reached = np.cumsum(weights[one] * weights[two])
        rows = weights * rows_of
        total = (rows.sum() ** 2 - (rows**2).sum()) / 2
        at = np.searchsorted(reached, rates * total)
        drawn.append(tail[np.minimum(at, kept - 1)])
    low, high = np.quantile(drawn, (0.025, 0.975), axis=0)
    at = np.minimum((rates * len(compared.impostor)).astype(int), kept - 1)
    return tail[at], np.minimum(low, tail[at]), np.maximum(high, tail[at])
