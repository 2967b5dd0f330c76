"""What distances of strangers were seen, and the distance that keeps a promise among N people.

A search among N people is N comparisons with strangers, so it goes wrong about N times as often as
one: FPIR = 1 - (1 - FMR)^N, where a stranger's comparisons are independent. They are not, somebody
near one person is nearer to others too, so that fewer searches go wrong than promised. The margin
before the second person refuses more of them, and is not counted either: the promise is kept
without it. Distances below the nearest pair seen are extrapolated: the logarithm of FMR falls
nearly straight there.

Sources: ISO/IEC 19795-1:2021 (FPIR, the rule of three); P. Grother, P. J. Phillips, Models of large
population recognition performance (2004).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.errors import EvaluationError
from recognition.values import EngineId

Values = NDArray[np.float64]

# Of events never seen in n tries, the rate is below 3 / n with 95 % confidence.
_RULE_OF_THREE = 3.0


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


@dataclass(frozen=True, slots=True)
class Promise:
    """A distance, what it promises and what it costs."""

    distance: float
    fpir: float
    """As asked for."""
    fpir_low: float
    fpir_high: float
    """The 95 % interval of FPIR at this distance."""
    people: int
    fnir: float
    """Share of enrolled people's comparisons beyond the distance."""
    extrapolated: bool
    """Whether it lies below the last rate that enough pairs were seen for. The interval then
    reaches at least to what the rule of three leaves possible."""


def promise(calibration: Calibration, *, fpir: float, people: int) -> Promise:
    """The distance at which this share of strangers' searches among so many people is accepted.

    Raises ValueError for a rate that is not between 0 and 1, or fewer than 1 person.
    """
    if not 0 < fpir < 1:
        raise ValueError(f"A false-positive rate lies between 0 and 1, not {fpir}.")
    if people < 1:
        raise ValueError(f"A gallery has at least 1 person, not {people}.")
    fmr = -math.expm1(math.log1p(-fpir) / people)
    distance = _along(-np.log(calibration.fmr), calibration.distance, -math.log(fmr))
    # Where distances may be nearer than measured, more strangers lie within this one.
    low = _rate_at(calibration.fmr, calibration.high, distance)
    high = _rate_at(calibration.fmr, calibration.low, distance)
    extrapolated = fmr < calibration.fmr[-1]
    if extrapolated:
        high = max(high, _RULE_OF_THREE / calibration.impostor_pairs)
    return Promise(
        distance=distance,
        fpir=fpir,
        fpir_low=among(low, people),
        fpir_high=among(high, people),
        people=people,
        fnir=false_negatives(calibration, distance),
        extrapolated=bool(extrapolated),
    )


def promise_per_day(
    calibration: Calibration, *, strangers_accepted: float, searches: float, people: int
) -> Promise:
    """The same, of so many strangers accepted a day among so many strangers' searches a day.

    Raises ValueError where more would be accepted than search.
    """
    return promise(calibration, fpir=strangers_accepted / searches, people=people)


def fpir_at(calibration: Calibration, distance: float, *, people: int) -> float:
    """What a distance promises in a gallery of so many people."""
    return among(_rate_at(calibration.fmr, calibration.distance, distance), people)


def among(fmr: float, people: int) -> float:
    """FPIR of a search of so many comparisons."""
    return 1.0 if fmr >= 1 else -math.expm1(people * math.log1p(-fmr))


def false_negatives(calibration: Calibration, distance: float) -> float:
    """The share of genuine comparisons beyond a distance."""
    within = np.interp(distance, calibration.genuine, np.linspace(0, 1, 101), left=0, right=1)
    return float(1 - within)


def _rate_at(fmr: Values, distances: Values, distance: float) -> float:
    # The table falls; `np.interp` wants what grows.
    exponent = _along(distances[::-1], np.log(fmr)[::-1], distance)
    return min(1.0, math.exp(exponent))


def _along(xs: Values, ys: Values, x: float) -> float:
    """Between ascending points straight; beyond them along the line through that end's decade."""
    if xs[0] <= x <= xs[-1]:
        return float(np.interp(x, xs, ys))
    count = max(3, len(xs) // 4)
    end = slice(0, count) if x < xs[0] else slice(len(xs) - count, len(xs))
    anchor = (xs[0], ys[0]) if x < xs[0] else (xs[-1], ys[-1])
    spread = np.ptp(xs[end])
    slope = float(np.polyfit(xs[end], ys[end], 1)[0]) if spread > 0 else 0.0
    return float(anchor[1] + slope * (x - anchor[0]))
