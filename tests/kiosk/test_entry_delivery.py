"""An entry's way to a server that says nothing."""

import threading
import uuid
from datetime import UTC, datetime

import pytest
from starlette.responses import Response

from kiosk.clock import running_s
from kiosk.entry_delivery import EntryDelivery
from kiosk.entry_request import EntryRequest
from kiosk.errors import ServerAwayError, UndecidedError
from kiosk.link import Link, LinkState
from kiosk.pin import Digits
from tests.kiosk.fake_server import FakeServer, Reply, a_client, decided, queued


def an_entry() -> EntryRequest:
    """Somebody's PIN, typed just now."""
    return EntryRequest(
        id=uuid.uuid4(),
        capture=uuid.uuid4(),
        number=None,
        pin=Digits().plus("8305", most=8),
        challenge=None,
        how=("keypad",),
        entered_at=datetime.now(UTC),
        taken_s=running_s(),
    )


def silent_until(heard: threading.Event) -> Reply:
    """Say yes, but nobody listens any more."""

    def reply(capture: str) -> Response:
        heard.wait(20)
        return decided(capture)

    return reply


async def test_a_server_that_says_nothing_is_waited_for_no_longer_than_a_door_may_open(
    server: FakeServer,
) -> None:
    given_up = threading.Event()
    server.script.append(silent_until(given_up))
    client, link = a_client(server), Link()
    with pytest.raises(ServerAwayError, match="in time"):
        await EntryDelivery(client, link, give_up_s=0.3).decision(an_entry())
    given_up.set()
    assert link.state is LinkState.OFFLINE
    await client.close()


async def test_a_server_that_does_not_decide_in_time_is_there_all_the_same(
    server: FakeServer,
) -> None:
    server.script.extend([queued] * 100)
    client, link = a_client(server), Link()
    with pytest.raises(UndecidedError):
        await EntryDelivery(client, link, give_up_s=0.6).decision(an_entry())
    assert link.state is LinkState.ONLINE
    assert len(server.entries) == 1
    await client.close()
