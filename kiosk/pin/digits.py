"""What was typed so far, in a value that shows it to nobody who does not ask."""

from typing import Never


class Digits:
    """Letters or digits that only `reveal` gives away: no text of it, no pickle, no JSON has them.

    Immutable; adding and deleting make another one.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str = "") -> None:
        self._text = text

    def reveal(self) -> str:
        """Return what was typed, for the signed request only."""
        return self._text

    def plus(self, text: str, *, most: int) -> "Digits":
        """Return it with more at its end, cut to `most`."""
        return Digits((self._text + text)[:most])

    def without_last(self) -> "Digits":
        """Return it without its last one."""
        return Digits(self._text[:-1])

    def __len__(self) -> int:
        return len(self._text)

    def __repr__(self) -> str:
        return "Digits(…)"

    def __reduce_ex__(self, protocol: object) -> Never:
        """Refuse: a pickle would carry the digits away."""
        raise TypeError("what was typed is not to be stored")
