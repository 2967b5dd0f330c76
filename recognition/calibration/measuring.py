"""Makes a calibration of labelled pictures: all pairs of different people, and of the same."""

import numpy as np
from numpy.typing import NDArray

from recognition.calibration.calibration import Calibration
from recognition.errors import EvaluationError
from recognition.evaluation.bootstrap import draws, places_of_rates
from recognition.evaluation.comparisons import Comparisons, OnRows, compare_all
from recognition.evaluation.samples import SampleSet
from recognition.normalisation.normaliser import plain_blocks
from recognition.values import EngineId

Values = NDArray[np.float64]

_FEWEST_PEOPLE = 10
_LARGEST_FMR = 0.1
TAIL_SHARE = 3 * _LARGEST_FMR
"""Of impostors, so many as the largest FMR may reach to in a draw of people."""
# The rarest rate in the table still has this many pairs behind it.
_FEWEST_PAIRS = 5
_STEPS_PER_DECADE = 6


def calibrate(
    samples: SampleSet, engine: EngineId, *, on_rows: OnRows = lambda _: None
) -> Calibration:
    """Compare everybody with everybody; a row of `samples` is what a door compares at once.

    `on_rows` is told of `PASSES` times as many rows.

    Raises EvaluationError where there are fewer than 10 people, or none with two sessions.
    """
    compared = compare_all(samples, plain_blocks, tail=TAIL_SHARE, on_rows=on_rows)
    return calibration_of(compared, samples, engine, on_rows=on_rows)


def calibration_of(
    compared: Comparisons,
    samples: SampleSet,
    engine: EngineId,
    *,
    on_rows: OnRows = lambda _: None,
) -> Calibration:
    """Calibrate by these comparisons of the rows of `samples`, with a tail of `TAIL_SHARE`.

    Raises EvaluationError where there are fewer than 10 people, or none with two sessions.
    """
    people = len(np.unique(samples.identity))
    if people < _FEWEST_PEOPLE:
        raise EvaluationError(f"A calibration needs {_FEWEST_PEOPLE} people, not {people}.")
    if not len(compared.genuine):
        raise EvaluationError("A calibration needs people with pictures of two sessions.")
    rates = _rates(compared.impostors)
    distance, low, high = _tail(compared, samples, rates, on_rows)
    return Calibration(
        engine=engine,
        people=people,
        impostor_pairs=compared.impostors,
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


def _tail(
    compared: Comparisons, samples: SampleSet, rates: Values, on_rows: OnRows
) -> tuple[Values, ...]:
    """The distance of each rate, and its interval over people drawn again."""
    kept = min(compared.impostors, int(TAIL_SHARE * compared.impostors) + 1)
    tail = compared.nearest[:kept]
    impostors, weights = compared.nearest_rows[:kept], draws(len(samples.names))
    at = places_of_rates(samples, impostors, weights, rates, "left", on_rows=on_rows)
    drawn = tail[np.minimum(at, kept - 1)].astype(np.float64)
    low, high = np.quantile(drawn, (0.025, 0.975), axis=0)
    at = np.minimum((rates * compared.impostors).astype(int), kept - 1)
    distance = tail[at].astype(np.float64)
    return distance, np.minimum(low, distance), np.maximum(high, distance)
