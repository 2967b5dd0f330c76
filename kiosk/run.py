"""Puts the kiosk together out of its parts, and takes it apart again."""

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx

from kiosk.backstage import Stagehands, backstage
from kiosk.board import Board
from kiosk.camera import Camera
from kiosk.client import Client
from kiosk.courier import Courier
from kiosk.delivery import Delivery
from kiosk.doorkeeper import Doorkeeper, Parts
from kiosk.doors.counted import CountedDoor
from kiosk.doors.reporter import Reporter
from kiosk.doors.standing_open import StandingOpen
from kiosk.entry_delivery import EntryDelivery
from kiosk.exchange import open_http
from kiosk.eyes import Eyes
from kiosk.frames import NewestFrame
from kiosk.link import Link
from kiosk.offline import OfflineKeeper, OfflinePins
from kiosk.options import Options
from kiosk.pin.reading import load_digit_readers
from kiosk.screen.app import Press, Screen, make_app
from kiosk.screen.browser import has_display, keep_open
from kiosk.screen.server import ADDRESS, ScreenServer, claim_port
from kiosk.spool import Spool, Vault
from kiosk.trust import Trust
from kiosk.trust.introduction import identify
from kiosk.trust.key_file import KeyFile
from kiosk.trust.state_folder import StateFolder
from kiosk.visits import VisitRules, Visits
from recognition import load_engine

log = logging.getLogger(__name__)

Value = TypeVar("Value")

EMPTIED_S = 120.0
"""After the film is over, what was not sent yet is waited for this long; it stays in the spool."""
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True, slots=True)
class Ports:
    """Where pages are served; None: nowhere."""

    screen: socket.socket | None
    health: socket.socket | None


async def run_kiosk(options: Options) -> bool:
    """Run until told to stop, or until the film is over where that was asked for.

    Returns whether the camera's thread could be ended. Raises StartError when the kiosk cannot
    work here, ProvisioningError or CallError when it has no key and gets none, and an
    ExceptionGroup when one of its parts fails while it runs.
    """
    ports = Ports(
        screen=None if options.headless else claim_port(options.port),
        health=claim_port(options.health_port) if options.health_port else None,
    )
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in STOP_SIGNALS:
        loop.add_signal_handler(name, stop.set)
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(StateFolder(options.state).close)
        http = await stack.enter_async_context(open_http(options.authorities))
        spool = await asyncio.to_thread(_open_spool, options)
        stack.callback(spool.close)
        trust = await _unless(stop, _introduced(options, http))
        if trust is None:
            return True
        client = Client(options.server, trust, http)
        return await _keep_door(options, client, spool, ports, stop)


def _open_spool(options: Options) -> Spool:
    spool = Spool(options.state, Vault.at(options.state), most=options.spool_mib * 2**20)
    state = spool.state()
    if state.waiting or state.aside:
        log.info("The spool has %d to send, %d set aside.", state.waiting, state.aside)
    return spool


async def _introduced(options: Options, http: httpx.AsyncClient) -> Trust:
    trust = Trust(await identify(http, options.server, options.code, options.state))
    log.info("Kiosk %s, key %s", trust.identity.kiosk, trust.fingerprint)
    return trust


async def _keep_door(
    options: Options,
    client: Client,
    spool: Spool,
    ports: Ports,
    stop: asyncio.Event,
) -> bool:
    arrived = asyncio.Event()
    slot = NewestFrame(on_new=setter(asyncio.get_running_loop(), arrived))
    camera = Camera(options.source, slot, loop=options.loop)
    engine, link = load_engine(), Link()
    offline = OfflineKeeper(client, link, engine, Vault.at(options.state), options.state)
    await asyncio.to_thread(offline.load)
    delivery = Delivery(client, link, spool, offline=offline)
    offline_pins = OfflinePins(client, link, spool, delivery.live)
    door = CountedDoor(options.door.open())
    reporter = Reporter(door, spool, link)
    standing = StandingOpen(door, link, reporter.take)
    parts = Parts(
        camera=camera,
        slot=slot,
        arrived=arrived,
        eyes=Eyes(engine),
        delivery=delivery,
        entries=EntryDelivery(client, link, offline=offline_pins),
        link=link,
        door=door,
        standing=standing,
        board=Board(),
        visits=Visits(VisitRules(cool_down_s=options.cool_down_s)),
        report=reporter.take,
        readers=load_digit_readers(),
    )
    hands = Stagehands(
        client=client,
        link=link,
        spool=spool,
        camera=camera,
        door=door,
        delivery=parts.delivery,
        key_file=KeyFile(options.state),
        offline=offline,
        reporter=reporter,
        standing=standing,
        offline_pins=offline_pins,
        health=ports.health,
    )
    log.info("Watching %s for %s", options.source, options.server)
    camera.start()
    try:
        async with asyncio.TaskGroup() as group, contextlib.AsyncExitStack() as stack:
            doorkeeper = Doorkeeper(parts, unlock_s=options.unlock_s)
            if ports.screen is not None:
                press = doorkeeper.desk.press
                await stack.enter_async_context(_screen(group, options, ports.screen, parts, press))
            courier = await stack.enter_async_context(backstage(hands))
            await _until(stop, doorkeeper, courier, options)
    finally:
        await door.close()
        await asyncio.to_thread(camera.stop)
    log.info("Ended.")
    return not camera.running()


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, Value]) -> Value | None:
    """What the work comes to; None when it is told to stop before."""
    working, stopped = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    await asyncio.wait([working, stopped], return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if not working.done():
        working.cancel()
        return None
    return working.result()


def setter(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> Callable[[], None]:
    """A function for other threads that sets an event of this loop."""

    def set_event() -> None:
        # The camera's thread may put one more frame while the loop is being closed.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(event.set)

    return set_event


async def _until(
    stop: asyncio.Event, doorkeeper: Doorkeeper, courier: Courier, options: Options
) -> None:
    """Let the doorkeeper work until it is done and all is sent, or `stop` is set."""

    async def to_the_end() -> None:
        await doorkeeper.work(until_end=options.exit_at_end)
        await courier.emptied(EMPTIED_S)

    async with asyncio.TaskGroup() as group:
        work = group.create_task(to_the_end())
        stopped = group.create_task(stop.wait())
        await asyncio.wait([work, stopped], return_when=asyncio.FIRST_COMPLETED)
        work.cancel()
        stopped.cancel()


@contextlib.asynccontextmanager
async def _screen(
    group: asyncio.TaskGroup,
    options: Options,
    claimed: socket.socket,
    parts: Parts,
    press: Press,
) -> AsyncIterator[None]:
    """Serve the screen, and show it where there is a display."""
    screen = Screen(parts.board, parts.slot, language=options.language, press=press)
    server = ScreenServer(make_app(screen))
    serving = group.create_task(server.serve(sockets=[claimed]))
    address = f"http://{ADDRESS}:{options.port}/"
    log.info("The screen is at %s", address)
    wanted = has_display() if options.open_browser is None else options.open_browser
    showing = group.create_task(keep_open(address)) if wanted else None
    try:
        yield
    finally:
        if showing is not None:
            showing.cancel()
        parts.board.close()
        server.should_exit = True
        await serving
