"""Tests that what was left in the spool arrives: once, in order, with its times."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from kiosk.backoff import Backoff
from kiosk.capture import Capture
from kiosk.clock import running_s, wall_time
from kiosk.courier import MOST_FAILURES, Courier
from kiosk.doors import DoorEvent, EventKind
from kiosk.link import Link, LinkState
from kiosk.spool import Kind, Spool, parcel_of, reading_of
from tests.kiosk.fake_server import (
    FakeServer,
    a_client,
    accepted,
    failed,
    problem,
    queued,
    refused,
    without_an_engine,
)


def put(spool: Spool, frame: bytes = b"frame", offline_person: UUID | None = None) -> Capture:
    """Leave a capture in the spool."""
    made = Capture(uuid4(), wall_time(), running_s(), (frame,))
    reading = reading_of(made.captured_at, made.taken_s, timedelta(seconds=2))
    content = parcel_of(made, replace(reading, offline_person=offline_person))
    spool.add(made.id, Kind.CAPTURE, content)
    return made


@pytest.fixture
def link() -> Link:
    """A link that knows nothing yet."""
    return Link()


@pytest.fixture
def told() -> list[DoorEvent]:
    """What the courier finds out about the door."""
    return []


@pytest.fixture
async def courier(
    server: FakeServer, spool: Spool, link: Link, told: list[DoorEvent]
) -> AsyncIterator[Courier]:
    """A courier that does not rest."""
    client = a_client(server)
    carrier = Courier(
        client,
        link,
        spool,
        set(),
        tell=told.append,
        pace_s=0.001,
        make_backoff=lambda: Backoff(0.01, 0.05),
    )
    running = asyncio.create_task(carrier.run())
    yield carrier
    running.cancel()
    await client.close()


async def test_after_an_outage_everything_arrives_once_and_in_order(
    courier: Courier, server: FakeServer, spool: Spool, link: Link
) -> None:
    server.stop()
    made = [put(spool, b"%d" % number) for number in range(10)]
    while link.state is not LinkState.OFFLINE:
        await asyncio.sleep(0.01)
    await asyncio.to_thread(server.start)
    assert await courier.emptied(20)
    assert [request.capture for request in server.received] == [str(one.id) for one in made]
    assert [request.captured_at for request in server.received] == [o.captured_at for o in made]


async def test_what_was_decided_at_once_and_never_came_back_opened_nothing(
    courier: Courier, server: FakeServer, spool: Spool, told: list[DoorEvent]
) -> None:
    """Of those that the server let in at once, one was let in by the kiosk itself."""
    at = datetime.now(UTC)
    at_once = {"happened_at": at.isoformat(), "decided_at": at.isoformat()}
    late = {**at_once, "decided_at": (at + timedelta(hours=1)).isoformat()}
    server.script.extend(
        [accepted(**at_once), accepted(**late), refused(**at_once), accepted(**at_once)]
    )
    first, *_ = (put(spool), put(spool), put(spool), put(spool, offline_person=uuid4()))
    assert await courier.emptied(20)
    assert [(event.kind, event.capture) for event in told] == [(EventKind.STAYED_SHUT, first.id)]


async def test_busy_queued_and_refused_are_all_brought_to_their_end(
    courier: Courier, server: FakeServer, spool: Spool
) -> None:
    server.script.extend([problem(503), queued, queued, refused(), accepted()])
    made = [put(spool), put(spool)]
    assert await courier.emptied(20)
    assert server.captures() == [str(one.id) for one in made]


async def test_failed_frames_go_again_under_another_id_before_the_next(
    courier: Courier, server: FakeServer, spool: Spool
) -> None:
    server.script.extend([failed, failed])
    put(spool, b"first")
    put(spool, b"second")
    assert await courier.emptied(20)
    assert [request.frames[0] for request in server.received] == [b"first"] * 3 + [b"second"]
    assert len(server.captures()) == 4


async def test_frames_that_the_server_always_fails_at_are_set_aside(
    courier: Courier, server: FakeServer, spool: Spool
) -> None:
    server.script.extend([failed] * (MOST_FAILURES + 1))
    put(spool)
    last = put(spool)
    assert await courier.emptied(20)
    assert spool.state().aside == 1
    assert server.captures()[-1] == str(last.id)


async def test_frames_are_no_worse_for_a_server_that_can_recognise_nobody(
    courier: Courier, server: FakeServer, spool: Spool
) -> None:
    server.script.extend([without_an_engine] * (MOST_FAILURES + 2))
    put(spool, b"first")
    assert await courier.emptied(20)
    assert spool.state().aside == 0
    assert [request.frames[0] for request in server.received] == [b"first"] * (MOST_FAILURES + 3)


async def test_what_the_server_will_never_take_makes_room_for_the_next(
    courier: Courier, server: FakeServer, spool: Spool
) -> None:
    server.script.append(problem(422, "captured_at_out_of_range"))
    made = [put(spool), put(spool)]
    assert await courier.emptied(20)
    assert server.captures() == [str(one.id) for one in made]


async def test_a_wrong_clock_throws_nothing_away(
    courier: Courier, server: FakeServer, spool: Spool, link: Link
) -> None:
    server.script.extend([problem(422, "clock_skew")] * 3)
    made = put(spool)
    assert await courier.emptied(20)
    assert [request.capture for request in server.received] == [str(made.id)] * 4


async def test_what_somebody_waits_for_is_left_alone(
    server: FakeServer, spool: Spool, link: Link
) -> None:
    client = a_client(server)
    made = put(spool)
    live = {1}
    courier = Courier(client, link, spool, live, pace_s=0.001)
    await courier.step()
    assert server.received == []
    live.clear()
    await courier.step()
    assert server.captures() == [str(made.id)]
    await client.close()


async def test_out_of_service_it_sends_nothing_and_keeps_everything(
    courier: Courier, server: FakeServer, spool: Spool, link: Link
) -> None:
    server.script.append(problem(401, "kiosk_revoked"))
    put(spool)
    while link.state is not LinkState.OUT_OF_SERVICE:
        await asyncio.sleep(0.01)
    assert not await courier.emptied(5)
    assert spool.state().waiting == 1
    link.reached()
    assert await courier.emptied(20)
