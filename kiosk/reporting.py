"""Tells the server how the kiosk is doing: at once when something changes, otherwise seldom."""

import asyncio
import contextlib

from kiosk.client import Client
from kiosk.errors import ServerError, SpoolError
from kiosk.health import Doctor, Health
from kiosk.link import Link, LinkState

LOOK_S = 1.0
EVERY_S = 30.0


class HealthReporter:
    """Sends readings. Use in one event loop."""

    def __init__(self, client: Client, link: Link, doctor: Doctor) -> None:
        self._client = client
        self._link = link
        self._doctor = doctor
        self._last: Health | None = None
        self.line = "starting"
        """The newest reading in words."""

    async def run(self) -> None:
        """Look and tell until cancelled."""
        while True:
            with contextlib.suppress(SpoolError):
                await self.look()
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Take a reading, and send it where the server should hear of it. Raises SpoolError."""
        reading = await self._doctor.reading()
        self.line = reading.in_words()
        if self._link.state is not LinkState.ONLINE or not self._is_news(reading):
            return
        with contextlib.suppress(ServerError):
            await self._client.tell_health(
                {
                    "camera": reading.camera,
                    "waiting": reading.waiting,
                    "set_aside": reading.set_aside,
                    "spool_full": reading.spool_bytes >= reading.spool_most,
                    "door_faults": reading.door_faults,
                }
            )
            self._last = reading

    def _is_news(self, reading: Health) -> bool:
        last = self._last
        if last is None or reading.running_s - last.running_s >= EVERY_S:
            return True
        # A spool that drains is no news for each of its entries.
        return (reading.camera, reading.set_aside, reading.door_faults, reading.waiting == 0) != (
            last.camera,
            last.set_aside,
            last.door_faults,
            last.waiting == 0,
        )
