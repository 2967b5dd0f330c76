"""Checks of numbers that several functions take."""

import math
from numbers import Integral

from recognition.errors import ArgumentError

_MOST_THREADS = 1024


def require_threads(threads: int) -> None:
    """Raise ArgumentError unless a network is to run on a whole number of threads, 1 to 1024."""
    if not isinstance(threads, Integral) or not 1 <= threads <= _MOST_THREADS:
        raise ArgumentError(
            f"A network needs at least 1 thread, at most {_MOST_THREADS}, not {threads}."
        )


def require_min_face(min_face: float) -> None:
    """Raise ArgumentError unless faces are looked for from a finite width of 1 pixel on."""
    if not 1 <= min_face < math.inf:
        raise ArgumentError(f"min_face must be at least 1 pixel, not {min_face}.")
