"""What a door's contact says: forced, held open. Pure; the time is an argument."""

from kiosk.doors.driver import EventKind

AFTER_LOCKING_S = 2.0
"""A door pulled open just as it locks was not forced."""


class Contact:
    """Follows one door's contact. Times are seconds on the running clock."""

    def __init__(self, *, held_open_s: float) -> None:
        """`held_open_s` is how long the door may stand open, beyond its unlocking."""
        self._held_open_s = held_open_s
        self._unlocked_until_s = float("-inf")
        self._open_since_s: float | None = None
        self._said = False

    def unlocked(self, now_s: float, seconds: float) -> None:
        """The door was unlocked for a while."""
        self._unlocked_until_s = max(self._unlocked_until_s, now_s + seconds)

    def found_open(self, now_s: float) -> None:
        """The door stood open when the watching began: who knows why, and for how long already."""
        self._open_since_s = now_s

    def locked(self, now_s: float) -> None:
        """The door was locked before its time."""
        self._unlocked_until_s = min(self._unlocked_until_s, now_s)

    def moved(self, now_s: float, *, is_open: bool) -> EventKind | None:
        """The contact changed; returns what is to be reported."""
        was_open, self._open_since_s = (
            self._open_since_s is not None,
            (self._open_since_s if self._open_since_s is not None else now_s) if is_open else None,
        )
        if not is_open or was_open:
            self._said = self._said and is_open
            return None
        self._said = False
        forced = now_s > self._unlocked_until_s + AFTER_LOCKING_S
        return EventKind.FORCED if forced else None

    def due(self, now_s: float) -> EventKind | None:
        """Whether the door has stood open for too long by now; said once for each opening."""
        if self._open_since_s is None or self._said:
            return None
        since_s = max(self._open_since_s, self._unlocked_until_s)
        if now_s - since_s <= self._held_open_s:
            return None
        self._said = True
        return EventKind.HELD_OPEN
