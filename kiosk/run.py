"""Puts the kiosk together out of its parts, and takes it apart again."""

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import AsyncIterator, Callable

from kiosk.board import Board
from kiosk.camera import Camera
from kiosk.client import BearerToken, Client
from kiosk.delivery import Delivery
from kiosk.door import LogDoor
from kiosk.doorkeeper import Doorkeeper, Parts
from kiosk.eyes import Eyes
from kiosk.frames import NewestFrame
from kiosk.heartbeat import Heartbeat
from kiosk.link import Link
from kiosk.options import Options
from kiosk.screen.app import Screen, make_app
from kiosk.screen.browser import has_display, keep_open
from kiosk.screen.server import ADDRESS, ScreenServer, claim_port
from kiosk.visits import VisitRules, Visits
from recognition import load_engine

log = logging.getLogger(__name__)

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


async def run_kiosk(options: Options) -> bool:
    """Run until told to stop, or until the film is over where that was asked for.

    Returns whether the camera's thread could be ended. Raises StartError when the kiosk cannot
    work here, and an ExceptionGroup when one of its parts fails while it runs.
    """
    claimed = None if options.headless else claim_port(options.port)
    stop, arrived = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in STOP_SIGNALS:
        loop.add_signal_handler(name, stop.set)
    slot = NewestFrame(on_new=setter(loop, arrived))
    camera = Camera(options.source, slot, loop=options.loop)
    client = Client(options.server, BearerToken(options.token))
    parts = Parts(
        camera=camera,
        slot=slot,
        arrived=arrived,
        eyes=Eyes(load_engine()),
        delivery=Delivery(client, link := Link()),
        link=link,
        door=LogDoor(),
        board=Board(),
        visits=Visits(VisitRules(cool_down_s=options.cool_down_s)),
    )
    log.info("Watching %s for %s", options.source, options.server)
    camera.start()
    try:
        async with asyncio.TaskGroup() as group, contextlib.AsyncExitStack() as stack:
            if claimed is not None:
                await stack.enter_async_context(_screen(group, options, claimed, parts))
            beating = group.create_task(Heartbeat(client, link).run())
            stack.callback(beating.cancel)
            await _until(stop, Doorkeeper(parts, unlock_s=options.unlock_s), options)
    finally:
        await asyncio.to_thread(camera.stop)
        await client.close()
    log.info("Ended.")
    return not camera.running()


def setter(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> Callable[[], None]:
    """A function for other threads that sets an event of this loop."""

    def set_event() -> None:
        # The camera's thread may put one more frame while the loop is being closed.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(event.set)

    return set_event


async def _until(stop: asyncio.Event, doorkeeper: Doorkeeper, options: Options) -> None:
    """Let the doorkeeper work until it is done or `stop` is set."""
    async with asyncio.TaskGroup() as group:
        work = group.create_task(doorkeeper.work(until_end=options.exit_at_end))
        stopped = group.create_task(stop.wait())
        await asyncio.wait([work, stopped], return_when=asyncio.FIRST_COMPLETED)
        work.cancel()
        stopped.cancel()


@contextlib.asynccontextmanager
async def _screen(
    group: asyncio.TaskGroup, options: Options, claimed: socket.socket, parts: Parts
) -> AsyncIterator[None]:
    """Serve the screen, and show it where there is a display."""
    server = ScreenServer(make_app(Screen(parts.board, parts.slot, language=options.language)))
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
