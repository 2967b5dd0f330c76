"""What may be a PIN. Pure: the person's number and birth date are arguments."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import permutations, product

from .patterns import is_keypad_pattern, is_repeat, is_sequence, is_word, is_year
from .typed import LONGEST, SHORTEST, TypedPin

# Shorter runs of an employee number stand in most PINs by chance.
_SHORTEST_PIECE = 3


class PinFault(StrEnum):
    """Why something may not be a PIN."""

    LENGTH = "length"
    SEQUENCE = "sequence"
    REPEAT = "repeat"
    YEAR = "year"
    KEYPAD = "keypad"
    COMMON = "common"
    EMPLOYEE_NUMBER = "employee_number"
    BIRTH_DATE = "birth_date"
    DURESS_TOO_ALIKE = "duress_too_alike"


@dataclass(frozen=True)
class Owner:
    """What a thief who knows the person would try first."""

    employee_number: str
    birth_date: date | None = None


def fault_of(pin: TypedPin, owner: Owner) -> PinFault | None:
    """Return the first thing that speaks against a PIN, None where nothing does."""
    digits = pin.reveal()
    if not SHORTEST <= len(digits) <= LONGEST:
        return PinFault.LENGTH
    checks = (
        (is_sequence, PinFault.SEQUENCE),
        (is_repeat, PinFault.REPEAT),
        (is_year, PinFault.YEAR),
        (is_keypad_pattern, PinFault.KEYPAD),
        (is_word, PinFault.COMMON),
    )
    for check, fault in checks:
        if check(digits):
            return fault
    if _from_number(digits, owner.employee_number):
        return PinFault.EMPLOYEE_NUMBER
    if owner.birth_date is not None and digits in dates_in_digits(owner.birth_date):
        return PinFault.BIRTH_DATE
    return None


def duress_fault(pin: TypedPin, duress: TypedPin) -> PinFault | None:
    """Refuse a duress PIN that one slip of a finger makes of the ordinary one."""
    one, other = pin.reveal(), duress.reveal()
    if len(one) != len(other):
        # A digit left out or typed twice is a slip as well.
        longer, shorter = sorted((one, other), key=len, reverse=True)
        slips = {longer[:at] + longer[at + 1 :] for at in range(len(longer))}
        return PinFault.DURESS_TOO_ALIKE if shorter in slips else None
    unlike = [at for at in range(len(one)) if one[at] != other[at]]
    swapped = len(unlike) == 2 and unlike[1] == unlike[0] + 1 and sorted(one) == sorted(other)
    return PinFault.DURESS_TOO_ALIKE if len(unlike) < 2 or swapped else None


def dates_in_digits(day: date) -> frozenset[str]:
    """Return everything of 4 to 8 digits that a date is written as, in any order of its parts."""
    parts = (
        (f"{day.day:02}", f"{day.day}"),
        (f"{day.month:02}", f"{day.month}"),
        (f"{day.year:04}", f"{day.year % 100:02}"),
    )
    written = (
        "".join(pieces)
        for count in (1, 2, 3)
        for chosen in permutations(parts, count)
        for pieces in product(*chosen)
    )
    return frozenset(text for text in written if SHORTEST <= len(text) <= LONGEST)


def _from_number(digits: str, employee_number: str) -> bool:
    number = "".join(letter for letter in employee_number if letter in "0123456789")
    bare = number.lstrip("0")
    if bare and digits.strip("0") == bare.strip("0"):
        return True
    candidates = [text for text in {number, bare} if len(text) >= _SHORTEST_PIECE]
    return any(
        piece in digits or digits in piece for text in candidates for piece in (text, text[::-1])
    )
