"""Times several ways of doing the same work against each other."""

import statistics
import time
from collections.abc import Callable, Sequence

from benchmarks.figures import Pair

Work = Callable[[], object]


def alternate(lintel: Work, peer: Work, *, rounds: int, warm_up: int = 2) -> Pair:
    """Run both in turn, so that whatever slows the machine slows both; give the medians.

    The warm-up rounds are not counted: they load weights and fill caches.
    """
    return Pair(*in_turn((lintel, peer), rounds=rounds, warm_up=warm_up))


def in_turn(
    ways: Sequence[Work], *, rounds: int, warm_up: int = 2, in_a_row: int = 1
) -> list[float]:
    """Run all ways in turn; give each one's median in milliseconds, without the warm-up.

    Each runs so many times `in_a_row` before the next: with more than one, most of its runs find
    the caches as it left them itself.
    """
    for _ in range(warm_up):
        for work in ways:
            work()
    times: list[list[float]] = [[] for _ in ways]
    for _ in range(rounds):
        for kept, work in zip(times, ways, strict=True):
            kept.extend(_milliseconds(work) for _ in range(in_a_row))
    return [statistics.median(kept) for kept in times]


def median_ms(work: Work, *, rounds: int, warm_up: int = 2) -> float:
    """Give the median time of one way, after a warm-up that is not counted."""
    return in_turn((work,), rounds=rounds, warm_up=warm_up)[0]


def _milliseconds(work: Work) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000
