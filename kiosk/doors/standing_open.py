"""Holds the door open in an emergency, for exactly as long as the server's order stands."""

import asyncio
import logging
import math
from collections.abc import Callable
from enum import StrEnum

from kiosk.clock import running_s
from kiosk.doors.driver import Door, DoorEvent, EventKind, Report
from kiosk.errors import DoorError
from kiosk.link import Link

log = logging.getLogger(__name__)

LOOK_S = 0.2
RENEW_S = 3.0
"""The door is told this often to stay open: each time for as long as the order is good for."""
RETRY_S = 1.0
LOCK_TRIES_S = 12.0
"""For this long a door that does not lock is told so again; by then its last holding has run out
by itself."""


class Held(StrEnum):
    """How the door stands with an order to be open."""

    NOT = "not"
    """There is none."""
    OPEN = "open"
    STUCK = "stuck"
    """The door does not do as it is told."""


class StandingOpen:
    """Brings what the link knows of emergency and lockdown to the door. Use in one event loop.

    Fails closed: an order that the server does not confirm any more is none (`Link.open_for_s`).
    """

    def __init__(
        self, door: Door, link: Link, report: Report, *, clock: Callable[[], float] = running_s
    ) -> None:
        self._door = door
        self._link = link
        self._report = report
        self._clock = clock
        self.held = Held.NOT
        self._again_s = -math.inf
        self._lock_until_s = -math.inf
        self._locked_down = False

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await self.step()
            await asyncio.sleep(LOOK_S)

    async def step(self) -> None:
        """Do what is due now."""
        now_s = self._clock()
        begins, self._locked_down = (
            self._link.lockdown and not self._locked_down,
            self._link.lockdown,
        )
        if (left_s := self._link.open_for_s(now_s)) > 0:
            self._lock_until_s = -math.inf
            if now_s >= self._again_s:
                await self._hold(now_s, left_s)
            return
        if self.held is not Held.NOT or begins:
            # A lockdown also cuts short what was left of an unlocking.
            self._end(now_s)
        if self._lock_until_s >= now_s >= self._again_s:
            await self._lock(now_s)

    async def _hold(self, now_s: float, left_s: float) -> None:
        if self.held is Held.NOT:
            log.warning("Emergency: the door is held open for everybody.")
            self._report(DoorEvent(EventKind.EMERGENCY_OPEN))
        try:
            await self._door.hold_open(left_s)
        except DoorError as error:
            log.warning("Emergency: the door does not open: %s", error)
            self.held, self._again_s = Held.STUCK, now_s + RETRY_S
            return
        # Sooner where the order was nearly over: what confirms it must not find the door locked.
        self.held, self._again_s = Held.OPEN, now_s + min(RENEW_S, left_s / 3)

    def _end(self, now_s: float) -> None:
        if self.held is not Held.NOT:
            log.warning("The emergency is over, or not confirmed any more: the door locks.")
            self._report(DoorEvent(EventKind.EMERGENCY_OVER))
        self.held = Held.NOT
        self._again_s, self._lock_until_s = -math.inf, now_s + LOCK_TRIES_S

    async def _lock(self, now_s: float) -> None:
        try:
            await self._door.lock()
        except DoorError as error:
            log.warning("The door does not lock: %s", error)
            self._again_s = now_s + RETRY_S
            return
        self._again_s = self._lock_until_s = -math.inf
