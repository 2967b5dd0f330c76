"""Makes confidence mean what it says, and chooses from which confidence on a reading is accepted.

Both are taken from validation data: never from what was trained on, never from what is reported.
Imports no PyTorch.
"""

import numpy as np
from numpy.typing import NDArray

from recognition.networks.probabilities import probabilities

_GOLDEN = (5**0.5 - 1) / 2


def fit_temperature(logits: NDArray[np.float32], labels: NDArray[np.int64]) -> float:
    """The temperature 0.05..20 under which the labels are likeliest; a golden-section search."""
    low, high = np.log(0.05), np.log(20.0)
    for _ in range(60):
        left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        if _surprise(logits, labels, left) < _surprise(logits, labels, right):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


def choose_threshold(
    confidence: NDArray[np.float32], wrong: NDArray[np.bool_], *, most_wrong: float
) -> float:
    """The lowest threshold at which at most this share of all readings is accepted and wrong.

    `confidence` (n,) of readings that name a symbol, `wrong` (n,) those whose symbol is not what
    the picture shows. Accepted is what has the threshold or more. Where even the surest are wrong
    too often, nothing short of certainty is accepted: 1.0. Where all may be accepted, no reading
    here says how unsure is too unsure: 0.0.
    """
    order = np.argsort(-confidence, kind="stable")
    sure, mistakes = confidence[order], np.cumsum(wrong[order])
    allowed = most_wrong * len(confidence)
    # Readings of one confidence are accepted together or not at all.
    last = np.append(sure[1:] < sure[:-1], True) if len(sure) else np.zeros(0, np.bool_)
    possible = np.flatnonzero(last & (mistakes <= allowed))
    # From the surest on: beyond the first breach no lower threshold counts.
    breach = np.flatnonzero(mistakes > allowed)
    if not len(breach):
        return 0.0
    possible = possible[possible < breach[0]]
    return float(sure[possible[-1]]) if len(possible) else 1.0


def _surprise(logits: NDArray[np.float32], labels: NDArray[np.int64], log: float) -> float:
    """Mean negative logarithm of the labels' probabilities."""
    given = probabilities(logits, float(np.exp(log)))[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(given, 1e-12)).mean())
