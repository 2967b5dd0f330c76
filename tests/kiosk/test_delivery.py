"""Tests that a capture gets to its decision, whatever the server does meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from kiosk.answers import Decided, NeedsPin
from kiosk.backoff import Backoff
from kiosk.capture import Capture
from kiosk.clock import running_s
from kiosk.delivery import Delivery
from kiosk.errors import (
    CaptureRejectedError,
    OutOfServiceError,
    ServerAwayError,
    SpoolFullError,
    UndecidedError,
)
from kiosk.link import Link, LinkState
from kiosk.spool import Spool, Vault
from tests.kiosk.fake_server import (
    FakeServer,
    a_client,
    accepted,
    failed,
    problem,
    queued,
    refused,
)


def capture() -> Capture:
    """A fresh capture."""
    return Capture(uuid4(), datetime.now(UTC), running_s(), (b"frame",))


@pytest.fixture
def link() -> Link:
    """A link that knows nothing yet."""
    return Link()


@pytest.fixture
async def delivery(server: FakeServer, link: Link, spool: Spool) -> AsyncIterator[Delivery]:
    """A delivery that tries again at once."""
    client = a_client(server)
    yield Delivery(client, link, spool, decide_s=1.0, make_backoff=lambda: Backoff(0.01, 0.05))
    await client.close()


def let_in(answer: Decided | NeedsPin) -> bool:
    """Say whether an answer is a yes."""
    return isinstance(answer, Decided) and answer.accepted


async def test_the_same_capture_is_sent_until_it_is_decided(
    delivery: Delivery, server: FakeServer, link: Link
) -> None:
    server.script.extend([problem(503), problem(429), problem(500), accepted()])
    made = capture()
    decided = await delivery.decision(made)
    assert let_in(decided)
    assert [request.capture for request in server.received] == [str(made.id)] * 4
    assert link.state is LinkState.ONLINE


async def test_it_waits_as_long_as_the_server_asks(delivery: Delivery, server: FakeServer) -> None:
    server.script.extend([problem(429, Retry_After="1"), accepted()])
    await delivery.decision(capture())
    first, second = server.received
    assert second.at_s - first.at_s >= 0.99


async def test_a_server_that_was_gone_gets_it_when_it_is_back(
    delivery: Delivery, server: FakeServer, link: Link
) -> None:
    server.stop()
    under_way = asyncio.create_task(delivery.decision(capture()))
    while link.state is not LinkState.OFFLINE:
        await asyncio.sleep(0.01)
    await asyncio.to_thread(server.start)
    assert let_in(await under_way)
    assert link.state.value == "online"
    assert len(server.captures()) == 1


async def test_a_queued_capture_is_asked_about_until_it_is_decided(
    delivery: Delivery, server: FakeServer
) -> None:
    server.script.extend([queued, queued, problem(503), refused("blurred")])
    decided = await delivery.decision(capture())
    assert decided.reason == "blurred"
    assert (len(server.received), server.questions) == (1, 3)


async def test_a_capture_that_stays_queued_is_given_up(
    server: FakeServer, delivery: Delivery
) -> None:
    server.script.extend([queued] * 100)
    with pytest.raises(UndecidedError, match="in time"):
        await delivery.decision(capture())
    assert server.questions >= 1


async def test_the_frames_of_a_failed_capture_go_again_under_another_id(
    delivery: Delivery, server: FakeServer, spool: Spool
) -> None:
    server.script.extend([failed, queued, failed, accepted()])
    assert let_in(await delivery.decision(capture()))
    assert len(server.captures()) == 3
    assert {request.frames for request in server.received} == {(b"frame",)}
    assert spool.state().waiting == 0


async def test_what_is_not_decided_in_time_is_left_in_the_spool(
    delivery: Delivery, server: FakeServer, spool: Spool
) -> None:
    server.script.append(failed)
    with pytest.raises(UndecidedError):
        await delivery.decision(replace(capture(), taken_s=running_s() - 60))
    assert spool.state().waiting == 1
    assert not delivery.live


async def test_a_full_spool_refuses_and_sends_nothing(
    server: FakeServer, link: Link, tmp_path: Path
) -> None:
    client = a_client(server)
    delivery = Delivery(client, link, Spool(tmp_path, Vault.at(tmp_path), most=10))
    with pytest.raises(SpoolFullError):
        await delivery.decision(capture())
    assert server.received == []
    await client.close()


async def test_a_revoked_key_ends_it_at_once(
    delivery: Delivery, server: FakeServer, link: Link
) -> None:
    server.script.append(problem(401))
    with pytest.raises(OutOfServiceError):
        await delivery.decision(capture())
    assert link.state is LinkState.OUT_OF_SERVICE
    assert len(server.received) == 1


async def test_a_key_revoked_while_it_is_asked_about_ends_it_too(
    delivery: Delivery, server: FakeServer
) -> None:
    server.script.extend([queued, problem(403)])
    with pytest.raises(OutOfServiceError):
        await delivery.decision(capture())


async def test_a_wrong_clock_is_known_from_the_first_rejection_and_costs_no_capture(
    delivery: Delivery, server: FakeServer, link: Link, spool: Spool
) -> None:
    server.script.append(problem(422, "clock_skew"))
    with pytest.raises(CaptureRejectedError):
        await delivery.decision(capture())
    assert link.clock_wrong
    assert len(server.received) == 1
    assert spool.state().waiting == 1


async def test_a_capture_too_old_to_open_is_left_to_the_courier(
    delivery: Delivery, server: FakeServer, spool: Spool
) -> None:
    server.stop()
    old = replace(capture(), taken_s=running_s() - 3600)
    with pytest.raises(ServerAwayError):
        await delivery.decision(old)
    assert spool.state().waiting == 1


async def test_a_busy_server_is_not_called_offline(
    delivery: Delivery, server: FakeServer, link: Link
) -> None:
    link.reached()
    server.script.extend([problem(503), problem(503, Retry_After="0")])
    under_way = asyncio.create_task(delivery.decision(capture()))
    while len(server.received) < 2:
        assert link.state is LinkState.ONLINE
        await asyncio.sleep(0.005)
    assert let_in(await under_way)
