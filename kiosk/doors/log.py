"""The door that is only written about: for trying out, and where attendance is all one wants."""

import logging

from kiosk.doors.driver import Report

log = logging.getLogger(__name__)


class LogDoor:
    """Opens nothing."""

    async def unlock(self, seconds: float) -> None:
        """Say that the door is open."""
        log.info("The door is unlocked for %.0f s.", seconds)

    async def watch(self, report: Report) -> None:
        """Nothing happens at a door that is not there."""

    async def close(self) -> None:
        """Nothing to leave."""
