"""What works behind the doorkeeper for as long as the kiosk runs."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from typing import Any

from kiosk.camera import Camera
from kiosk.client import Client
from kiosk.courier import Courier
from kiosk.delivery import Delivery
from kiosk.doors.counted import CountedDoor
from kiosk.doors.reporter import Reporter
from kiosk.doors.standing_open import StandingOpen
from kiosk.health import Doctor
from kiosk.health_page import make_health_app
from kiosk.heartbeat import Heartbeat
from kiosk.link import Link
from kiosk.offline import OfflineKeeper, OfflinePins
from kiosk.reporting import HealthReporter
from kiosk.screen.server import ScreenServer
from kiosk.spool import Spool
from kiosk.trust.key_file import KeyFile
from kiosk.watchdog import STOPPING, Watchdog


@dataclass(frozen=True, slots=True)
class Stagehands:
    """What they work with."""

    client: Client
    link: Link
    spool: Spool
    camera: Camera
    door: CountedDoor
    delivery: Delivery
    key_file: KeyFile
    offline: OfflineKeeper
    reporter: Reporter
    standing: StandingOpen
    offline_pins: OfflinePins
    health: socket.socket | None
    """Where the health page is served; None: nowhere."""


@contextlib.asynccontextmanager
async def backstage(hands: Stagehands) -> AsyncIterator[Courier]:
    """Everything at work for as long as the context lasts; a fault in any of it ends all."""
    courier = Courier(
        hands.client, hands.link, hands.spool, hands.delivery.live, tell=hands.reporter.take
    )
    doctor = Doctor(hands.camera, hands.link, hands.spool, hands.door)
    told = HealthReporter(hands.client, hands.link, doctor)
    watchdog = Watchdog()
    works: list[Coroutine[Any, Any, None]] = [
        Heartbeat(hands.client, hands.link, key_file=hands.key_file).run(),
        courier.run(),
        hands.offline.run(),
        hands.offline_pins.run(),
        hands.reporter.run(),
        hands.standing.run(),
        told.run(),
        watchdog.run(lambda: told.line),
    ]
    async with asyncio.TaskGroup() as group, contextlib.AsyncExitStack() as stack:
        if hands.health is not None:
            await stack.enter_async_context(_page(group, doctor, hands.health))
        tasks = [group.create_task(work) for work in works]
        try:
            yield courier
        finally:
            watchdog.tell(STOPPING)
            for task in tasks:
                task.cancel()


@contextlib.asynccontextmanager
async def _page(
    group: asyncio.TaskGroup, doctor: Doctor, claimed: socket.socket
) -> AsyncIterator[None]:
    server = ScreenServer(make_health_app(doctor))
    serving = group.create_task(server.serve(sockets=[claimed]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving
