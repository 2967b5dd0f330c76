"""What goes into an entry and what comes out of it for the screen."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Field(StrEnum):
    """What is being entered."""

    NUMBER = "number"
    """The employee number."""
    PIN = "pin"
    CHALLENGE = "challenge"
    """Digits the server made up, to be shown by hand."""


class Source(StrEnum):
    """How a digit came in."""

    SIGN = "sign"
    WRITTEN = "written"
    KEYPAD = "keypad"
    KEYBOARD = "keyboard"


class Key(StrEnum):
    """Keys that are no digits."""

    DELETE = "delete"
    ENTER = "enter"
    CANCEL = "cancel"
    OTHER_WAY = "other_way"
    """Use number and PIN instead."""


class Ring(StrEnum):
    """What the ring on the screen fills for."""

    NONE = ""
    HOLD = "hold"
    DELETE = "delete"
    SEND = "send"


@dataclass(frozen=True, slots=True)
class Ask:
    """What the server wants, or what somebody at an idle screen chose to give."""

    fields: tuple[Field, ...]
    """In their order; at least one."""
    until_s: float
    """When the server stops waiting, on the running clock."""
    capture: UUID | None = None
    """The capture that was answered with the question."""
    visit: int | None = None
    challenge: str = ""
    """The digits to be shown by hand, for the screen."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the readers made of one frame."""

    symbols: str | None
    """Digits from left to right; None where none was accepted."""
    source: Source = Source.SIGN
    hand: bool = False
    """Something is held up that is no digit."""


CHECKING = "checking"
"""Hint: the entry is on its way."""
STILL_TRYING = "still_trying"
"""Hint: there is no connection at the moment."""


@dataclass(frozen=True, slots=True)
class EntryView:
    """One moment of an entry, for the screen. Never has a digit of a PIN in it."""

    field: Field
    typed: int
    """How many digits, for the dots."""
    shown: str = ""
    """An employee number as typed: it is no secret. Empty for all else."""
    ring: Ring = Ring.NONE
    progress: float = 0.0
    """0..1, in steps of a twentieth."""
    left_s: int = 0
    """Whole seconds until the entry ends by itself."""
    hint: str = ""
    """Code of what to do; empty while all goes well."""
    challenge: str = ""
    other_way: bool = False
    """Number and PIN may be chosen instead."""
    can_send: bool = False
