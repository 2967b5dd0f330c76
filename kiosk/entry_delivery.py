"""Brings one entry to the server and its decision back. Entries are never kept: they hold PINs.

Where the server is away and the door's policy lets it, the kiosk decides about number and PIN.
"""

import asyncio
import logging
from collections.abc import Callable

from kiosk.answers import Answer, Decided, NeedsPin, Queued
from kiosk.backoff import Backoff
from kiosk.client import Client
from kiosk.clock import running_s
from kiosk.doors import FRESH_S
from kiosk.entry_request import EntryRequest
from kiosk.errors import CaptureRejectedError, OutOfServiceError, ServerAwayError, UndecidedError
from kiosk.link import Link
from kiosk.offline import OfflinePins

log = logging.getLogger(__name__)

FIRST_RETRY_S, LONGEST_RETRY_S = 0.3, 2.0
ASK_AGAIN_S = 0.25
"""Between two questions about an entry that is being decided."""
ALONE_AFTER_S = 4.0
"""A server that says nothing for this long is away, where the kiosk may decide by itself: half of
the time in which a door may open, for one pass of argon2id on a small computer."""


class EntryDelivery:
    """Sends entries. The same entry keeps its id, so no retry makes a second event or try."""

    def __init__(
        self,
        client: Client,
        link: Link,
        *,
        offline: OfflinePins | None = None,
        give_up_s: float = FRESH_S,
        make_backoff: Callable[[], Backoff] = lambda: Backoff(FIRST_RETRY_S, LONGEST_RETRY_S),
        clock: Callable[[], float] = running_s,
    ) -> None:
        """Later than `give_up_s` after an entry no door opens on it: the person types it again.

        `clock` is the one that entries have their age by.
        """
        self._client = client
        self._link = link
        self._offline = offline
        self._give_up_s = give_up_s
        self._make_backoff = make_backoff
        self._clock = clock

    def works_offline(self) -> bool:
        """Whether number and PIN would be decided without the server now."""
        return self._offline is not None and self._offline.ready()

    async def decision(self, entry: EntryRequest) -> Decided | NeedsPin:
        """The server's decision about an entry, or what it wants beside it.

        Raises UndecidedError when another entry may be made, OutOfServiceError,
        CaptureRejectedError or ServerAwayError when it came to nothing, and SpoolError when the
        kiosk may decide by itself and cannot keep that it did.
        """
        backoff = self._make_backoff()
        until_s = entry.taken_s + self._give_up_s
        queued: Queued | None = None
        while True:
            try:
                answer = await self._once(entry, queued, until_s)
            except (OutOfServiceError, CaptureRejectedError) as error:
                self._link.failed(error)
                raise
            except ServerAwayError as error:
                self._link.failed(error)
                if not error.reached and (decided := await self._by_itself(entry)) is not None:
                    return decided
                pause_s = max(backoff.next_s(), error.retry_after_s)
                if self._clock() + pause_s > until_s:
                    raise
                log.info("entry %s: %s Again in %.1f s.", entry.id, error, pause_s)
                await asyncio.sleep(pause_s)
                continue
            self._link.reached()
            if isinstance(answer, Decided | NeedsPin):
                return answer
            if not isinstance(answer, Queued):
                raise UndecidedError(f"The server gave up on entry {entry.id}.")
            queued = answer
            await asyncio.sleep(ASK_AGAIN_S)

    async def _by_itself(self, entry: EntryRequest) -> Decided | None:
        return None if self._offline is None else await self._offline.decide(entry)

    async def _once(self, entry: EntryRequest, queued: Queued | None, until_s: float) -> Answer:
        """One question and its answer, waited for no longer than it may open a door.

        A line that was cut says nothing at all, and somebody stands there; where the kiosk can
        decide by itself, there has to be time left for that.
        """
        patience_s = until_s - self._clock()
        if self.works_offline():
            patience_s = min(patience_s, ALONE_AFTER_S)
        try:
            async with asyncio.timeout(max(0.0, patience_s)):
                if queued is None:
                    return await self._client.enter(entry, self._link.measured_skew)
                return await self._client.ask(entry.id, queued.status_url)
        except TimeoutError:
            if queued is None:
                raise ServerAwayError("The server does not answer in time.") from None
            late = f"The server did not decide about entry {entry.id} in time."
            raise UndecidedError(late) from None
