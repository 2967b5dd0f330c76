"""Brings to the server what was left in the spool, oldest first, until it has it."""

import asyncio
import json
import logging
from collections.abc import Callable, Collection
from datetime import timedelta
from uuid import uuid4

from kiosk.answers import Answer, Decided, Failed, NeedsPin, Queued
from kiosk.backoff import Backoff
from kiosk.client import Client
from kiosk.clock import running_s
from kiosk.delivery import ASK_AGAIN_S, CLOCK_SKEW
from kiosk.doors import DoorEvent, EventKind, Report
from kiosk.errors import CaptureRejectedError, OutOfServiceError, ServerAwayError, SpoolError
from kiosk.link import Link, LinkState
from kiosk.spool import Entry, Kind, Spool, unpacked, unpacked_entry

log = logging.getLogger(__name__)

PACE_S = 0.75
"""Between two entries: the server takes 120 captures a minute of a kiosk, and whoever stands at
the door now is to have a third of them."""
LOOK_S = 0.5
"""How often an empty spool is looked into."""
PATIENCE_S = 45.0
"""A queued capture is closed by the server within 35 s, one way or the other."""
MOST_FAILURES = 8
"""How often the server may give up on the same frames before they are set aside: they may be what
makes it fail."""
AT_ONCE = timedelta(seconds=30)
"""A decision that fell within this time may have been meant to open the door."""
NOT_ITS_FAULT = frozenset({"frames_expired", "no_engine"})
"""No worker was there, or none that can recognise anybody: says nothing about the frames."""


def _nobody(event: DoorEvent) -> None:
    log.warning("The door: %s", event.kind.value)


class Courier:
    """Sends what the spool holds, in its order, each until the server has decided about it.

    Opens no door and tells nobody: what it brings is too old for that. Use in one event loop.
    """

    def __init__(
        self,
        client: Client,
        link: Link,
        spool: Spool,
        live: Collection[int],
        *,
        tell: Report = _nobody,
        pace_s: float = PACE_S,
        make_backoff: Callable[[], Backoff] = lambda: Backoff(0.5, 10.0),
    ) -> None:
        """`live` are the numbers of entries that are under way already.

        `tell` takes in what the courier finds out about the door.
        """
        self._tell = tell
        self._client = client
        self._link = link
        self._spool = spool
        self._live = live
        self._pace_s = pace_s
        self._backoff = make_backoff()

    async def run(self) -> None:
        """Carry until cancelled."""
        while True:
            await asyncio.sleep(await self.step())

    async def step(self) -> float:
        """Bring the oldest entry, if there is one; returns the seconds until the next step."""
        try:
            entry = await asyncio.to_thread(self._spool.oldest)
            if entry is None or entry.number in self._live:
                return LOOK_S
            if self._link.state is LinkState.OUT_OF_SERVICE:
                return LOOK_S
            await self._bring(entry)
        except ServerAwayError as error:
            self._link.failed(error)
            return max(self._backoff.next_s(), error.retry_after_s)
        except OutOfServiceError as error:
            self._link.failed(error)
            return LOOK_S
        except SpoolError as error:
            log.critical("%s", error)
            return self._backoff.next_s()
        self._backoff.reset()
        return self._pace_s

    async def emptied(self, limit_s: float) -> bool:
        """Wait until nothing waits any more, `limit_s` at most, or the kiosk is not wanted."""
        until_s = running_s() + limit_s
        while running_s() < until_s and self._link.state is not LinkState.OUT_OF_SERVICE:
            if not (await asyncio.to_thread(self._spool.state)).waiting:
                return True
            await asyncio.sleep(0.1)
        return False

    async def _bring(self, entry: Entry) -> None:
        try:
            if entry.kind is Kind.EVENT:
                await self._report(entry)
                return
            answer = await self._settled(entry)
        except CaptureRejectedError as error:
            self._link.failed(error)
            if error.code == CLOCK_SKEW:
                raise ServerAwayError(str(error), reached=True) from error
            log.critical("%s %s: the server will never take it: %s", entry.kind, entry.id, error)
            await asyncio.to_thread(self._spool.remove, entry.number)
            return
        self._link.reached()
        if isinstance(answer, Decided | NeedsPin):
            await asyncio.to_thread(self._spool.remove, entry.number)
            log.info("capture %s: decided late (%s)", entry.id, answer.reason)
            if isinstance(answer, Decided) and self._stayed_shut(entry, answer):
                self._tell(DoorEvent(EventKind.STAYED_SHUT, capture=entry.id))
        elif isinstance(answer, Failed):
            await self._failed(entry, answer)
        else:
            raise ServerAwayError(f"The server does not decide about {entry.id}.", reached=True)

    def _stayed_shut(self, entry: Entry, answer: Decided) -> bool:
        """Whether the server let somebody in at once, and its answer never came here.

        What this kiosk decided by itself has opened the door; what the server decided late it
        knows to have opened nothing.
        """
        if entry.kind is not Kind.CAPTURE or not answer.accepted:
            return False
        if answer.decided_at is None or answer.happened_at is None:
            return False
        at_once = answer.decided_at - answer.happened_at < AT_ONCE
        return at_once and unpacked(entry.id, entry.content)[1].offline_person is None

    async def _settled(self, entry: Entry) -> Answer:
        answer = await self._sent(entry)
        until_s = running_s() + PATIENCE_S
        while isinstance(answer, Queued) and running_s() < until_s:
            await asyncio.sleep(ASK_AGAIN_S)
            answer = await self._client.ask(entry.id, answer.status_url)
        return answer

    async def _sent(self, entry: Entry) -> Answer:
        if entry.kind is Kind.ENTRY:
            late = unpacked_entry(entry.id, entry.content)
            skew = late.reading.skew_then(self._link.measured_skew)
            return await self._client.enter_late(late, skew)
        capture, reading = await asyncio.to_thread(unpacked, entry.id, entry.content)
        skew = reading.skew_then(self._link.measured_skew)
        return await self._client.send(capture, skew, reading.offline_person)

    async def _report(self, entry: Entry) -> None:
        """Tell the server about something that happened at the door."""
        told = json.loads(entry.content)
        skew_s = told["skew_s"]
        skew_ms = None if skew_s is None else round(skew_s * 1000)
        fields = {"kind": told["kind"], "happened_at": told["at"], "skew_ms": skew_ms}
        if "capture" in told:
            fields["capture"] = told["capture"]
        await self._client.report(entry.id, fields)
        self._link.reached()
        await asyncio.to_thread(self._spool.remove, entry.number)

    async def _failed(self, entry: Entry, answer: Failed) -> None:
        """Send the same frames again under another id: under this one they stay failed."""
        if entry.failures >= MOST_FAILURES and answer.reason not in NOT_ITS_FAULT:
            log.critical("capture %s: given up %d times, set aside", entry.id, entry.failures)
            await asyncio.to_thread(self._spool.set_aside, entry.number, "undecidable")
            return
        again = uuid4()
        await asyncio.to_thread(self._spool.rename, entry.number, again)
        log.info("capture %s: failed (%s), goes again as %s", entry.id, answer.reason, again)
