"""Brings one capture to the server and its decision back, however often that takes."""

import asyncio
import logging
from collections.abc import Callable

from kiosk.answers import Decided, Queued
from kiosk.backoff import Backoff
from kiosk.capture import Capture
from kiosk.client import Client
from kiosk.clock import running_s
from kiosk.errors import CaptureRejectedError, OutOfServiceError, ServerAwayError, UndecidedError
from kiosk.link import Link

log = logging.getLogger(__name__)

GIVE_UP_S = 120.0
"""A server that restarts is back by then. The check-in still counts, though no door opens."""
DECIDE_S = 10.0
"""How long the server may think about a capture it has taken, before another one is made."""
FIRST_RETRY_S = 0.3
LONGEST_RETRY_S = 4.0
"""Somebody stands there: this much, at most, passes unused once the server is back."""
ASK_AGAIN_S = 0.25
"""Between two questions about a queued capture."""


class Delivery:
    """Sends captures. The same capture keeps its id, so no retry makes a second event.

    Any number of deliveries may be under way in the same event loop.
    """

    def __init__(
        self,
        client: Client,
        link: Link,
        *,
        give_up_s: float = GIVE_UP_S,
        decide_s: float = DECIDE_S,
        make_backoff: Callable[[], Backoff] = lambda: Backoff(FIRST_RETRY_S, LONGEST_RETRY_S),
    ) -> None:
        self._client = client
        self._link = link
        self._give_up_s = give_up_s
        self._decide_s = decide_s
        self._make_backoff = make_backoff

    async def decision(self, capture: Capture) -> Decided:
        """The server's decision about a capture.

        Raises UndecidedError when a new capture should be made, and OutOfServiceError,
        CaptureRejectedError or ServerAwayError when it came to nothing.
        """
        backoff = self._make_backoff()
        while True:
            try:
                answer = await self._client.send(capture)
            except (OutOfServiceError, CaptureRejectedError) as error:
                self._link.failed(error)
                raise
            except ServerAwayError as error:
                self._link.failed(error)
                pause_s = max(backoff.next_s(), error.retry_after_s)
                if running_s() + pause_s - capture.taken_s > self._give_up_s:
                    raise
                log.info("capture %s: %s Again in %.1f s.", capture.id, error, pause_s)
                await asyncio.sleep(pause_s)
                continue
            self._link.reached()
            if isinstance(answer, Decided):
                return answer
            if isinstance(answer, Queued):
                return await self._ask(capture, answer)
            raise UndecidedError(f"The server could not decide about capture {capture.id}.")

    async def _ask(self, capture: Capture, queued: Queued) -> Decided:
        """Ask about a queued capture until it is decided, or has taken too long."""
        log.info("capture %s: queued", capture.id)
        until_s = running_s() + self._decide_s
        pause_s = ASK_AGAIN_S
        while running_s() < until_s:
            await asyncio.sleep(pause_s)
            try:
                answer = await self._client.ask(capture.id, queued.status_url)
            except ServerAwayError as error:
                self._link.failed(error)
                pause_s = max(ASK_AGAIN_S, min(error.retry_after_s, until_s - running_s()))
                continue
            self._link.reached()
            pause_s = ASK_AGAIN_S
            if isinstance(answer, Decided):
                return answer
            if not isinstance(answer, Queued):
                break
        raise UndecidedError(f"The server did not decide about capture {capture.id} in time.")
