"""When what the server gave a kiosk for offline decisions may be gone by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, its end not included."""

    begin: datetime
    end: datetime

    def holds(self, at: datetime) -> bool:
        """Whether a moment lies in it; a clock that was set back brings nothing back."""
        return self.begin <= at < self.end


@dataclass(frozen=True, slots=True)
class Windows:
    """When somebody may come in."""

    spans: tuple[Span, ...]

    def hold(self, at: datetime) -> bool:
        """Whether a moment lies in one of them."""
        return any(span.holds(at) for span in self.spans)


def validity_of(fields: Mapping[str, Any]) -> Span:
    """From a list's issue to its expiry. Raises ValueError, KeyError or TypeError."""
    return Span(_moment_of(fields["issued_at"]), _moment_of(fields["expires_at"]))


def windows_of(pairs: Iterable[list[str]]) -> Windows:
    """What a list says of one person. Raises ValueError or TypeError."""
    return Windows(tuple(Span(_moment_of(begin), _moment_of(end)) for begin, end in pairs))


def _moment_of(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment
