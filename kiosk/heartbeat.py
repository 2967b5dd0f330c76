"""Tells the server all the time that this kiosk is there, and learns at once what it wants.

The question waits at the server until there is news, for a few seconds at most: one way for
lockdown, emergency and revocation alike, and every answer is signed over the question's nonce.
"""

import asyncio
import logging
import random
from collections.abc import Callable

from kiosk.backoff import Backoff
from kiosk.client import Client
from kiosk.clock import running_s, wall_time
from kiosk.errors import OutOfServiceError, ServerAwayError, ServerError, StartError
from kiosk.link import Link
from kiosk.trust.key_file import KeyFile
from kiosk.trust.rotation import change_keys

log = logging.getLogger(__name__)

EVERY_S = 10.0
"""With a server that does not wait for news."""
WAIT_S = 8.0
"""How long the server is asked to wait for news, at most: a lockdown is known at once, and a kiosk
that is gone is noticed soon."""
SHORTEST_SHARE = 0.6
"""A wait is drawn from this share of its length to its whole: a call wakes all kiosks in the same
instant, and they are not to ask all together ever after."""
CONFIRM_S = 3.0
"""As long as a door is held open, at least this often the order is confirmed."""
LEAST_S = 1.0
"""Between two questions, whatever the server does."""
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
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Without a key file the key is never changed."""
        self._chance = chance
        self._client = client
        self._link = link
        self._every_s = every_s
        self._key_file = key_file
        self._backoff = Backoff(0.5, LONGEST_RETRY_S)
        self._news = ""

    async def run(self) -> None:
        """Beat until cancelled."""
        while True:
            await asyncio.sleep(await self.beat())

    async def beat(self) -> float:
        """Greet the server once; returns how long to wait before the next time, in seconds."""
        asked_at, asked_s = wall_time(), running_s()
        held_open = self._link.open_for_s(asked_s) > 0
        share = SHORTEST_SHARE + (1 - SHORTEST_SHARE) * self._chance()
        wait_s = share * (CONFIRM_S if held_open else WAIT_S)
        try:
            greeting = await self._client.greet(knows=self._news, wait_s=wait_s)
        except ServerError as error:
            self._link.failed(error)
            # The next answer comes at once, whatever is known from before.
            self._news = ""
            if isinstance(error, OutOfServiceError):
                if self._client.trust.identity.next_seed:
                    # Cut off in the middle of a change: perhaps the next key is in force.
                    await self._change_keys()
                return OUT_OF_SERVICE_S
            asked_for = error.retry_after_s if isinstance(error, ServerAwayError) else 0.0
            pause_s = max(self._backoff.next_s(), asked_for)
            return min(pause_s, CONFIRM_S) if held_open else pause_s
        self._link.greeted(greeting, asked_at, wall_time(), asked_s=asked_s)
        self._backoff.reset()
        self._news = greeting.news
        if greeting.rotate_key or self._client.trust.identity.next_seed:
            await self._change_keys()
        if not greeting.news:
            return self._every_s
        return max(0.0, LEAST_S - (running_s() - asked_s))

    async def _change_keys(self) -> None:
        if self._key_file is None:
            return
        try:
            await change_keys(self._client, self._key_file)
        except (ServerError, StartError) as error:
            log.warning("The key was not changed: %s Trying again.", error)
