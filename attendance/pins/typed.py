"""A PIN as somebody typed, signed or wrote it, which no text of a program ever shows."""

import unicodedata
from typing import Never

SHORTEST, LONGEST = 4, 8


class TypedPin:
    """Digits that only `reveal` gives away: neither `repr` nor `str`, nor a pickle, nor JSON.

    A traceback's locals, a log line or a queue's message that holds one holds no digit.
    """

    __slots__ = ("_digits",)

    def __init__(self, text: str) -> None:
        """Take decimal digits of any script, as a keyboard gives them.

        Raises ValueError, without the text in it, for anything but 1 to 64 digits.
        """
        if not 0 < len(text) <= 64 or not text.isdecimal():
            raise ValueError("a PIN is made of digits")
        self._digits = "".join(str(unicodedata.decimal(letter)) for letter in text)

    def reveal(self) -> str:
        """Return the digits, 0 to 9, for hashing and for showing a new PIN once."""
        return self._digits

    def __len__(self) -> int:
        return len(self._digits)

    def __repr__(self) -> str:
        return "TypedPin(…)"

    def __reduce_ex__(self, protocol: object) -> Never:
        """Refuse: a pickle would carry the digits away."""
        raise TypeError("a PIN is not to be stored or sent")
