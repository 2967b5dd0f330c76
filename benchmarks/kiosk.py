"""The kiosk's own figures: `python -m benchmarks.kiosk`.

Idle: the share of one core that a kiosk takes before an empty, slightly noisy scene of 640x480 at
15 frames a second. Face to door: somebody comes into view, the door's web hook is called; online
(with a server that answers at once, so that the kiosk is measured and not the server) and offline
(with a gallery of 100 people on the kiosk).
"""

import asyncio
import base64
import hashlib
import json
import logging
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import KioskFigures
from kiosk.board import Board
from kiosk.camera import Camera
from kiosk.camera_source import CameraSource, SourceKind
from kiosk.clock import wall_time
from kiosk.delivery import Delivery
from kiosk.doorkeeper import Doorkeeper, Parts
from kiosk.doors import LogDoor
from kiosk.doors.standing_open import StandingOpen
from kiosk.entry_delivery import EntryDelivery
from kiosk.eyes import Eyes
from kiosk.frames import NewestFrame
from kiosk.heartbeat import Heartbeat
from kiosk.link import Link
from kiosk.offline import OfflineKeeper
from kiosk.pin.reading import load_digit_readers
from kiosk.run import setter
from kiosk.spool import Spool, Vault
from kiosk.trust.identity import sign
from kiosk.visits import VisitRules, Visits
from recognition import decode, encode_jpeg, load_engine, probe_from_images
from tests.kiosk.fake_server import KIOSK, SERVER_SEED, FakeServer, a_client
from tests.people import PEOPLE, draw, synthetic_vectors

RATE = 15
SIZE = (480, 640)
IDLE_S = 20.0
VISITS = 20
FACE_PX = 190
OFFLINE_PEOPLE = 100


class Scene:
    """A camera of 15 frames a second before which somebody may stand."""

    rate = None

    def __init__(self) -> None:
        rng = np.random.default_rng(1)
        empty = draw(1, size=SIZE, face_px=1, at=(-200, -200))
        self._empty = empty
        self._noise = [rng.normal(0, 2, (*SIZE, 3)).astype(np.int8) for _ in range(4)]
        self.picture: NDArray[np.uint8] = empty
        self._count = 0
        self._next_s = time.monotonic()

    def leave(self) -> None:
        """Nobody is there."""
        self.picture = self._empty

    def read(self) -> NDArray[np.uint8] | None:
        """The next frame, when it is due."""
        self._next_s += 1 / RATE
        time.sleep(max(0.0, self._next_s - time.monotonic()))
        self._count += 1
        noise = self._noise[self._count % len(self._noise)]
        return np.asarray(np.clip(self.picture.astype(np.int16) + noise, 0, 255), np.uint8)

    def skip(self) -> bool:
        """A live camera is never skipped."""
        return True

    def close(self) -> None:
        """Nothing to give back."""


class StopwatchDoor(LogDoor):
    """Says when it was opened."""

    def __init__(self) -> None:
        super().__init__()
        self.opened = asyncio.Event()

    async def unlock(self, seconds: float) -> None:
        """Be opened."""
        self.opened.set()


@dataclass(frozen=True, slots=True)
class Bench:
    """A kiosk at work on the bench."""

    scene: Scene
    door: StopwatchDoor
    link: Link
    visits: Visits
    keeper: OfflineKeeper


@asynccontextmanager
async def at_work(server: FakeServer) -> AsyncIterator[Bench]:
    """A whole kiosk with the real engine."""
    arrived, link, scene, engine = asyncio.Event(), Link(), Scene(), load_engine()
    slot = NewestFrame(on_new=setter(asyncio.get_running_loop(), arrived))
    camera = Camera(CameraSource(SourceKind.DEVICE, "0"), slot, opener=lambda _: scene)
    client, door, visits = a_client(server), StopwatchDoor(), Visits(VisitRules(cool_down_s=0.1))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        vault = Vault.at(folder)
        spool, keeper = Spool(folder, vault), OfflineKeeper(client, link, engine, vault, folder)
        parts = Parts(
            camera=camera,
            slot=slot,
            arrived=arrived,
            eyes=Eyes(engine),
            delivery=Delivery(client, link, spool, offline=keeper),
            entries=EntryDelivery(client, link),
            link=link,
            door=door,
            standing=StandingOpen(door, link, lambda _: None),
            board=Board(),
            visits=visits,
            report=lambda _: None,
            readers=load_digit_readers(),
        )
        camera.start()
        tasks = [
            asyncio.create_task(Doorkeeper(parts, unlock_s=5.0).work()),
            asyncio.create_task(Heartbeat(client, link).run()),
        ]
        try:
            yield Bench(scene, door, link, visits, keeper)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.to_thread(camera.stop)
            await client.close()
            spool.close()


async def face_to_door(bench: Bench, identities: list[int]) -> list[float]:
    """Milliseconds from each person's first frame to the door's opening."""
    times = []
    for identity in identities:
        while bench.visits.anybody():
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.3)
        bench.door.opened.clear()
        began = time.perf_counter()
        bench.scene.picture = draw(identity, 1, size=SIZE, face_px=FACE_PX)
        async with asyncio.timeout(60):
            await bench.door.opened.wait()
        times.append((time.perf_counter() - began) * 1000)
        bench.scene.leave()
    return times


def pack_of(identities: list[int]) -> tuple[str, str]:
    """An offline gallery with these drawn people and many made-up ones."""
    engine, now = load_engine(), wall_time()
    window = [[(now - timedelta(hours=1)).isoformat(), (now + timedelta(hours=1)).isoformat()]]
    vectors = [
        probe_from_images(
            [decode(encode_jpeg(draw(identity, 0, size=SIZE, face_px=FACE_PX)))], engine=engine
        ).vector
        for identity in identities
    ]
    vectors += list(synthetic_vectors(OFFLINE_PEOPLE - len(vectors)))
    people = [
        {
            "id": str(uuid4()),
            "name": f"Person {number}",
            "windows": window,
            "vectors": [base64.b64encode(vector.astype("<f4").tobytes()).decode()],
        }
        for number, vector in enumerate(vectors)
    ]
    content = json.dumps(
        {
            "kiosk": KIOSK,
            "door": "Bench",
            "issued_at": window[0][0],
            "expires_at": window[0][1],
            "engine": {"name": engine.id.name, "version": engine.id.version},
            "threshold": 0.46,
            "margin": 0.08,
            "min_face_px": 80,
            "people": people,
        }
    )
    digest = hashlib.sha256(content.encode()).hexdigest()
    return content, sign(SERVER_SEED, f"lintel-offline-1\n{KIOSK}\n{digest}".encode())


def core_seconds() -> float:
    """Seconds of a core that this process has taken."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def measure_kiosk() -> KioskFigures:
    """Measure everything; takes a minute and a half."""
    server = FakeServer()
    identities = [person.identity for person in PEOPLE[:5]]
    server.pack = pack_of(identities)
    come = [identities[number % len(identities)] for number in range(VISITS)]
    try:
        async with at_work(server) as bench:
            await face_to_door(bench, come[:2])
            online = await face_to_door(bench, come)
            while bench.visits.anybody():
                await asyncio.sleep(0.1)
            await asyncio.sleep(2)
            before, began = core_seconds(), time.monotonic()
            await asyncio.sleep(IDLE_S)
            idle = (core_seconds() - before) / (time.monotonic() - began)
            await bench.keeper.fetch()
            await asyncio.to_thread(server.stop)
            offline = await face_to_door(bench, come)
    finally:
        server.stop()
    return KioskFigures(
        idle_share=idle,
        online_p50_ms=statistics.median(online),
        online_p95_ms=float(np.percentile(online, 95)),
        offline_p50_ms=statistics.median(offline),
        offline_p95_ms=float(np.percentile(offline, 95)),
    )


def measure() -> KioskFigures:
    """Measure in a process of its own, in which nothing else takes time."""
    call = [sys.executable, "-m", "benchmarks.kiosk", "--json"]
    done = subprocess.run(call, check=True, stdout=subprocess.PIPE)
    return KioskFigures(**json.loads(done.stdout))


def main(arguments: list[str]) -> int:
    """Measure and print, as JSON where that is wanted."""
    # Each visit would be said in a line of its own.
    logging.disable(logging.CRITICAL)
    figures = asyncio.run(measure_kiosk())
    if arguments == ["--json"]:
        print(json.dumps(asdict(figures)))
        return 0
    print(f"cores {os.cpu_count()}, load {os.getloadavg()[0]:.1f}")
    print(f"idle, 640x480 at {RATE} a second   {100 * figures.idle_share:5.1f} % of one core")
    print(
        f"face to door, online      p50 {figures.online_p50_ms:5.0f} ms"
        f"   p95 {figures.online_p95_ms:5.0f} ms"
    )
    print(
        f"face to door, offline     p50 {figures.offline_p50_ms:5.0f} ms"
        f"   p95 {figures.offline_p95_ms:5.0f} ms"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
