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


@dataclass(frozen=True, slots=True)
class DoorEvent:
    """One thing that happened, by this machine's clock."""

    kind: EventKind
    at: datetime = field(default_factory=wall_time)
    id: UUID = field(default_factory=uuid4)


Report = Callable[[DoorEvent], None]
"""Takes an event in and returns at once."""


class Door(Protocol):
    """A door that can be unlocked for a while. Use in one event loop."""

    async def unlock(self, seconds: float) -> None:
        """Unlock the door, to lock itself again after `seconds`; returns once it is unlocked.

        Raises DoorError when it is not, within a few seconds. Never tries again by itself: an
        unlocking that comes late opens for somebody else.
        """

    async def watch(self, report: Report) -> None:
        """Report what happens at the door until cancelled; a door that tells nothing returns."""

    async def close(self) -> None:
        """Leave the door as its fail mode wants it."""
