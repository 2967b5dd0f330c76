"""What a door driver can do, and what it can tell."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID, uuid4

from kiosk.clock import wall_time


class FailMode(StrEnum):
    """What a door does when nobody holds it any more: the kiosk has ended, its power is gone.

    A camera that is lost is no such case: whoever covers it would have a key.
    """

    SECURE = "secure"
    """It locks. For doors with another way out."""
    SAFE = "safe"
    """It opens. For doors on an escape route."""


class EventKind(StrEnum):
    """What may happen at a door beside its being unlocked."""

    HELD_OPEN = "held_open"
    """It stood open for too long."""
    FORCED = "forced"
    """It opened while it was locked."""
    TAMPER = "tamper"
    """Somebody opened the kiosk's or the lock's case."""
    REQUEST_TO_EXIT = "request_to_exit"
    """Somebody inside pressed the button; the door was unlocked."""
    EMERGENCY_OPEN = "emergency_open"
    """It was told to stand open for everybody."""
    EMERGENCY_OVER = "emergency_over"
    """It was told to lock again after that."""
    STAYED_SHUT = "stayed_shut"
    """Somebody was let in, or may have been as far as this kiosk knows, and it did not open."""


@dataclass(frozen=True, slots=True)
class DoorEvent:
    """One thing that happened, by this machine's clock."""

    kind: EventKind
    at: datetime = field(default_factory=wall_time)
    id: UUID = field(default_factory=uuid4)
    capture: UUID | None = None
    """Of a door that stayed shut: the capture or entry on which it did not open."""


Report = Callable[[DoorEvent], None]
"""Takes an event in and returns at once."""


class Door(Protocol):
    """A door that can be unlocked for a while. Use in one event loop."""

    async def unlock(self, seconds: float) -> None:
        """Unlock the door, to lock itself again after `seconds`; returns once it is unlocked.

        Raises DoorError when it is not, within a few seconds. Never tries again by itself: an
        unlocking that comes late opens for somebody else.
        """

    async def hold_open(self, seconds: float) -> None:
        """Keep the door unlocked for `seconds` from now on, and longer when told so again.

        Said every few seconds for as long as the door is to stand open, so that it locks by
        itself where the kiosk falls silent. Raises DoorError when it is not unlocked.
        """

    async def lock(self) -> None:
        """Lock the door now, whatever was left of its time. Raises DoorError when it does not.

        May be said again, and to a door that is locked.
        """

    async def watch(self, report: Report) -> None:
        """Report what happens at the door until cancelled; a door that tells nothing returns."""

    async def close(self) -> None:
        """Leave the door as its fail mode wants it."""
