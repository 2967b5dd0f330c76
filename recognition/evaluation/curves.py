"""Error rates over all thresholds and sizes, for the plots of a report."""

import math

import numpy as np
from numpy.typing import NDArray

from recognition.evaluation.comparisons import Comparisons, share_within, threshold_at
from recognition.evaluation.faces import Identification
from recognition.evaluation.identification_rates import Searches, fnir_at_fpir

Values = NDArray[np.float64]
Curve = tuple[Values, Values]

_STEPS = 200
_RATES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
# Fewer strangers than this say nothing of how a rate grows.
_FEW = 3


def match_curve(comparisons: Comparisons, least: float = 1e-5) -> Curve:
    """FMR, ascending, and TAR at each.

    From `least` on, but not below one false match in all pairs: there nothing was seen.
    """
    rates = np.geomspace(max(least, 1 / max(1, len(comparisons.impostor))), 1, _STEPS)
    thresholds = [threshold_at(comparisons.impostor, rate) for rate in rates]
    return rates, np.array([share_within(comparisons.genuine, one) for one in thresholds])


def search_curves(searches: Searches) -> tuple[Values, Values, Values]:
    """Thresholds, ascending, with FPIR and FNIR at each."""
    strangers = np.sort(searches.distance[~searches.known])
    right = np.sort(searches.distance[searches.right])
    enrolled = int(searches.known.sum())
    thresholds = np.linspace(strangers[0] * 0.8, strangers[-1], _STEPS)
    false_positive = np.searchsorted(strangers, thresholds, "right") / len(strangers)
    missed = 1 - np.searchsorted(right, thresholds, "right") / enrolled
    return thresholds, false_positive, missed


def visible_rate(searches: Searches | None) -> float:
    """The lowest of a few rates at which some of these strangers are accepted at all."""
    strangers = 0 if searches is None else int((~searches.known).sum())
    return next((rate for rate in _RATES if rate * strangers >= _FEW), _RATES[-1])


def fpir_by_size(found: Identification, rate: float = 1e-2) -> Curve:
    """Gallery sizes N and the FPIR at each, at the threshold of FPIR `rate` with everybody.

    Exact over all galleries of N of the people enrolled: a stranger near k of M people is near
    nobody among N of them in C(M - k, N) of C(M, N) cases.
    """
    searches = found.open_set
    if searches is None:
        return np.empty(0), np.empty(0)
    threshold, _ = fnir_at_fpir(searches, rate)
    near = (searches.to_people[~searches.known] <= threshold).sum(axis=1)
    people = searches.gallery
    sizes = np.unique(np.geomspace(1, people, 40).astype(int))
    passed = [
        1 - math.comb(people - k, size) / math.comb(people, size) for size in sizes for k in near
    ]
    return sizes.astype(float), np.array(passed).reshape(len(sizes), len(near)).mean(axis=1)
