"""A door whose failures are counted, for whoever looks after the kiosk."""

from kiosk.doors.driver import Door, Report
from kiosk.errors import DoorError


class CountedDoor:
    """Hands everything on to a door."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self.faults = 0
        """How often it did not do as it was told."""

    async def unlock(self, seconds: float) -> None:
        """Unlock the door behind. Raises DoorError as it does."""
        try:
            await self._door.unlock(seconds)
        except DoorError:
            self.faults += 1
            raise

    async def watch(self, report: Report) -> None:
        """Watch the door behind."""
        await self._door.watch(report)

    async def close(self) -> None:
        """Leave the door behind as its fail mode wants it."""
        await self._door.close()
