"""Events of a door on their way to the spool."""

import asyncio
import json
import logging

from kiosk.doors.driver import Door, DoorEvent
from kiosk.errors import SpoolError
from kiosk.link import Link
from kiosk.spool import Kind, Spool

log = logging.getLogger(__name__)

MOST_AT_ONCE = 1000
"""A broken contact tells without end; what goes beyond this is counted and not kept."""


class Reporter:
    """Watches a door and keeps what happens until the courier has brought it."""

    def __init__(self, door: Door, spool: Spool, link: Link) -> None:
        self._door = door
        self._spool = spool
        self._link = link
        self._events: asyncio.Queue[DoorEvent] = asyncio.Queue(MOST_AT_ONCE)

    async def run(self) -> None:
        """Watch until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._door.watch(self.take))
            group.create_task(self._keep())

    def take(self, event: DoorEvent) -> None:
        """Keep an event; returns at once."""
        log.warning("The door: %s", event.kind.value)
        try:
            self._events.put_nowait(event)
        except asyncio.QueueFull:
            log.critical("The door tells more than can be kept; look at its contact.")

    async def _keep(self) -> None:
        while True:
            event = await self._events.get()
            try:
                await asyncio.to_thread(self._spool.add, event.id, Kind.EVENT, self._told(event))
            except SpoolError as error:
                log.critical("An event of the door is not kept: %s", error)

    def _told(self, event: DoorEvent) -> bytes:
        skew = self._link.measured_skew
        told = {
            "kind": event.kind.value,
            "at": event.at.isoformat(),
            "skew_s": None if skew is None else skew.total_seconds(),
        }
        if event.capture is not None:
            told["capture"] = str(event.capture)
        return json.dumps(told).encode()
