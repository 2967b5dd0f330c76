"""A relay on a Raspberry Pi's pins, with the door's contact, a button inside and a case switch.

Pins have the numbers of the processor (BCM). The relay's pin drives the relay's coil:

    fail-secure (an electric strike)     coil on: unlocked     off, or no power: locked
    fail-safe (a magnetic lock)          coil on: locked       off, or no power: unlocked

So when the kiosk ends, and when the power goes, the lock does what its fail mode says without
anybody's doing.
"""

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from functools import partial
from typing import Any

from kiosk.clock import running_s
from kiosk.doors.driver import FailMode, Report
from kiosk.doors.inputs import EXIT_UNLOCK_S, DoorInputs
from kiosk.errors import DoorError, StartError

log = logging.getLogger(__name__)

TICK_S = 0.1
BOUNCE_S = 0.05
"""Contacts bounce for a few milliseconds."""


@dataclass(frozen=True, slots=True)
class Pins:
    """Which pins the parts are on; None: that part is not there."""

    relay: int
    contact: int | None = None
    """Closed to ground while the door is closed."""
    exit_button: int | None = None
    """Closed to ground while pressed."""
    tamper: int | None = None
    """Closed to ground while the case is closed."""
    active_high: bool = True
    """Whether the relay's board switches on with a high level."""


class GpioDoor:
    """A lock behind a relay. Use in one event loop."""

    def __init__(
        self,
        pins: Pins,
        *,
        fail: FailMode,
        held_open_s: float,
        exit_unlock_s: float = EXIT_UNLOCK_S,
    ) -> None:
        """Take the pins and lock the door. Raises StartError where there are none."""
        try:
            import gpiozero
        except ImportError as error:
            raise StartError(
                "A door on pins needs gpiozero: .venv/bin/pip install gpiozero lgpio."
            ) from error
        # Backends raise what their system calls raise.
        self._faults = (gpiozero.GPIOZeroError, OSError, RuntimeError)
        self._fail = fail
        self._relock_s = float("-inf")
        self._inputs = DoorInputs(
            held_open_s=held_open_s, tick_s=TICK_S, exit_unlock_s=exit_unlock_s
        )
        self._locking: asyncio.Task[None] | None = None
        self._devices: list[Any] = []
        try:
            self._relay = self._kept(
                gpiozero.OutputDevice(
                    pins.relay, active_high=pins.active_high, initial_value=self._coil(locked=True)
                )
            )
            self._listen(gpiozero, pins)
        except self._faults as error:
            self._release()
            raise StartError(f"The door's pins cannot be had ({error}).") from error

    @property
    def locked(self) -> bool:
        """Whether the lock is driven to be locked."""
        return bool(self._relay.value) == self._coil(locked=True)

    async def unlock(self, seconds: float) -> None:
        """Switch the relay. Raises DoorError when the pin does not do it."""
        await self.hold_open(seconds)
        log.info("The door is unlocked for %.0f s.", seconds)

    async def hold_open(self, seconds: float) -> None:
        """Leave the relay switched, or switch it. Raises DoorError when the pin does not do it."""
        self._switch(locked=False)
        self._relock_s = max(self._relock_s, running_s() + seconds)
        self._inputs.unlocked(seconds)
        if self._locking is None or self._locking.done():
            self._locking = asyncio.create_task(self._lock_again())

    async def lock(self) -> None:
        """Switch the relay back. Raises DoorError when the pin does not do it."""
        self._relock_s = float("-inf")
        if self._locking is not None:
            # It sleeps until the end of a time that is no more.
            self._locking.cancel()
            self._locking = None
        self._switch(locked=True)
        self._inputs.locked()
        log.info("The door is locked.")

    async def watch(self, report: Report) -> None:
        """Report what the inputs say."""
        await self._inputs.watch(report, self.unlock)

    async def close(self) -> None:
        """Let go of the pins: the coil has no current, and the lock does as its fail mode says."""
        if self._locking is not None:
            self._locking.cancel()
        with contextlib.suppress(*self._faults):
            self._relay.value = False
        self._release()
        log.info("The door's relay is off: the door is %s.", self._left())

    async def _lock_again(self) -> None:
        while (left_s := self._relock_s - running_s()) > 0:
            await asyncio.sleep(left_s)
        self._relay.value = self._coil(locked=True)

    def _switch(self, *, locked: bool) -> None:
        try:
            self._relay.value = self._coil(locked=locked)
        except self._faults as error:
            raise DoorError(f"The relay does not switch ({error}).") from error

    def _listen(self, gpiozero: Any, pins: Pins) -> None:
        """Have the inputs' threads put a word into the queue for each change.

        A change is told, a state is not: what stands open already is looked for here.
        """
        for pin, pressed, released in (
            (pins.contact, "closed", "open"),
            (pins.exit_button, "exit", ""),
            (pins.tamper, "", "tamper"),
        ):
            if pin is None:
                continue
            button = self._kept(gpiozero.Button(pin, pull_up=True, bounce_time=BOUNCE_S))
            if pressed:
                button.when_pressed = partial(self._inputs.tell, pressed)
            if released:
                button.when_released = partial(self._inputs.tell, released)
            if pin == pins.contact and not button.is_pressed:
                self._inputs.found_open()
            if pin == pins.tamper and not button.is_pressed:
                self._inputs.tell(released)

    def _coil(self, *, locked: bool) -> bool:
        """Whether the coil has current."""
        return locked if self._fail is FailMode.SAFE else not locked

    def _left(self) -> str:
        return "unlocked" if self._fail is FailMode.SAFE else "locked"

    def _kept(self, device: Any) -> Any:
        self._devices.append(device)
        return device

    def _release(self) -> None:
        for device in self._devices:
            device.close()
