"""Waiting for what other threads do, with an end to it."""

import time
from collections.abc import Callable

LIMIT_S = 20.0
"""Far longer than anything takes, so that a busy machine fails no test."""


def wait_until(condition: Callable[[], object], what: str) -> None:
    """Return once the condition holds; fail with words where it does not in time."""
    end = time.monotonic() + LIMIT_S
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"waited {LIMIT_S:.0f} s in vain: {what}")
        time.sleep(0.005)
