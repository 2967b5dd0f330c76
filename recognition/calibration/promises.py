"""What a match rule promises among N people, and the distance that keeps a promise.

A search among N people is N comparisons with strangers. It ends with a name where the nearest of
them lies within the threshold and the second no nearer than the margin behind it. With F the share
of pairs within a distance, and comparisons independent of one another, the nearest lies at x with
density N F'(x) (1 - F(x))^(N-1), and with the others farther than x + margin

    FPIR(t) = integral over x up to t of N (1 - F(x + margin))^(N-1) dF(x),

which without a margin is 1 - (1 - F(t))^N. They are not independent: somebody near one person is
nearer to others too, so that fewer searches go wrong than promised, the more so with a margin. In
a large gallery the integral says that the margin alone refuses nearly everybody; somebody who looks
like just one person enrolled would prove it wrong, so a margin counts for no more than half.

Sources: ISO/IEC 19795-1:2021 (FPIR, the rule of three); P. Grother, P. J. Phillips, Models of large
population recognition performance (2004).
"""

from dataclasses import dataclass

import numpy as np

from recognition.calibration.calibration import Calibration, Values

# Of events never seen in n tries, the rate is below 3 / n with 95 % confidence.
_RULE_OF_THREE = 3.0
# The integral's steps, each the same factor of FMR apart; four times as many change it by 1e-4.
_STEPS = 200
_SMALLEST_SHARE = 1e-4
_HALVINGS = 50
# Measured: a margin of 0.08 refuses 2 in 5 of the strangers that a threshold lets through among 170
# people, 1 in 6 among 50 (docs/decisions/024-margin-in-the-promise.md).
_LEAST_SHARE_LEFT = 0.5


@dataclass(frozen=True, slots=True)
class Promise:
    """A distance, what it promises and what it costs."""

    distance: float
    margin: float
    fpir: float
    """Of the two; below what was asked for where no larger distance was measured."""
    fpir_low: float
    fpir_high: float
    """The 95 % interval of FPIR at this distance."""
    people: int
    fnir: float
    """Share of enrolled people's searches that do not end with their own name."""
    extrapolated: bool
    """Whether it lies below the last rate that enough pairs were seen for. The interval then
    reaches at least to what the rule of three leaves possible."""


def promise(calibration: Calibration, *, fpir: float, people: int, margin: float = 0.0) -> Promise:
    """The largest distance at which no more than this share of strangers' searches is accepted.

    `people` are enrolled; the margin is that of the match rule. Raises ValueError for a rate that
    is not between 0 and 1, fewer than 1 person, or a margin below 0.
    """
    if not 0 < fpir < 1:
        raise ValueError(f"A false-positive rate lies between 0 and 1, not {fpir}.")
    _check(people, margin)
    distance = _largest_within(calibration, fpir, people, margin)
    extrapolated = bool(calibration.fmr_at(np.array([distance]))[0] < calibration.fmr[-1] * 0.999)
    # Where distances may be nearer than measured, more strangers lie within this one.
    low = _fpir(calibration, calibration.high, distance, people, margin)
    high = _fpir(calibration, calibration.low, distance, people, margin)
    if extrapolated:
        high = max(high, _among(_RULE_OF_THREE / calibration.impostor_pairs, people))
    return Promise(
        distance=distance,
        margin=margin,
        fpir=_fpir(calibration, calibration.distance, distance, people, margin),
        fpir_low=low,
        fpir_high=high,
        people=people,
        fnir=fnir_at(calibration, distance, people=people, margin=margin),
        extrapolated=extrapolated,
    )


def fpir_at(
    calibration: Calibration, distance: float, *, people: int, margin: float = 0.0
) -> float:
    """The share of strangers' searches that a rule lets through among so many people."""
    _check(people, margin)
    return _fpir(calibration, calibration.distance, distance, people, margin)


def fnir_at(
    calibration: Calibration, distance: float, *, people: int, margin: float = 0.0
) -> float:
    """The share of enrolled people's searches that a rule refuses among so many people.

    Their own template lies too far away, or somebody else's not the margin farther.
    """
    _check(people, margin)
    own = calibration.genuine
    alone = (1 - calibration.fmr_at(own + margin)) ** (people - 1)
    return float(1 - np.where(own <= distance, alone, 0.0).mean())


def _check(people: int, margin: float) -> None:
    if people < 1:
        raise ValueError(f"A gallery has at least 1 person, not {people}.")
    if not margin >= 0:
        raise ValueError(f"A margin is a distance of 0 or more, not {margin}.")


def _largest_within(calibration: Calibration, fpir: float, people: int, margin: float) -> float:
    """By halving: FPIR grows with the distance."""
    table = calibration.distance
    low, high = float(table[0] - 5 * np.ptp(table)), float(table[0])
    if _fpir(calibration, table, high, people, margin) <= fpir:
        return high
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _fpir(calibration, table, middle, people, margin) <= fpir:
            low = middle
        else:
            high = middle
    return low


def _fpir(
    calibration: Calibration, table: Values, distance: float, people: int, margin: float
) -> float:
    """The integral over the share of pairs nearer than the nearest, in equal factors of it."""
    within = float(calibration.fmr_at(np.array([distance]), table)[0])
    without = _among(within, people)
    if margin == 0 or people == 1:
        return without
    shares = within * np.geomspace(_SMALLEST_SHARE, 1, _STEPS)
    nearest = np.interp(np.log(shares), *_ascending(calibration, table, distance))
    others = calibration.fmr_at(nearest + margin, table)
    density = people * (1 - np.maximum(shares, others)) ** (people - 1)
    integral = float(density[0] * shares[0] + np.trapezoid(density, shares))
    return max(integral, _LEAST_SHARE_LEFT * without)


def _ascending(calibration: Calibration, table: Values, upto: float) -> tuple[Values, Values]:
    """The logarithm of FMR beside its distance, finely enough to be read backwards."""
    distances = np.linspace(upto - 2 * float(np.ptp(table)), upto, 4 * _STEPS)
    return np.log(calibration.fmr_at(distances, table)), distances


def _among(fmr: float, people: int) -> float:
    """FPIR of a search of so many comparisons."""
    return 1.0 if fmr >= 1 else float(-np.expm1(people * np.log1p(-fmr)))
