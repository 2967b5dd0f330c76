"""The door: what a driver can do, when it may be told to, and the driver that only says so."""

import logging
from typing import Protocol

from kiosk.answers import Decided

log = logging.getLogger(__name__)

FRESH_S = 8.0
"""A decision about a picture older than this opens nothing: whoever stands there now may be
somebody else."""


class Door(Protocol):
    """A door that can be unlocked for a while."""

    async def unlock(self, seconds: float) -> None:
        """Unlock the door, to lock itself again after `seconds`; returns once it is unlocked.

        Raises DoorError when it is not.
        """


class LogDoor:
    """A door that is only written about: for trying out, and where attendance is all one wants."""

    async def unlock(self, seconds: float) -> None:
        """Say that the door is open."""
        log.info("The door is unlocked for %.0f s.", seconds)


def may_open(decided: Decided, age_s: float) -> bool:
    """Whether a decision opens the door, `age_s` after the capture was taken. Pure."""
    return decided.accepted and decided.open_door and 0 <= age_s <= FRESH_S
