"""Checks of what several functions take: values of a kind, and numbers in their range."""

import os
import sys
from collections.abc import Sequence
from numbers import Integral, Real
from pathlib import Path
from typing import TypeGuard

import numpy as np

from recognition.errors import ArgumentError

_MOST_THREADS = 1024
# Whole numbers beyond it have no place among floats: reckoning with them would raise.
_LARGEST = sys.float_info.max


def is_number(value: object) -> TypeGuard[float]:
    """Whether this is one real number, and finite."""
    if isinstance(value, float):
        return -_LARGEST <= value <= _LARGEST
    return isinstance(value, Real) and bool(-_LARGEST <= value <= _LARGEST)  # type: ignore[operator]


def is_measured(value: object) -> TypeGuard[float]:
    """Whether this is a real number, or what reckoning with them can give: infinite, or none."""
    return isinstance(value, float | np.floating) or is_number(value)


def said(value: object) -> str:
    """What was given, as a message names it: a number as it stands, else its kind."""
    if is_measured(value):
        return str(value)
    return f"a {type(value).__name__}"


def require_kind(value: object, kind: type, name: str) -> None:
    """Raise ArgumentError unless the value is of this kind; `name` is what a message calls it."""
    if not isinstance(value, kind):
        raise ArgumentError(f"{name} must be a {kind.__name__}, not {said(value)}.")


def require_sequence(values: object, name: str) -> None:
    """Raise ArgumentError unless these are several values in order: a list, a tuple."""
    if not isinstance(values, Sequence) or isinstance(values, str | bytes):
        raise ArgumentError(f"{name} must be a sequence, not {said(values)}.")


def require_each(values: Sequence[object], kind: type, name: str) -> None:
    """Raise ArgumentError unless this is a sequence, and all that is in it of this kind."""
    require_sequence(values, name)
    if not all(isinstance(one, kind) for one in values):
        raise ArgumentError(f"{name} must be a {kind.__name__} each.")


def require_engine(value: object, doing: str) -> None:
    """Raise ArgumentError unless this is an engine; `doing` is what a message says it is for."""
    if not callable(getattr(value, "embed_chips", None)):
        raise ArgumentError(f"{doing} by an engine, not by {said(value)}.")


def require_path(value: object, name: str) -> None:
    """Raise ArgumentError unless this is a path that a file system could know."""
    if not isinstance(value, Path):
        raise ArgumentError(f"{name} must be a path, not {said(value)}.")
    try:
        known = b"\0" not in os.fsencode(value)
    except UnicodeEncodeError:
        known = False
    if not known:
        raise ArgumentError(f"{name} must be a path, and holds a character that none can hold.")


def require_threads(threads: int) -> None:
    """Raise ArgumentError unless a network is to run on a whole number of threads, 1 to 1024."""
    if not isinstance(threads, Integral) or not 1 <= threads <= _MOST_THREADS:
        raise ArgumentError(
            f"A network needs at least 1 thread, at most {_MOST_THREADS}, not {said(threads)}."
        )


def require_min_face(min_face: float) -> None:
    """Raise ArgumentError unless faces are looked for from a finite width of 1 pixel on."""
    if not (is_number(min_face) and min_face >= 1):
        raise ArgumentError(f"min_face must be at least 1 pixel, not {said(min_face)}.")
