"""A whole kiosk but for its process, before a scene that a test sets; over real HTTP."""

import asyncio
import itertools
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiosk.backoff import Backoff
from kiosk.board import Board
from kiosk.camera import Camera
from kiosk.clock import running_s
from kiosk.courier import Courier
from kiosk.delivery import Delivery
from kiosk.desk import Desk
from kiosk.doorkeeper import Doorkeeper, Parts
from kiosk.doors import DoorEvent, EventKind, Report
from kiosk.doors.standing_open import StandingOpen
from kiosk.entry_delivery import EntryDelivery
from kiosk.errors import DoorError
from kiosk.eyes import Eyes
from kiosk.frames import NewestFrame
from kiosk.heartbeat import Heartbeat
from kiosk.link import Link
from kiosk.pin.reading import DigitReaders
from kiosk.prompt import State
from kiosk.run import setter
from kiosk.spool import Spool, Vault
from kiosk.visits import VisitRules, Visits
from recognition import FakeEngine
from tests.kiosk.cameras import SOURCE
from tests.kiosk.fake_server import (
    FakeServer,
    a_client,
)

EMPTY = np.zeros((240, 320, 3), np.uint8)
RED, BLUE = (np.full((240, 320, 3), shade, np.uint8) for shade in ((200, 40, 40), (40, 40, 200)))
LIMIT_S = 20.0
RULES = VisitRules(retry_after_s=0.2, lost_after_s=0.3, longest_gather_s=0.5)


class Scene:
    """A camera before which a test puts people; a colour is a person to the fake engine."""

    rate = None

    def __init__(self) -> None:
        self.picture: NDArray[np.uint8] | None = EMPTY
        self._numbers = itertools.count()

    def read(self) -> NDArray[np.uint8] | None:
        """What stands there now, fifty times a second; a little of it always changes."""
        time.sleep(0.02)
        if self.picture is None:
            return None
        image = self.picture.copy()
        image[:8, :8] = 255 * (next(self._numbers) % 2)
        return image if image[100, 100].any() else np.zeros_like(image)

    def skip(self) -> bool:
        """A live camera is never skipped."""
        return True

    def close(self) -> None:
        """Nothing to give back."""


@dataclass
class Clock:
    """The running clock of everything in the kiosk; a test lets time pass by."""

    ahead_s: float = 0.0

    def __call__(self) -> float:
        """Seconds."""
        return running_s() + self.ahead_s

    def pass_by(self, seconds: float) -> None:
        """It is so much later now."""
        self.ahead_s += seconds


@dataclass
class RememberingDoor:
    """A door that counts, and may be stuck."""

    unlocked: list[float] = field(default_factory=list)
    stuck: bool = False
    held: bool = False

    async def unlock(self, seconds: float) -> None:
        """Count."""
        if self.stuck:
            raise DoorError("The relay does not answer.")
        self.unlocked.append(seconds)

    async def hold_open(self, seconds: float) -> None:
        """Stand open."""
        if self.stuck:
            raise DoorError("The relay does not answer.")
        self.held = True

    async def lock(self) -> None:
        """Stand open no more."""
        self.held = False

    async def watch(self, report: Report) -> None:
        """Tell nothing."""

    async def close(self) -> None:
        """Leave nothing."""


@dataclass
class Kiosk:
    """A kiosk at work."""

    scene: Scene
    board: Board
    door: RememberingDoor
    link: Link
    visits: Visits
    desk: Desk
    told: list[DoorEvent]
    """What was reported of the door."""

    async def says(self, state: State) -> None:
        """Wait until the screen says this."""
        await until(lambda: self.board.view.prompt.state is state, f"the screen to say {state}")


def stayed_shut_on(kiosk: Kiosk) -> list[str]:
    """Of which captures and entries the server was told that nobody came in by them."""
    return [str(event.capture) for event in kiosk.told if event.kind is EventKind.STAYED_SHUT]


async def until(condition: Callable[[], object], what: str) -> None:
    """Wait for something, with an end to it."""
    try:
        async with asyncio.timeout(LIMIT_S):
            while not condition():
                await asyncio.sleep(0.005)
    except TimeoutError:
        raise AssertionError(f"waited {LIMIT_S:.0f} s in vain for {what}") from None


@asynccontextmanager
async def at_work(
    server: FakeServer,
    readers: DigitReaders | None = None,
    clock: Callable[[], float] = running_s,
) -> AsyncIterator[Kiosk]:
    """A kiosk at work before a scene."""
    arrived, link, scene = asyncio.Event(), Link(), Scene()
    slot = NewestFrame(on_new=setter(asyncio.get_running_loop(), arrived))
    camera = Camera(SOURCE, slot, opener=lambda _: scene, backoff=Backoff(0.01, 0.05), clock=clock)
    client = a_client(server)
    folder = Path(tempfile.mkdtemp())
    spool = Spool(folder, Vault.at(folder))
    delivery = Delivery(client, link, spool, make_backoff=lambda: Backoff(0.02, 0.1), clock=clock)
    entries = EntryDelivery(client, link, make_backoff=lambda: Backoff(0.02, 0.1), clock=clock)
    door, board, visits = RememberingDoor(), Board(), Visits(RULES)
    told: list[DoorEvent] = []
    standing = StandingOpen(door, link, told.append)
    parts = Parts(
        camera=camera,
        slot=slot,
        arrived=arrived,
        eyes=Eyes(FakeEngine()),
        delivery=delivery,
        entries=entries,
        link=link,
        door=door,
        standing=standing,
        board=board,
        visits=visits,
        report=told.append,
        readers=readers or DigitReaders({}),
    )
    doorkeeper = Doorkeeper(parts, unlock_s=4.0, clock=clock)
    kiosk = Kiosk(scene, board, door, link, visits, doorkeeper.desk, told)
    camera.start()
    tasks = [
        asyncio.create_task(doorkeeper.work()),
        asyncio.create_task(standing.run()),
        asyncio.create_task(Heartbeat(client, link, every_s=0.1).run()),
        asyncio.create_task(Courier(client, link, spool, delivery.live, pace_s=0.01).run()),
    ]
    try:
        yield kiosk
        assert not any(task.done() for task in tasks), "the kiosk stopped working"
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.to_thread(camera.stop)
        await client.close()
        spool.close()
        shutil.rmtree(folder)
