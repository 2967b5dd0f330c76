"""What is to be seen right now: the newest prompt, for whoever looks."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from kiosk.prompt import Prompt, State
from recognition import Box


@dataclass(frozen=True, slots=True)
class View:
    """One moment of the screen."""

    prompt: Prompt
    zone: str = "UTC"
    """Name of the site's time zone."""


class Board:
    """Holds the newest view and wakes those who wait for another. Use in one event loop.

    Like the camera's slot it keeps no history: a slow screen skips to what is true now.
    """

    def __init__(self) -> None:
        self.view = View(Prompt(State.STARTING))
        self.faces: tuple[Box, ...] = ()
        """Where faces are, each a box in shares of the picture's width and height, 0..1."""
        self.closed = False
        self._changed = asyncio.Event()

    def show(self, prompt: Prompt, zone: str) -> None:
        """Put up a prompt; nothing happens when it is up already."""
        view = replace(self.view, prompt=prompt, zone=zone)
        if view != self.view:
            self.view = view
            self._wake()

    def close(self) -> None:
        """Send everybody away who waits for something new."""
        self.closed = True
        self._wake()

    async def views(self, alive_s: float) -> AsyncIterator[View | None]:
        """The view of now, then each new one; None every `alive_s` seconds without news."""
        last: View | None = None
        while not self.closed:
            changed = self._changed
            if self.view != last:
                last = self.view
                yield last
                continue
            try:
                async with asyncio.timeout(alive_s):
                    await changed.wait()
            except TimeoutError:
                yield None

    def _wake(self) -> None:
        # Whoever waits holds the old event; whoever comes next finds the new one.
        self._changed.set()
        self._changed = asyncio.Event()
