"""Tests the relay and the inputs on mock pins."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory

from kiosk.doors import DoorEvent, EventKind, FailMode
from kiosk.doors.gpio import GpioDoor, Pins
from kiosk.errors import StartError

PINS = Pins(relay=17, contact=27, exit_button=22, tamper=23)
LIMIT_S = 20.0


@pytest.fixture
def board() -> Iterator[MockFactory]:
    """A Raspberry Pi's pins."""
    Device.pin_factory = factory = MockFactory()
    yield factory
    factory.reset()
    Device.pin_factory = None


def door(fail: FailMode = FailMode.SECURE, **changes: float) -> GpioDoor:
    """A door on these pins."""
    return GpioDoor(PINS, fail=fail, held_open_s=changes.get("held_open_s", 30.0))


async def until(condition: Callable[[], object]) -> None:
    """Wait for something, with an end to it."""
    async with asyncio.timeout(LIMIT_S):
        while not condition():
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("fail", "coil_when_locked"), [(FailMode.SECURE, False), (FailMode.SAFE, True)]
)
async def test_it_unlocks_for_a_while_and_locks_again(
    board: MockFactory, fail: FailMode, coil_when_locked: bool
) -> None:
    made, relay = door(fail), board.pin(PINS.relay)
    assert made.locked
    assert bool(relay.state) is coil_when_locked
    await made.unlock(0.2)
    assert not made.locked
    assert bool(relay.state) is not coil_when_locked
    await until(lambda: made.locked)
    assert bool(relay.state) is coil_when_locked
    await made.close()


@pytest.mark.parametrize("fail", FailMode)
async def test_held_open_it_stays_so_until_it_is_locked_or_the_kiosk_falls_silent(
    board: MockFactory, fail: FailMode
) -> None:
    made = door(fail)
    await made.hold_open(30)
    assert not made.locked
    await made.unlock(0.01)
    await asyncio.sleep(0.05)
    assert not made.locked
    await made.lock()
    assert made.locked
    await made.hold_open(0.05)
    assert not made.locked
    await until(lambda: made.locked)
    await made.close()


async def test_unlocked_again_meanwhile_it_stays_unlocked_for_the_longer(
    board: MockFactory,
) -> None:
    made = door()
    await made.unlock(0.1)
    await made.unlock(0.6)
    await asyncio.sleep(0.3)
    assert not made.locked
    await until(lambda: made.locked)
    await made.close()


@pytest.mark.parametrize("fail", FailMode)
@pytest.mark.parametrize("unlocked", [True, False])
async def test_at_its_end_the_coil_has_no_current(
    board: MockFactory, fail: FailMode, unlocked: bool
) -> None:
    made, relay = door(fail), board.pin(PINS.relay)
    if unlocked:
        await made.unlock(60)
    await made.close()
    # Fail-secure is locked now, fail-safe is open: both without current.
    assert not (relay.function == "output" and relay.state)


async def test_a_relay_that_switches_on_with_a_low_level(board: MockFactory) -> None:
    pins = Pins(relay=17, active_high=False)
    made = GpioDoor(pins, fail=FailMode.SECURE, held_open_s=30)
    assert board.pin(17).state
    await made.unlock(60)
    assert not board.pin(17).state
    await made.close()


async def test_forced_held_open_tamper_and_the_button_inside_are_told(
    board: MockFactory,
) -> None:
    told: list[EventKind] = []

    def report(event: DoorEvent) -> None:
        told.append(event.kind)

    made = door(held_open_s=0.2)
    watching = asyncio.create_task(made.watch(report))
    # Unconnected pins are high, as those of an open case are.
    await until(lambda: told == [EventKind.TAMPER, EventKind.HELD_OPEN])
    told.clear()
    for number in (PINS.contact, PINS.tamper):
        board.pin(number).drive_low()  # closed door, closed case
    board.pin(PINS.contact).drive_high()
    await until(lambda: EventKind.FORCED in told)
    await until(lambda: EventKind.HELD_OPEN in told)
    board.pin(PINS.tamper).drive_high()
    await until(lambda: EventKind.TAMPER in told)
    assert made.locked
    board.pin(PINS.exit_button).drive_low()
    await until(lambda: EventKind.REQUEST_TO_EXIT in told)
    await until(lambda: not made.locked)
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
    await made.close()


async def test_pins_that_cannot_be_had_are_said(board: MockFactory) -> None:
    first = door()
    with pytest.raises(StartError, match="pins cannot be had"):
        door()
    await first.close()
