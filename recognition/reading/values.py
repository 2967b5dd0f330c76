"""What reading gives, and what a reader is."""

from dataclasses import dataclass
from typing import Protocol

from recognition.values import Box, Image


@dataclass(frozen=True, slots=True)
class Reading:
    """One symbol in a frame, or that there is none that could be accepted."""

    symbol: str | None
    """One of the reader's symbols; None where nothing is accepted."""
    confidence: float
    """0..1, calibrated: of readings with 0.9, about nine in ten are right."""
    box: Box | None
    """Where it was read, in pixels of the frame; None where nothing was found."""


class Reader(Protocol):
    """Reads symbols from frames; safe to share between threads."""

    symbols: tuple[str, ...]
    """Everything it can read."""

    def read(self, image: Image, *, guide: Box | None = None) -> tuple[Reading, ...]:
        """Read a whole RGB frame, or what lies in the guide box, from left to right.

        Gives () where nothing was found, and one reading with symbol None where something was
        found and not accepted; a sign reader gives at most one. Raises ImageShapeError for an
        array that is no RGB picture, ArgumentError for a guide that is no box, and nothing else.
        """
        ...
