"""Tests the change of keys, and that it may be cut off anywhere."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.client import Client
from kiosk.errors import OutOfServiceError, ServerAwayError
from kiosk.heartbeat import Heartbeat
from kiosk.link import Link, LinkState
from kiosk.trust.identity import new_seed, public_key
from kiosk.trust.key_file import KeyFile
from kiosk.trust.rotation import change_keys
from tests.kiosk.fake_server import KIOSK_SEED, FakeServer, a_client, an_identity


@pytest.fixture
def file(tmp_path: Path) -> KeyFile:
    """The kiosk's key file."""
    made = KeyFile(tmp_path)
    made.keep(an_identity())
    return made


@pytest.fixture
async def client(server: FakeServer) -> AsyncIterator[Client]:
    """A client of the server."""
    made = a_client(server)
    yield made
    await made.close()


def in_force(client: Client, file: KeyFile, server: FakeServer) -> bool:
    """Whether kiosk, file and server have the same new key."""
    identity = file.load()
    assert identity is not None
    keys = {public_key(identity.seed), client.trust.key, server.kiosk_key}
    return len(keys) == 1 and identity.seed != KIOSK_SEED and not identity.next_seed


async def test_a_key_that_is_asked_for_is_changed_with_the_next_heartbeat(
    client: Client, file: KeyFile, server: FakeServer
) -> None:
    server.rotate = True
    heartbeat = Heartbeat(client, Link(), key_file=file)
    await heartbeat.beat()
    assert in_force(client, file, server)
    await heartbeat.beat()
    assert server.heartbeats == 2


async def test_a_server_that_is_away_leaves_both_keys(
    client: Client, file: KeyFile, server: FakeServer
) -> None:
    server.stop()
    with pytest.raises(ServerAwayError):
        await change_keys(client, file)
    kept = file.load()
    assert kept is not None
    assert kept.seed == KIOSK_SEED
    assert kept.next_seed


@pytest.mark.parametrize("taken", [True, False])
async def test_cut_off_before_the_answer_it_is_finished_by_the_next_heartbeat(
    file: KeyFile, server: FakeServer, taken: bool
) -> None:
    changing = replace(an_identity(), next_seed=new_seed())
    file.keep(changing)
    if taken:
        server.kiosk_key = public_key(changing.next_seed)
    client, link = a_client(server, changing), Link()
    heartbeat = Heartbeat(client, link, key_file=file)
    await heartbeat.beat()
    assert in_force(client, file, server)
    await heartbeat.beat()
    assert link.state is LinkState.ONLINE
    await client.close()


async def test_revoked_in_the_middle_it_keeps_both_and_stays_out_of_service(
    client: Client, file: KeyFile, server: FakeServer
) -> None:
    server.kiosk_key = public_key(new_seed())
    with pytest.raises(OutOfServiceError):
        await change_keys(client, file)
    assert client.trust.identity.seed == KIOSK_SEED


async def test_refused_by_somebody_in_between_who_then_says_nothing_more_it_keeps_both(
    client: Client, file: KeyFile, server: FakeServer
) -> None:
    """A refusal has no signature; which key is in force is the server's own to say."""
    server.kiosk_key, server.unsigned = public_key(new_seed()), True

    async def gone(**_: object) -> None:
        server.stop()
        raise ServerAwayError("The server does not answer.")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client, "greet", gone)
        with pytest.raises(ServerAwayError):
            await change_keys(client, file)
    assert client.trust.identity == file.load()
    assert client.trust.identity.seed == KIOSK_SEED
    assert client.trust.identity.next_seed
