"""Tells the server every few seconds that this kiosk is there, and learns what it wants."""

import asyncio
import logging

from kiosk.backoff import Backoff
from kiosk.client import Client
from kiosk.clock import wall_time
from kiosk.errors import OutOfServiceError, ServerAwayError, ServerError, StartError
from kiosk.link import Link
from kiosk.trust.key_file import KeyFile
from kiosk.trust.rotation import change_keys

log = logging.getLogger(__name__)

EVERY_S = 10.0
LONGEST_RETRY_S = 10.0
OUT_OF_SERVICE_S = 30.0
"""A kiosk switched off asks slowly: somebody may switch it on, and nobody is in a hurry."""


class Heartbeat:
    """Greets the server for as long as it runs, and keeps the link's state."""

    def __init__(
        self,
        client: Client,
        link: Link,
        *,
        key_file: KeyFile | None = None,
        every_s: float = EVERY_S,
    ) -> None:
        """Without a key file the key is never changed."""
        self._client = client
        self._link = link
        self._every_s = every_s
        self._key_file = key_file
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
                if self._client.trust.identity.next_seed:
                    # Cut off in the middle of a change: perhaps the next key is in force.
                    await self._change_keys()
                return OUT_OF_SERVICE_S
            asked_for = error.retry_after_s if isinstance(error, ServerAwayError) else 0.0
            return max(self._backoff.next_s(), asked_for)
        self._link.greeted(greeting, asked_at, wall_time())
        self._backoff.reset()
        if greeting.rotate_key or self._client.trust.identity.next_seed:
            await self._change_keys()
        return self._every_s

    async def _change_keys(self) -> None:
        if self._key_file is None:
            return
        try:
            await change_keys(self._client, self._key_file)
        except (ServerError, StartError) as error:
            log.warning("The key was not changed: %s Trying again.", error)
