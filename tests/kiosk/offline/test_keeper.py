"""Tests that the kiosk lets in by itself whom it may, and nobody else."""

import base64
import hashlib
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pytest

from kiosk.backoff import Backoff
from kiosk.capture import Capture
from kiosk.client import Client
from kiosk.clock import running_s, wall_time
from kiosk.courier import Courier
from kiosk.delivery import Delivery
from kiosk.errors import SealError, ServerAwayError
from kiosk.link import Link
from kiosk.offline import OfflineKeeper
from kiosk.spool import Spool, Vault
from kiosk.trust.identity import new_seed, sign
from recognition import FakeEngine, decode, encode_jpeg, probe_from_images
from tests.kiosk.fake_server import KIOSK, SERVER_SEED, FakeServer, a_client

ENGINE = FakeEngine()
ADA, NOBODY = (
    encode_jpeg(np.full((240, 320, 3), shade, np.uint8)) for shade in ((200, 40, 40), (40, 40, 200))
)
HOUR = timedelta(hours=1)
PERSON = uuid4()


def pack(**changes: Any) -> tuple[str, str]:
    """A pack with Ada in it, as the server makes it, and its signature."""
    now = wall_time()
    vector = probe_from_images([decode(ADA)], engine=ENGINE).vector.astype("<f4")
    person = {
        "id": str(PERSON),
        "name": "Ada",
        "windows": [[(now - HOUR).isoformat(), (now + HOUR).isoformat()]],
        "vectors": [base64.b64encode(vector.tobytes()).decode()],
    }
    fields: dict[str, Any] = {
        "kiosk": KIOSK,
        "door": "Front",
        "issued_at": (now - HOUR).isoformat(),
        "expires_at": (now + HOUR).isoformat(),
        "engine": {"name": ENGINE.id.name, "version": ENGINE.id.version},
        "threshold": 0.3,
        "margin": 0.0,
        "min_face_px": 40,
        "people": [person | changes.pop("person", {})],
    }
    content = json.dumps(fields | changes)
    return content, signed(content)


def signed(content: str, seed: bytes = SERVER_SEED) -> str:
    digest = hashlib.sha256(content.encode()).hexdigest()
    return sign(seed, f"lintel-offline-1\n{KIOSK}\n{digest}".encode())


def capture(frame: bytes = ADA) -> Capture:
    """Somebody stands there now."""
    return Capture(uuid4(), wall_time(), running_s(), (frame,))


@pytest.fixture
async def client(server: FakeServer) -> AsyncIterator[Client]:
    """A client of the server."""
    made = a_client(server)
    yield made
    await made.close()


@pytest.fixture
def keeper(client: Client, tmp_path: Path) -> OfflineKeeper:
    """A keeper without a pack yet."""
    return OfflineKeeper(client, Link(), ENGINE, Vault.at(tmp_path), tmp_path)


async def test_who_is_in_the_pack_is_let_in_and_nobody_else(
    keeper: OfflineKeeper, server: FakeServer
) -> None:
    assert await keeper.decide(capture()) is None
    server.pack = pack()
    await keeper.fetch()
    found = await keeper.decide(capture())
    assert found is not None
    decided, person = found
    assert (decided.accepted, decided.open_door, decided.name) == (True, True, "Ada")
    assert person.id == PERSON
    assert await keeper.decide(capture(NOBODY)) is None


async def test_after_a_restart_the_pack_is_still_there_and_sealed(
    keeper: OfflineKeeper, server: FakeServer, client: Client, tmp_path: Path
) -> None:
    server.pack = pack()
    await keeper.fetch()
    kept = (tmp_path / "offline.sealed").read_bytes()
    for written in (str(PERSON).encode(), b'"vectors"'):
        assert written not in kept
    again = OfflineKeeper(client, Link(), ENGINE, Vault.at(tmp_path), tmp_path)
    again.load()
    assert await again.decide(capture()) is not None
    (tmp_path / "offline.sealed").write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
    other = OfflineKeeper(client, Link(), ENGINE, Vault.at(tmp_path), tmp_path)
    other.load()
    assert await other.decide(capture()) is None


async def test_a_door_that_may_do_nothing_forgets_what_it_had(
    keeper: OfflineKeeper, server: FakeServer, tmp_path: Path
) -> None:
    server.pack = pack()
    await keeper.fetch()
    server.pack = ("", "")
    await keeper.fetch()
    assert not keeper.ready()
    assert not (tmp_path / "offline.sealed").exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"expires_at": (wall_time() - HOUR).isoformat()},
        {"issued_at": (wall_time() + HOUR).isoformat()},
        {"engine": {"name": "other", "version": "1"}},
        {"person": {"windows": []}},
        {"person": {"windows": [["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]]}},
        {"threshold": 0.0},
    ],
)
async def test_outside_its_time_its_hours_and_its_engine_nobody_is_let_in(
    keeper: OfflineKeeper, server: FakeServer, changes: dict[str, Any]
) -> None:
    server.pack = pack(**changes)
    if changes == {"threshold": 0.0}:
        server.pack = pack(threshold=0.01, person={"vectors": []})
    await keeper.fetch()
    assert await keeper.decide(capture()) is None


async def test_a_pack_that_is_not_the_servers_replaces_nothing(
    keeper: OfflineKeeper, server: FakeServer
) -> None:
    server.pack = pack()
    await keeper.fetch()
    content, _ = pack(person={"id": str(uuid4())})
    server.pack = content, signed(content, new_seed())
    with pytest.raises(SealError):
        await keeper.fetch()
    found = await keeper.decide(capture())
    assert found is not None
    assert found[1].id == PERSON


async def test_cut_off_it_opens_at_once_and_the_server_hears_of_it_later(
    keeper: OfflineKeeper, server: FakeServer, client: Client, spool: Spool
) -> None:
    server.pack = pack()
    await keeper.fetch()
    server.stop()
    link = Link()
    delivery = Delivery(client, link, spool, offline=keeper)
    ada, nobody = capture(), capture(NOBODY)
    assert (await delivery.decision(ada)).accepted  # type: ignore[union-attr]
    with pytest.raises(ServerAwayError):
        await delivery.decision(nobody)
    assert spool.state().waiting == 2
    server.start()
    courier = Courier(client, link, spool, set(), make_backoff=lambda: Backoff(0.01, 0.05))
    while spool.state().waiting:
        await courier.step()
    heard = {received.capture: received.offline_person for received in server.received}
    assert heard == {str(ada.id): str(PERSON), str(nobody.id): None}
