"""Reads typed values out of a manifest and says precisely which one is wrong."""

import math
import re
from collections.abc import Sequence
from typing import Any

from recognition.errors import ManifestError

_KINDS = {dict: "an object", list: "a list", str: "text", int: "a whole number", float: "a number"}


class Fields:
    """One object of a manifest, read key by key; what nobody read is refused at the end."""

    def __init__(self, values: Any, path: str) -> None:
        """Take parsed JSON; `path` names it in messages. Raises ManifestError for no object."""
        if not isinstance(values, dict):
            raise ManifestError(f"{path} must be an object, not {_said(values)}.")
        self._values = values
        self._path = path
        self._read: set[str] = set()

    def has(self, name: str) -> bool:
        """Whether the key is there and not null."""
        self._read.add(name)
        return self._values.get(name) is not None

    def text(self, name: str, *, pattern: str = r".*\S.*", means: str = "text") -> str:
        """Text that fits the whole pattern."""
        value = self._typed(name, str)
        if len(value) > 2000 or not re.fullmatch(pattern, value):
            raise self.wrong(name, f"must be {means}", value)
        return str(value)

    def flag(self, name: str) -> bool:
        """True or false; false where the key is missing."""
        value = self._values.get(name, False)
        self._read.add(name)
        if not isinstance(value, bool):
            raise self.wrong(name, "must be true or false", value)
        return value

    def choice(self, name: str, choices: Sequence[str]) -> str:
        """One of a few words."""
        value = self._typed(name, str)
        if value not in choices:
            raise self.wrong(name, f"must be one of {', '.join(choices)}", value)
        return str(value)

    def whole(self, name: str, least: int, most: int) -> int:
        """A whole number within bounds."""
        value = self._typed(name, int)
        if isinstance(value, bool) or not least <= value <= most:
            raise self.wrong(name, f"must be a whole number from {least} to {most}", value)
        return int(value)

    def number(self, name: str, least: float, most: float) -> float:
        """A finite number within bounds."""
        return self._number(name, self._typed(name, (int, float)), least, most)

    def numbers(self, name: str, count: int, least: float, most: float) -> tuple[float, ...]:
        """A list of so many finite numbers."""
        values = self._typed(name, list)
        if len(values) != count:
            raise self.wrong(name, f"must be a list of {count} numbers", values)
        return tuple(self._number(name, value, least, most) for value in values)

    def rows(self, name: str) -> list[Any]:
        """A list, its entries unread."""
        return list(self._typed(name, list))

    def section(self, name: str) -> "Fields":
        """An object inside this one."""
        return Fields(self._typed(name, dict), f"{self._path}.{name}")

    def done(self) -> None:
        """Refuse keys that nobody read: a misspelt one would otherwise be silently without use."""
        unknown = sorted(self._values.keys() - self._read)
        if unknown:
            raise ManifestError(f"{self._path} has an unknown key {unknown[0]!r}.")

    def wrong(self, name: str, rule: str, value: object) -> ManifestError:
        """The error for a value that breaks a rule."""
        return ManifestError(f"{self._path}.{name} {rule}, not {_said(value)}.")

    def _typed(self, name: str, kind: Any) -> Any:
        self._read.add(name)
        if name not in self._values:
            raise ManifestError(f"{self._path} has no {name!r}.")
        value = self._values[name]
        if not isinstance(value, kind):
            wanted = _KINDS[kind if isinstance(kind, type) else float]
            raise self.wrong(name, f"must be {wanted}", value)
        return value

    def _number(self, name: str, value: Any, least: float, most: float) -> float:
        fits = isinstance(value, int | float) and not isinstance(value, bool)
        if not fits or not math.isfinite(value) or not least <= value <= most:
            raise self.wrong(name, f"must be a number from {least:g} to {most:g}", value)
        return float(value)


def _said(value: object) -> str:
    """A value as a message shows it: short, whatever it is."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
