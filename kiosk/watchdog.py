"""Telling systemd that the kiosk is ready and at work: sd_notify(3), in a few lines.

With `WatchdogSec` in the unit systemd kills and starts a kiosk that has stopped telling. What is
told comes from the event loop itself, so a loop that hangs is found.
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable, Mapping

READY, STOPPING, ALIVE = "READY=1", "STOPPING=1", "WATCHDOG=1"


class Watchdog:
    """Speaks to the service manager; says nothing where there is none."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        limit_us = environment.get("WATCHDOG_USEC", "")
        # Twice within each limit, as the manual advises.
        self.every_s = int(limit_us) / 2e6 if limit_us.isdigit() else 0.0

    def tell(self, *words: str) -> None:
        """Send words to the service manager; one that does not listen is no fault of ours."""
        if not self._address:
            return
        # A leading @ stands for an address without a file.
        address = self._address.replace("@", "\0", 1)
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as to:
            to.sendto("\n".join(words).encode(), address)

    async def run(self, status: Callable[[], str]) -> None:
        """Tell that the kiosk is alive, and how it is, until cancelled."""
        self.tell(READY)
        while True:
            self.tell(ALIVE, f"STATUS={status()}")
            await asyncio.sleep(self.every_s or 10.0)
