"""Tells the server every few seconds that this kiosk is there, and learns what it wants."""

import asyncio

from kiosk.backoff import Backoff
from kiosk.client import Client
from kiosk.clock import wall_time
from kiosk.errors import OutOfServiceError, ServerAwayError, ServerError
from kiosk.link import Link

EVERY_S = 10.0
LONGEST_RETRY_S = 10.0
OUT_OF_SERVICE_S = 30.0
"""A revoked token is asked about slowly: somebody may give it back, and nobody is in a hurry."""


class Heartbeat:
    """Greets the server for as long as it runs, and keeps the link's state."""

    def __init__(self, client: Client, link: Link, *, every_s: float = EVERY_S) -> None:
        self._client = client
        self._link = link
        self._every_s = every_s
        self._backoff = Backoff(0.5, LONGEST_RETRY_S)

    async def run(self) -> None:
        """Beat until cancelled."""
        while True:
            await asyncio.sleep(await self.beat())

    async def beat(self) -> float:
        """Greet the server once; returns how long to wait before the next time, in seconds."""
        asked_at = wall_time()
        try:
            greeting = await self._client.greet()
        except ServerError as error:
            self._link.failed(error)
            if isinstance(error, OutOfServiceError):
                return OUT_OF_SERVICE_S
            asked_for = error.retry_after_s if isinstance(error, ServerAwayError) else 0.0
            return max(self._backoff.next_s(), asked_for)
        self._link.greeted(greeting, asked_at, wall_time())
        self._backoff.reset()
        return self._every_s
