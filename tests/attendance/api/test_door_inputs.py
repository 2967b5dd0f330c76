"""What happens at a door reaches the console, whichever driver hears of it: from pin or broker to
the live page, through the kiosk's spool and courier and a real server.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.test import Client as Browser
from gpiozero import Device
from gpiozero.pins.mock import MockFactory

from attendance.choices import DoorEventKind
from attendance.models import DoorEvent
from kiosk.client import Client
from kiosk.courier import Courier
from kiosk.doors import Door as DriverOfADoor
from kiosk.doors import FailMode
from kiosk.doors.gpio import GpioDoor, Pins
from kiosk.doors.mqtt import Broker, MqttDoor
from kiosk.doors.reporter import Reporter
from kiosk.exchange import open_http
from kiosk.link import Link
from kiosk.spool import Spool, Vault
from kiosk.trust import Trust
from tests.attendance.door import Door
from tests.kiosk.doors.broker import TOPIC, broker, lock
from tests.stack import free_port

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PINS = Pins(relay=17, contact=27, exit_button=22, tamper=23)
HELD_OPEN_S = 0.2
UNKNOWN = "The door told something unknown."
LABELS = ("forced open", "held open for too long", "case opened", "opened from inside")

Tell = Callable[[str], Awaitable[None]]
"""Does at the door what a word says: open, closed, exit, tamper."""


@pytest.fixture
def board() -> Iterator[MockFactory]:
    """A Raspberry Pi's pins."""
    Device.pin_factory = factory = MockFactory()
    yield factory
    factory.reset()
    Device.pin_factory = None


@asynccontextmanager
async def on_pins(board: MockFactory) -> AsyncIterator[tuple[DriverOfADoor, Tell]]:
    """A door on a Raspberry Pi's pins."""
    driver = GpioDoor(PINS, fail=FailMode.SECURE, held_open_s=HELD_OPEN_S)
    for number in (PINS.contact, PINS.tamper):
        board.pin(number).drive_low()  # closed door, closed case

    async def tell(word: str) -> None:
        match word:
            case "open":
                board.pin(PINS.contact).drive_high()
            case "closed":
                board.pin(PINS.contact).drive_low()
            case "exit":
                board.pin(PINS.exit_button).drive_low()
            case "tamper":
                board.pin(PINS.tamper).drive_high()

    yield driver, tell
    await driver.close()


@asynccontextmanager
async def behind_a_broker(board: MockFactory) -> AsyncIterator[tuple[DriverOfADoor, Tell]]:
    """A door behind MQTT."""
    port = free_port()
    async with broker(port), lock(port, []) as client:
        driver = MqttDoor(Broker("127.0.0.1", TOPIC, port), held_open_s=HELD_OPEN_S)

        async def tell(word: str) -> None:
            if word:
                client.publish(f"{TOPIC}/input", word, qos=1)

        yield driver, tell
        await driver.close()


@asynccontextmanager
async def kiosk_with(driver: DriverOfADoor, door: Door, folder: Path) -> AsyncIterator[None]:
    """What a kiosk does with a door's events, at work."""
    client, link = Client(door.address, Trust(door.identity), open_http()), Link()
    spool = Spool(folder, Vault.at(folder))
    works = [
        asyncio.create_task(Reporter(driver, spool, link).run()),
        asyncio.create_task(Courier(client, link, spool, (), pace_s=0.01).run()),
    ]
    try:
        yield
    finally:
        for work in works:
            work.cancel()
        await asyncio.gather(*works, return_exceptions=True)
        await client.close()
        spool.close()


@sync_to_async
def stored_kinds() -> set[str]:
    """What the server knows of."""
    try:
        return set(DoorEvent.objects.values_list("kind", flat=True))
    finally:
        connection.close()


@pytest.mark.parametrize("made", [on_pins, behind_a_broker])
def test_forced_held_open_tamper_and_exit_are_told_in_the_console(
    door: Door,
    console: Browser,
    board: MockFactory,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    made: Callable[[MockFactory], AbstractAsyncContextManager[tuple[DriverOfADoor, Tell]]],
) -> None:
    async def everything_happens() -> None:
        async with made(board) as (driver, tell), kiosk_with(driver, door, tmp_path):
            while made is behind_a_broker and UNKNOWN not in caplog.text:
                await tell("nonsense")  # heard as soon as the kiosk has subscribed
                await asyncio.sleep(0.1)
            for word, kind in (
                ("open", DoorEventKind.FORCED),
                ("", DoorEventKind.HELD_OPEN),
                ("tamper", DoorEventKind.TAMPER),
                ("exit", DoorEventKind.REQUEST_TO_EXIT),
            ):
                await tell(word)
                async with asyncio.timeout(60):
                    while kind not in await stored_kinds():
                        await asyncio.sleep(0.05)

    asyncio.run(everything_happens())

    live = console.get("/").content.decode()
    events = console.get("/admin/attendance/doorevent/").content.decode()
    for label in LABELS:
        assert label in live
        assert label in events
