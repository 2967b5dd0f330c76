"""The door that is only written about: for trying out, and where attendance is all one wants."""

import logging

from kiosk.doors.driver import Report

log = logging.getLogger(__name__)


class LogDoor:
    """Opens nothing."""

    def __init__(self) -> None:
        self._held = False

    async def unlock(self, seconds: float) -> None:
        """Say that the door is open."""
        log.info("The door is unlocked for %.0f s.", seconds)

    async def hold_open(self, seconds: float) -> None:
        """Say, once, that the door stands open."""
        if not self._held:
            log.info("The door is held open.")
        self._held = True

    async def lock(self) -> None:
        """Say that the door is locked."""
        log.info("The door is locked.")
        self._held = False

    async def watch(self, report: Report) -> None:
        """Nothing happens at a door that is not there."""

    async def close(self) -> None:
        """Nothing to leave."""
