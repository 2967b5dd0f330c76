"""What distances of strangers were seen, for one engine.

Distances below the nearest pair seen are extrapolated: the logarithm of FMR falls nearly straight
there.

Sources: ISO/IEC 19795-1:2021; P. Grother, P. J. Phillips, Models of large population recognition
performance (2004).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.errors import EvaluationError
from recognition.values import EngineId

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """Distances of impostors and of genuine pairs of one engine.

    Each row of the impostors' table is an FMR, descending, with the distance at which it was seen
    and both ends of that distance's 95 % interval, drawn over people. Raises EvaluationError where
    the tables do not fall.
    """

    engine: EngineId
    people: int
    impostor_pairs: int
    genuine_pairs: int
    fmr: Values
    distance: Values
    low: Values
    high: Values
    genuine: Values
    """The quantiles 0, 0.01, ..., 1 of genuine distances."""

    def __post_init__(self) -> None:
        """Check that there is a tail, and that a smaller FMR never allows a larger distance."""
        tables = (self.distance, self.low, self.high)
        shapes = {len(table) for table in (self.fmr, *tables)}
        if len(shapes) != 1 or len(self.fmr) < 3 or len(self.genuine) != 101:
            raise EvaluationError("A calibration needs tables of one length, and a hundred steps.")
        if not all(np.isfinite(table).all() for table in (self.fmr, *tables, self.genuine)):
            raise EvaluationError("A calibration holds a value that is no number.")
        if (np.diff(self.fmr) >= 0).any() or any((np.diff(table) > 0).any() for table in tables):
            raise EvaluationError("A calibration's distances must fall with its FMR.")

    def fmr_at(self, distance: Values, table: Values | None = None) -> Values:
        """The share of pairs of two people within a distance, (n,) of (n,).

        `table` is one of the ends of the interval, `low` or `high`, instead of what was seen.
        """
        distances = self.distance if table is None else table
        exponent = _along(distances[::-1], np.log(self.fmr)[::-1], distance)
        return np.asarray(np.exp(np.minimum(exponent, 0.0)))


def _along(xs: Values, ys: Values, x: Values) -> Values:
    """Between ascending points straight; beyond them along the line through that end's decade."""
    count = max(3, len(xs) // 4)
    below = ys[0] + _slope(xs[:count], ys[:count]) * (x - xs[0])
    above = ys[-1] + _slope(xs[-count:], ys[-count:]) * (x - xs[-1])
    between = np.interp(x, xs, ys)
    return np.asarray(np.where(x < xs[0], below, np.where(x > xs[-1], above, between)))


def _slope(xs: Values, ys: Values) -> float:
    return float(np.polyfit(xs, ys, 1)[0]) if np.ptp(xs) > 0 else 0.0
