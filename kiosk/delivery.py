"""Brings the capture of somebody who stands there to the server, and its decision back.

The capture is in the spool before it is sent and until the server has decided about it. What does
not come to its end while it can still open a door is left to the courier.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

from kiosk.answers import Answer, Decided, Failed, NeedsPin, Queued
from kiosk.backoff import Backoff
from kiosk.capture import Capture
from kiosk.client import Client
from kiosk.clock import running_s
from kiosk.doors import FRESH_S
from kiosk.errors import CaptureRejectedError, OutOfServiceError, ServerAwayError, UndecidedError
from kiosk.link import Link
from kiosk.offline import OfflineKeeper
from kiosk.spool import Kind, Reading, Spool, parcel_of, reading_of

log = logging.getLogger(__name__)

GIVE_UP_S = FRESH_S
"""Later no door opens any more: the person is told, and the capture goes on its way by itself."""
DECIDE_S = 10.0
"""How long the server may think about a capture it has taken, before another one is made."""
FIRST_RETRY_S = 0.3
LONGEST_RETRY_S = 4.0
"""Somebody stands there: this much, at most, passes unused once the server is back."""
ASK_AGAIN_S = 0.25
"""Between two questions about a queued capture."""
CLOCK_SKEW = "clock_skew"
"""The refusal that says nothing about the capture: it is good once the clock is set."""


class Delivery:
    """Sends captures. The same capture keeps its id, so no retry makes a second event.

    Any number of deliveries may be under way in the same event loop.
    """

    def __init__(
        self,
        client: Client,
        link: Link,
        spool: Spool,
        *,
        offline: OfflineKeeper | None = None,
        give_up_s: float = GIVE_UP_S,
        decide_s: float = DECIDE_S,
        make_backoff: Callable[[], Backoff] = lambda: Backoff(FIRST_RETRY_S, LONGEST_RETRY_S),
        clock: Callable[[], float] = running_s,
    ) -> None:
        """`clock` is the one that captures have their age by."""
        self._client = client
        self._link = link
        self._spool = spool
        self._offline = offline
        self._give_up_s = give_up_s
        self._decide_s = decide_s
        self._make_backoff = make_backoff
        self._clock = clock
        self.live: set[int] = set()
        """Numbers of the entries that somebody waits for; the courier leaves them alone."""

    async def decision(self, capture: Capture) -> Decided | NeedsPin:
        """The server's decision about a capture, or what it wants beside it.

        Raises SpoolFullError or SpoolError when it cannot be kept and is therefore not sent,
        UndecidedError when a new capture should be made, and OutOfServiceError,
        CaptureRejectedError or ServerAwayError when it came to nothing for now.
        """
        reading = reading_of(capture.captured_at, capture.taken_s, self._link.measured_skew)
        content = await asyncio.to_thread(parcel_of, capture, reading)
        number = await asyncio.to_thread(self._spool.add, capture.id, Kind.CAPTURE, content)
        self.live.add(number)
        try:
            return await self._delivered(number, capture, reading)
        except ServerAwayError:
            decided = await self._by_itself(number, capture, reading)
            if decided is None:
                raise
            return decided
        except CaptureRejectedError as error:
            if error.code != CLOCK_SKEW:
                await asyncio.to_thread(self._spool.remove, number)
            raise
        finally:
            self.live.discard(number)

    async def _delivered(
        self, number: int, capture: Capture, reading: Reading
    ) -> Decided | NeedsPin:
        while True:
            answer = await self._sent(capture, reading)
            if isinstance(answer, Queued):
                answer = await self._asked(capture, answer)
            if isinstance(answer, Decided | NeedsPin):
                await asyncio.to_thread(self._spool.remove, number)
                return answer
            if not isinstance(answer, Failed) or self._too_late(capture, 0.0):
                raise UndecidedError(f"The server did not decide about {capture.id} in time.")
            # Under its old id it stays failed; the same frames go again under another.
            capture = replace(capture, id=uuid4())
            log.info("The server failed; the same frames go again as capture %s", capture.id)
            await asyncio.to_thread(self._spool.rename, number, capture.id)

    async def _by_itself(self, number: int, capture: Capture, reading: Reading) -> Decided | None:
        """Decide without the server, as far as the door's policy goes; the server is told later.

        What the person was let in for is on the disk before the door opens.
        """
        if self._offline is None or (found := await self._offline.decide(capture)) is None:
            return None
        decided, person = found
        noted = replace(reading, offline_person=person.id)
        content = await asyncio.to_thread(parcel_of, capture, noted)
        await asyncio.to_thread(self._spool.replace, number, content)
        return decided

    async def _sent(self, capture: Capture, reading: Reading) -> Answer:
        """The server's answer, however often that takes while the capture is fresh."""
        backoff = self._make_backoff()
        while True:
            try:
                skew = reading.skew_then(self._link.measured_skew)
                answer = await self._client.send(capture, skew)
            except (OutOfServiceError, CaptureRejectedError) as error:
                self._link.failed(error)
                raise
            except ServerAwayError as error:
                self._link.failed(error)
                pause_s = max(backoff.next_s(), error.retry_after_s)
                alone = not error.reached and self._offline is not None and self._offline.ready()
                if alone or self._too_late(capture, pause_s):
                    raise
                log.info("capture %s: %s Again in %.1f s.", capture.id, error, pause_s)
                await asyncio.sleep(pause_s)
                continue
            self._link.reached()
            return answer

    def _too_late(self, capture: Capture, pause_s: float) -> bool:
        return self._clock() + pause_s - capture.taken_s > self._give_up_s

    async def _asked(self, capture: Capture, queued: Queued) -> Answer:
        """Ask about a queued capture until it is closed, or has taken too long."""
        log.info("capture %s: queued", capture.id)
        until_s = self._clock() + self._decide_s
        pause_s = ASK_AGAIN_S
        answer: Answer = queued
        while isinstance(answer, Queued) and self._clock() < until_s:
            await asyncio.sleep(pause_s)
            try:
                answer = await self._client.ask(capture.id, queued.status_url)
            except ServerAwayError as error:
                self._link.failed(error)
                pause_s = max(ASK_AGAIN_S, min(error.retry_after_s, until_s - self._clock()))
                continue
            self._link.reached()
            pause_s = ASK_AGAIN_S
        return answer
