"""A kiosk without a camera, as a process that is there in a moment.

Key, client, spool, delivery and courier are the kiosk's own; in place of a camera and its people
it makes a capture of the same picture every so often. Whatever the spool says is kept is written
into a journal: from that moment on it must not be lost.
"""

import asyncio
import contextlib
from pathlib import Path
from uuid import UUID, uuid4

from kiosk.capture import Capture
from kiosk.client import Client
from kiosk.clock import running_s, wall_time
from kiosk.courier import Courier
from kiosk.delivery import Delivery
from kiosk.errors import KioskError
from kiosk.exchange import open_http
from kiosk.heartbeat import Heartbeat
from kiosk.link import Link
from kiosk.spool import Kind, Spool, Vault, unpacked
from kiosk.trust import Trust
from kiosk.trust.key_file import KeyFile
from kiosk.trust.state_folder import StateFolder

EVERY_S = 1.0
PACE_S = 0.3


class RememberingSpool(Spool):
    """Writes down the time of each capture that it says is kept."""

    journal: Path

    def add(self, entry_id: UUID, kind: Kind, content: bytes) -> int:
        """Keep it, then promise it."""
        number = super().add(entry_id, kind, content)
        capture, _ = unpacked(entry_id, content)
        with self.journal.open("a") as journal:
            journal.write(f"{capture.captured_at.isoformat()}\n")
        return number


async def deliver(delivery: Delivery, frame: bytes) -> None:
    """Somebody stands there for a moment."""
    with contextlib.suppress(KioskError):
        await delivery.decision(Capture(uuid4(), wall_time(), running_s(), (frame,)))


async def feed(server: str, state: Path, journal: Path, frame: bytes) -> None:
    """Feed until killed."""
    lock = StateFolder(state)
    identity = KeyFile(state).load()
    assert identity is not None
    RememberingSpool.journal = journal
    spool, link = RememberingSpool(state, Vault.at(state)), Link()
    async with open_http() as http, asyncio.TaskGroup() as group:
        client = Client(server, Trust(identity), http)
        delivery = Delivery(client, link, spool)
        group.create_task(Heartbeat(client, link).run())
        group.create_task(Courier(client, link, spool, delivery.live, pace_s=PACE_S).run())
        while not (state / "enough").exists():
            group.create_task(deliver(delivery, frame))
            await asyncio.sleep(EVERY_S)
        while True:
            await asyncio.sleep(1)
    lock.close()


def run(server: str, state: Path, journal: Path, frame: bytes) -> None:
    """Feed, as a process of its own."""
    asyncio.run(feed(server, state, journal, frame))
