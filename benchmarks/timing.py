"""Times two ways of doing the same work against each other."""

import statistics
import time
from collections.abc import Callable

from benchmarks.figures import Pair

Work = Callable[[], object]


def alternate(lintel: Work, peer: Work, *, rounds: int, warm_up: int = 2) -> Pair:
    """Run both in turn, so that whatever slows the machine slows both; give the medians.

    The warm-up rounds are not counted: they load weights and fill caches.
    """
    for _ in range(warm_up):
        lintel()
        peer()
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(rounds):
        ours.append(_milliseconds(lintel))
        theirs.append(_milliseconds(peer))
    return Pair(statistics.median(ours), statistics.median(theirs))


def median_ms(work: Work, *, rounds: int, warm_up: int = 2) -> float:
    """Give the median time of one way, after a warm-up that is not counted."""
    for _ in range(warm_up):
        work()
    return statistics.median(_milliseconds(work) for _ in range(rounds))


def _milliseconds(work: Work) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000
