"""Symbols put into rows, as a number is written; a line of print is no such row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from recognition.values import Box

# The longest number anybody writes for a camera; longer rows are print.
_LONGEST = 12
# Symbols of one row differ in height by at most this factor (a 1 is often taller than a 0).
_MOST_DIFFERENT = 2.0
# Their middles lie apart by at most this share of the taller one's height.
_MOST_OFFSET = 0.5
# Neighbours are at most this many heights of the taller one apart.
_MOST_SPACE = 2.0
# Their contrast to the ground is at least this share of that of the row's strongest.
_LEAST_CONTRAST = 0.6


class Placed(Protocol):
    """Something with a place and a strength."""

    @property
    def box(self) -> Box: ...

    @property
    def strength(self) -> float: ...


S = TypeVar("S", bound=Placed)


@dataclass(frozen=True, slots=True)
class Row(Generic[S]):
    """One symbol or several, from left to right."""

    symbols: tuple[S, ...]
    strength: float
    """Of its strongest symbol."""


def rows_of(symbols: Sequence[S]) -> list[Row[S]]:
    """Divide symbols into rows, the strongest symbol's row first; rows of print are left out."""
    left = sorted(symbols, key=lambda symbol: -symbol.strength)
    rows = []
    while left:
        row = _row_around(left[0], left)
        left = [symbol for symbol in left if symbol not in row]
        if len(row) <= _LONGEST:
            ordered = tuple(sorted(row, key=lambda symbol: symbol.box.left))
            rows.append(Row(ordered, max(symbol.strength for symbol in row)))
    return rows


def _row_around(first: S, symbols: Sequence[S]) -> list[S]:
    """All that stand in one row with a symbol, reached from neighbour to neighbour."""
    row, border = [first], [first]
    while border:
        near = border.pop()
        reached = [
            one
            for one in symbols
            if one not in row and _alike(first, one) and _neighbours(near.box, one.box)
        ]
        row += reached
        border += reached
    return row


def _alike(one: Placed, other: Placed) -> bool:
    """Whether one hand wrote both: a smear beside a digit is fainter than the digit."""
    contrasts = [symbol.strength / max(symbol.box.height, 1.0) for symbol in (one, other)]
    return min(contrasts) >= _LEAST_CONTRAST * max(contrasts)


def _neighbours(one: Box, other: Box) -> bool:
    tall, short = max(one.height, other.height), min(one.height, other.height)
    space = max(one.left, other.left) - min(one.right, other.right)
    apart = abs(one.center[1] - other.center[1])
    return (
        tall <= _MOST_DIFFERENT * short
        and apart <= _MOST_OFFSET * tall
        and -0.3 * min(one.width, other.width) <= space <= _MOST_SPACE * tall
    )
