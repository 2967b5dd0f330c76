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
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kiosk.clock import running_s
from kiosk.doors.contact import Contact
from kiosk.doors.driver import DoorEvent, EventKind, FailMode, Report
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
        exit_unlock_s: float = 5.0,
    ) -> None:
        """Take the pins and lock the door. Raises StartError where there are none."""
        try:
            import gpiozero
        except ImportError as error:
            raise StartError(
                "A door on pins needs gpiozero: pip install 'lintel[gpio]'."
            ) from error
        # Backends raise what their system calls raise.
        self._faults = (gpiozero.GPIOZeroError, OSError, RuntimeError)
        self._fail = fail
        self._exit_unlock_s = exit_unlock_s
        self._relock_s = float("-inf")
        self._contact = Contact(held_open_s=held_open_s)
        self._loop = asyncio.get_running_loop()
        self._inputs: asyncio.Queue[str] = asyncio.Queue(100)
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
        try:
            self._relay.value = self._coil(locked=False)
        except self._faults as error:
            raise DoorError(f"The relay does not switch ({error}).") from error
        self._relock_s = max(self._relock_s, running_s() + seconds)
        self._contact.unlocked(running_s(), seconds)
        if self._locking is None or self._locking.done():
            self._locking = asyncio.create_task(self._lock_again())
        log.info("The door is unlocked for %.0f s.", seconds)

    async def watch(self, report: Report) -> None:
        """Report what the inputs say."""
        while True:
            word = ""
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TICK_S):
                    word = await self._inputs.get()
            await self._take(word, report)
            held = self._contact.due(running_s())
            if held is not None:
                report(DoorEvent(held))

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

    async def _take(self, word: str, report: Report) -> None:
        if word in {"open", "closed"}:
            found = self._contact.moved(running_s(), is_open=word == "open")
            if found is not None:
                report(DoorEvent(found))
        elif word == "tamper":
            report(DoorEvent(EventKind.TAMPER))
        elif word == "exit":
            report(DoorEvent(EventKind.REQUEST_TO_EXIT))
            await self.unlock(self._exit_unlock_s)

    def _listen(self, gpiozero: Any, pins: Pins) -> None:
        """Have the inputs' threads put a word into the queue for each change."""
        for pin, pressed, released in (
            (pins.contact, "closed", "open"),
            (pins.exit_button, "exit", ""),
            (pins.tamper, "", "tamper"),
        ):
            if pin is None:
                continue
            button = self._kept(gpiozero.Button(pin, pull_up=True, bounce_time=BOUNCE_S))
            if pressed:
                button.when_pressed = self._teller(pressed)
            if released:
                button.when_released = self._teller(released)

    def _teller(self, word: str) -> Callable[[], None]:
        def tell() -> None:
            with contextlib.suppress(RuntimeError):  # the loop is being closed
                self._loop.call_soon_threadsafe(self._put, word)

        return tell

    def _put(self, word: str) -> None:
        with contextlib.suppress(asyncio.QueueFull):
            self._inputs.put_nowait(word)

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
