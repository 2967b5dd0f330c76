"""From readings to text: what is held is added, one symbol or one row of symbols at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from recognition.arguments import require_each
from recognition.reading.hold import Hold, HoldRule
from recognition.reading.values import Reading

# A text that nobody clears must not grow without end.
_LONGEST = 64


@dataclass(frozen=True, slots=True)
class Spelt:
    """Where spelling stands after a frame."""

    text: str
    """Everything that counted so far; of a very long text, its end."""
    symbol: str | None
    """What is being held now."""
    progress: float
    """How far it is held, 0..1."""
    counted: str | None
    """What this very frame added."""


class Speller:
    """Adds held symbols to a text. Not safe to share between threads."""

    def __init__(self, rule: HoldRule | None = None) -> None:
        self._hold = Hold(rule)
        self._text = ""

    def see(self, readings: Sequence[Reading], at_s: float) -> Spelt:
        """Take the readings of one frame at a time in seconds.

        Raises ArgumentError for what are no readings, and as `Hold.see`.
        """
        require_each(readings, Reading, "Readings")
        symbols = [one.symbol for one in readings if one.symbol is not None]
        require_each(symbols, str, "Symbols")
        held = self._hold.see(shown_symbol(readings), at_s)
        if held.counted is not None:
            self._text = (self._text + held.counted)[-_LONGEST:]
        return Spelt(self._text, held.symbol, held.progress, held.counted)


def shown_symbol(readings: Sequence[Reading]) -> str | None:
    """The symbols of a frame as one, from left to right; None unless all of them are accepted."""
    symbols = [one.symbol for one in readings]
    if not symbols or None in symbols:
        return None
    return "".join(symbol for symbol in symbols if symbol is not None)
