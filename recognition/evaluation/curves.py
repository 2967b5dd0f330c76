"""Error rates over all thresholds and sizes, for the plots of a report."""

import math

import numpy as np
from numpy.typing import NDArray

from recognition.evaluation.comparisons import Comparisons
from recognition.evaluation.identification_rates import Searches

Values = NDArray[np.float64]
Curve = tuple[Values, Values]

_STEPS = 200


def match_curve(comparisons: Comparisons, least: float = 1e-5) -> Curve:
    """FMR, ascending, and TAR at each.

    From `least` on, but not below one false match in all pairs: there nothing was seen.
    """
    rates = np.geomspace(max(least, 1 / max(1, comparisons.impostors)), 1, _STEPS)
    return rates, np.array([comparisons.tar(rate) for rate in rates])


def search_curves(searches: Searches) -> tuple[Values, Values, Values]:
    """Thresholds, ascending, with FPIR and FNIR at each."""
    strangers = np.sort(searches.distance[~searches.known])
    right = np.sort(searches.distance[searches.right])
    enrolled = int(searches.known.sum())
    thresholds = np.linspace(strangers[0] * 0.8, strangers[-1], _STEPS)
    false_positive = np.searchsorted(strangers, thresholds, "right") / len(strangers)
    missed = 1 - np.searchsorted(right, thresholds, "right") / enrolled
    return thresholds, false_positive, missed


def fpir_by_size(searches: Searches) -> Curve:
    """Gallery sizes N and the FPIR at each, at the threshold of `visible_rate` with everybody.

    Exact over all galleries of N of the people enrolled: a stranger near k of M people is near
    nobody among N of them in C(M - k, N) of C(M, N) cases.
    """
    people = searches.gallery
    sizes = np.unique(np.geomspace(1, people, 40).astype(int))
    near, stranger = np.unique(searches.near, return_inverse=True)
    passed = [
        [1 - math.comb(people - k, size) / math.comb(people, size) for k in near.tolist()]
        for size in sizes.tolist()
    ]
    return sizes.astype(float), np.array([of[stranger].mean() for of in np.array(passed)])
