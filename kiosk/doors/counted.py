"""A door whose failures are counted, for whoever looks after the kiosk."""

import contextlib
from collections.abc import Iterator

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
        with self._counting():
            await self._door.unlock(seconds)

    async def hold_open(self, seconds: float) -> None:
        """Keep the door behind unlocked. Raises DoorError as it does."""
        with self._counting():
            await self._door.hold_open(seconds)

    async def lock(self) -> None:
        """Lock the door behind. Raises DoorError as it does."""
        with self._counting():
            await self._door.lock()

    async def watch(self, report: Report) -> None:
        """Watch the door behind."""
        await self._door.watch(report)

    async def close(self) -> None:
        """Leave the door behind as its fail mode wants it."""
        await self._door.close()

    @contextlib.contextmanager
    def _counting(self) -> Iterator[None]:
        try:
            yield
        except DoorError:
            self.faults += 1
            raise
