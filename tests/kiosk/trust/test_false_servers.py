"""Tests that nobody but the server opens the door or has a capture thrown away."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from kiosk.answers import Decided
from kiosk.capture import Capture
from kiosk.client import Client
from kiosk.clock import running_s
from kiosk.delivery import Delivery
from kiosk.errors import CaptureRejectedError, OutOfServiceError, ServerAwayError
from kiosk.heartbeat import Heartbeat
from kiosk.link import Link, LinkState
from kiosk.spool import Spool, Vault
from kiosk.trust import Trust
from kiosk.trust.canonical import answer_message
from kiosk.trust.identity import new_seed, sign
from kiosk.trust.key_file import KeyFile
from kiosk.trust.signing import SERVER_SIGNATURE
from tests.kiosk.fake_server import KIOSK, SERVER_SEED, FakeServer, a_client, an_identity, problem


@pytest.fixture
async def client(server: FakeServer) -> AsyncIterator[Client]:
    """A client of the server."""
    made = a_client(server)
    yield made
    await made.close()


def capture() -> Capture:
    """A capture of one frame."""
    return Capture(uuid4(), datetime.now(UTC), running_s(), (b"one",))


async def test_the_servers_own_yes_is_believed(client: Client) -> None:
    answer = await client.send(capture())
    assert isinstance(answer, Decided)
    assert answer.open_door


@pytest.mark.parametrize("unsigned", [True, False])
async def test_a_yes_of_somebody_else_is_no_answer(
    client: Client, server: FakeServer, unsigned: bool
) -> None:
    server.unsigned, server.seed = unsigned, new_seed()
    for ask in (client.send(capture()), client.ask(uuid4()), client.greet()):
        with pytest.raises(ServerAwayError, match="not our server"):
            await ask


async def test_an_old_yes_does_not_answer_a_new_question(
    client: Client, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = capture()
    with monkeypatch.context() as patch:
        patch.setattr("kiosk.trust.signing.new_nonce", lambda: "0" * 32)
        await client.send(made)
    trust = client.trust
    genuine = Trust.answers
    monkeypatch.setattr(Trust, "answers", lambda self, nonce, *rest: genuine(self, "0" * 32, *rest))
    with pytest.raises(ServerAwayError, match="not our server"):
        await client.send(made)
    assert client.trust is trust


@pytest.mark.parametrize("status", [401, 403])
async def test_an_unsigned_refusal_opens_nothing_and_makes_the_kiosk_forget_nothing(
    server: FakeServer, tmp_path: Path, status: int
) -> None:
    """Whoever stands in between can say that this kiosk is not wanted, as they can cut the line:
    it goes out of service, keeps its key and what it has to send, and is back with the server."""
    tmp_path.chmod(0o700)
    keys, link, spool = KeyFile(tmp_path), Link(), Spool(tmp_path, Vault.at(tmp_path))
    keys.keep(an_identity())
    client = a_client(server, keys.load())
    heartbeat, delivery = Heartbeat(client, link, key_file=keys), Delivery(client, link, spool)
    server.door = {"state": "emergency_open", "emergency_until": "2999-01-01T00:00:00+00:00"}
    server.unsigned, server.seed = True, new_seed()
    server.heartbeat = problem(status)
    server.script.extend([problem(status)] * 4)
    await heartbeat.beat()
    assert link.state is LinkState.OUT_OF_SERVICE
    assert link.open_for_s(running_s()) == 0
    with pytest.raises(OutOfServiceError):
        await delivery.decision(capture())
    assert keys.load() == client.trust.identity == an_identity()
    assert spool.state().waiting == 1
    server.unsigned, server.seed, server.heartbeat = False, FakeServer.seed, None
    server.script.clear()
    await heartbeat.beat()
    assert link.state.value == "online"
    await client.close()
    spool.close()


@pytest.mark.parametrize("status", [400, 409, 413, 415, 422])
async def test_a_rejection_of_somebody_else_throws_nothing_away(
    client: Client, server: FakeServer, status: int
) -> None:
    server.script.extend([problem(status), problem(status)])
    server.seed = new_seed()
    with pytest.raises(ServerAwayError, match="not our server"):
        await client.send(capture())
    server.seed = FakeServer.seed
    with pytest.raises(CaptureRejectedError):
        await client.send(capture())


def test_an_answer_meant_for_another_kiosk_is_no_answer() -> None:
    body, nonce = b"{}", "0" * 32
    for kiosk, believed in ((KIOSK, True), ("8", False)):
        message = answer_message(kiosk=kiosk, nonce=nonce, status=200, body=body)
        headers = {SERVER_SIGNATURE: sign(SERVER_SEED, message)}
        assert Trust(an_identity()).answers(nonce, 200, headers, body) is believed
