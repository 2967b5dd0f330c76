"""What stands at a door besides its lock: a contact, a button inside, a switch on the case."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from kiosk.clock import running_s
from kiosk.doors.contact import Contact
from kiosk.doors.driver import DoorEvent, EventKind, Report
from kiosk.errors import DoorError

log = logging.getLogger(__name__)

EXIT_UNLOCK_S = 5.0
_MOST_WAITING = 100


class DoorInputs:
    """Takes the words open, closed, exit and tamper from any thread, and reports what they mean.

    Made in the event loop that watches it.
    """

    def __init__(self, *, held_open_s: float, tick_s: float, exit_unlock_s: float) -> None:
        """`tick_s` is how often it is looked whether the door stands open for too long."""
        self._contact = Contact(held_open_s=held_open_s)
        self._tick_s = tick_s
        self._exit_unlock_s = exit_unlock_s
        self._loop = asyncio.get_running_loop()
        self._words: asyncio.Queue[str] = asyncio.Queue(_MOST_WAITING)

    def tell(self, word: str) -> None:
        """Put a word in line; called by whatever thread hears it."""
        with contextlib.suppress(RuntimeError):  # the loop is being closed
            self._loop.call_soon_threadsafe(self._put, word)

    def found_open(self) -> None:
        """The door stands open as the kiosk starts."""
        self._contact.found_open(running_s())

    def unlocked(self, seconds: float) -> None:
        """The door was unlocked just now: opening it is no break-in."""
        self._contact.unlocked(running_s(), seconds)

    def locked(self) -> None:
        """The door was locked just now: from here on opening it is one."""
        self._contact.locked(running_s())

    async def watch(self, report: Report, unlock: Callable[[float], Awaitable[None]]) -> None:
        """Report what is told, and unlock for who presses the button inside."""
        while True:
            word = ""
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._tick_s):
                    word = await self._words.get()
            await self._take(word, report, unlock)
            held = self._contact.due(running_s())
            if held is not None:
                report(DoorEvent(held))

    async def _take(
        self, word: str, report: Report, unlock: Callable[[float], Awaitable[None]]
    ) -> None:
        if word in {"open", "closed"}:
            found = self._contact.moved(running_s(), is_open=word == "open")
            if found is not None:
                report(DoorEvent(found))
        elif word == "tamper":
            report(DoorEvent(EventKind.TAMPER))
        elif word == "exit":
            report(DoorEvent(EventKind.REQUEST_TO_EXIT))
            try:
                await unlock(self._exit_unlock_s)
            except DoorError as error:
                log.warning("The door did not open for somebody inside: %s", error)
        elif word:
            log.warning("The door told something unknown.")

    def _put(self, word: str) -> None:
        with contextlib.suppress(asyncio.QueueFull):
            self._words.put_nowait(word)
