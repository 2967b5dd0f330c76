"""Reads digits written by hand: finds strokes, shows them to the network, answers in order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from recognition.handwritten_digits.classes import CLASSES, DIGITS, NAME, NONE, VERSION
from recognition.handwritten_digits.contour import MOST_DOUBT_OF_A_LINE
from recognition.handwritten_digits.preprocess import network_input
from recognition.handwritten_digits.rows import Row
from recognition.handwritten_digits.strokes import Symbol, find_rows
from recognition.handwritten_digits.views import mean_logits
from recognition.images import require_rgb
from recognition.networks.network import load_small_network
from recognition.networks.probabilities import probabilities
from recognition.reading.guide import crop
from recognition.reading.values import Reading
from recognition.values import Box, Image

# Findings that are shown to the network at most; a frame with more holds no number.
_MOST_SYMBOLS = 12
# What an edge can look like.
_LINE = "1"
# A row is a number when at least so many of its symbols are digits; else it is a text. Of two, one
# may be a smear beside the digit; of more, words leave fewer digits than that: "dog" reads ?09.
_LEAST_DIGITS, _LEAST_DIGITS_OF_MORE = 0.5, 0.7
# What the strength of a row that is not read surely counts, beside one that is: the ground inside
# the loops of an 8 is a shape as strong as the 8.
_UNSURE = 0.8
# A line whose outline leaves more doubt than this is a 1 only where the network is this sure. By
# validation: 15 of 450 pictures of people gave a digit without it, 4 with it; of 123 written 1s
# that were accepted it refuses 4.
_DOUBTFUL_LINE, _SURE_OF_A_LINE = 0.25, 0.985
# Around writing no more of the ground than this is strong edges. By validation: of 82 digits read
# in pictures of people eleven have less, of 718 read in drawn scenes twelve have more.
_MOST_UNREST = 0.06
# A picture with more rows than this is a page of print: of drawn boards with one digit, none has
# more than six findings.
_MOST_ROWS = 8


@dataclass(frozen=True, slots=True)
class DigitSeen:
    """One symbol, and what it is taken for."""

    box: Box
    """In pixels of the frame."""
    digit: str
    """The likeliest digit."""
    confidence: float
    """Its calibrated probability, 0..1."""
    is_digit: bool
    """Whether that is likelier than that it is no digit at all."""
    accepted: bool
    """Whether it is sure enough to be taken."""


@dataclass(frozen=True, slots=True)
class _RowSeen:
    digits: tuple[DigitSeen, ...]
    value: float
    """How much it looks like the number that the camera is meant to see."""


class HandwrittenDigitReader:
    """Reads a digit or a row of digits on paper or a board; safe to share between threads."""

    symbols: tuple[str, ...] = DIGITS

    def __init__(self, *, weights: Path | None = None, threads: int = 1) -> None:
        """Load the network: the committed one, or another file. Raises WeightFileError."""
        self._network = load_small_network(NAME, VERSION, threads=threads, path=weights)

    def read(self, image: Image, *, guide: Box | None = None) -> tuple[Reading, ...]:
        """Read a whole RGB frame, or what lies in the guide box, from left to right.

        Gives () where nothing was found, and one reading with symbol None where something was
        found and no digit in it accepted. Between accepted digits, one that is unsure has the
        symbol None. Raises ImageShapeError for an array that is no RGB picture, and nothing else.
        """
        seen = self.look(image, guide=guide)
        if seen and not any(one.accepted for one in seen):
            surest = max(seen, key=lambda one: one.confidence)
            return (Reading(None, surest.confidence, surest.box),)
        return tuple(
            Reading(one.digit if one.accepted else None, one.confidence, one.box) for one in seen
        )

    def look(self, image: Image, *, guide: Box | None = None) -> tuple[DigitSeen, ...]:
        """Say what stands in the row that looks most like a number, accepted or not."""
        require_rgb(image)
        part, place = crop(image, guide)
        best, shown, rows = _RowSeen((), 0.0), 0, find_rows(part)
        for row in rows:
            if shown + len(row.symbols) > _MOST_SYMBOLS:
                continue
            shown += len(row.symbols)
            seen = self._seen(row, place)
            best = max(best, seen, key=lambda one: one.value)
            # The strongest row comes first: where it is a number, weaker ones are not asked.
            if seen.digits and all(one.accepted for one in seen.digits):
                break
        return best.digits if len(rows) <= _MOST_ROWS else _not_accepted(best.digits)

    def _seen(self, row: Row[Symbol], place: Box) -> _RowSeen:
        batch = np.stack([network_input(symbol.ink) for symbol in row.symbols])[:, np.newaxis]
        logits = mean_logits(self._network.run, batch)
        chances = probabilities(logits, self._network.metadata.temperature)
        threshold = self._network.metadata.threshold
        digits = []
        for symbol, chance in zip(row.symbols, chances, strict=True):
            best = int(chance[: len(DIGITS)].argmax())
            is_digit = bool(chance[best] > chance[CLASSES.index(NONE)])
            confidence = float(chance[best])
            accepted = is_digit and confidence >= threshold and symbol.unrest <= _MOST_UNREST
            if DIGITS[best] == _LINE:
                accepted = accepted and _is_drawn_line(symbol, confidence)
            box = _moved(symbol.box, place)
            digits.append(DigitSeen(box, DIGITS[best], confidence, is_digit, accepted))
        value = row.strength * float(chances[:, : len(DIGITS)].sum(axis=1).mean())
        if not all(one.accepted for one in digits):
            value *= _UNSURE
        return _RowSeen(_as_number(digits), value)


def _is_drawn_line(symbol: Symbol, confidence: float) -> bool:
    """Whether what is read as a 1 is a line that somebody drew, not an upright edge."""
    doubt = symbol.contour.doubt
    return doubt <= _DOUBTFUL_LINE or (
        doubt <= MOST_DOUBT_OF_A_LINE and confidence >= _SURE_OF_A_LINE
    )


def _as_number(seen: Sequence[DigitSeen]) -> tuple[DigitSeen, ...]:
    """Without what is no digit at both ends; of a text, nothing is accepted."""
    digits = [index for index, one in enumerate(seen) if one.is_digit]
    if not digits:
        return tuple(seen)
    least = _LEAST_DIGITS if len(seen) <= 2 else _LEAST_DIGITS_OF_MORE
    if len(digits) < least * len(seen):
        return _not_accepted(seen)
    return tuple(seen[digits[0] : digits[-1] + 1])


def _not_accepted(seen: Sequence[DigitSeen]) -> tuple[DigitSeen, ...]:
    return tuple(replace(one, accepted=False) for one in seen)


def _moved(box: Box, place: Box) -> Box:
    return Box(
        box.left + place.left,
        box.top + place.top,
        box.right + place.left,
        box.bottom + place.top,
    )
