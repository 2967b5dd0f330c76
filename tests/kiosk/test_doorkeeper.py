"""Tests the whole kiosk but for its process: camera to door, over real HTTP."""

import asyncio
import base64
import logging
from datetime import timedelta

import pytest
from starlette.responses import Response

from kiosk.board import Board
from kiosk.camera import Camera
from kiosk.delivery import Delivery
from kiosk.doorkeeper import Doorkeeper, Parts
from kiosk.doors import FRESH_S, EventKind
from kiosk.doors.standing_open import StandingOpen
from kiosk.entry_delivery import EntryDelivery
from kiosk.eyes import Eyes
from kiosk.frames import NewestFrame
from kiosk.link import Link
from kiosk.prompt import State
from kiosk.spool import Spool
from kiosk.visits import Visits
from recognition import FakeEngine, decode
from tests.kiosk.cameras import SOURCE, FakeFootage, FakeOpener
from tests.kiosk.fake_server import (
    KIOSK_SEED,
    FakeServer,
    a_client,
    decided,
    failed,
    problem,
    queued,
    refused,
)
from tests.kiosk.whole_kiosk import (
    BLUE,
    EMPTY,
    LIMIT_S,
    RED,
    RULES,
    Clock,
    RememberingDoor,
    at_work,
    stayed_shut_on,
    until,
)

pytestmark = pytest.mark.slow


async def test_somebody_known_is_greeted_and_the_door_opens_once(server: FakeServer) -> None:
    async with at_work(server) as kiosk:
        await kiosk.says(State.IDLE)
        kiosk.scene.picture = RED
        await kiosk.says(State.WELCOME)
        assert kiosk.board.view.prompt.name == "Ada Lovelace"
        assert kiosk.board.view.zone == "Europe/Berlin"
        await asyncio.sleep(0.5)
        assert kiosk.door.unlocked == [4.0]
    assert len(server.captures()) == 1
    assert 1 <= len(server.received[0].frames) <= 5
    assert decode(server.received[0].frames[0]).shape[2] == 3


async def test_a_stranger_is_refused_a_few_times_and_no_door_opens(server: FakeServer) -> None:
    server.script.extend([refused()] * 20)
    async with at_work(server) as kiosk:
        kiosk.scene.picture = BLUE
        await kiosk.says(State.REFUSED)
        await until(lambda: len(server.captures()) == 4, "three more tries")
        await asyncio.sleep(0.8)
        assert kiosk.door.unlocked == []
    assert len(server.captures()) == 4


async def test_the_next_person_is_asked_about_though_the_first_left_no_gap(
    server: FakeServer,
) -> None:
    async with at_work(server) as kiosk:
        kiosk.scene.picture = RED
        await until(lambda: len(kiosk.door.unlocked) == 1, "the first")
        kiosk.scene.picture = BLUE
        await until(lambda: len(kiosk.door.unlocked) == 2, "the second")
    assert len(server.captures()) == 2


async def test_who_comes_back_at_once_is_greeted_again_without_a_request(
    server: FakeServer,
) -> None:
    async with at_work(server) as kiosk:
        kiosk.scene.picture = RED
        await kiosk.says(State.WELCOME)
        kiosk.scene.picture = EMPTY
        await until(lambda: not kiosk.visits.anybody(), "the person to leave")
        kiosk.scene.picture = RED
        await until(kiosk.visits.anybody, "the person to come back")
        await asyncio.sleep(0.8)
        await kiosk.says(State.WELCOME)
    assert len(server.captures()) == 1


async def test_a_server_that_is_away_is_said_and_the_same_capture_arrives_later(
    server: FakeServer,
) -> None:
    async with at_work(server) as kiosk:
        await kiosk.says(State.IDLE)
        await asyncio.to_thread(server.stop)
        kiosk.scene.picture = RED
        await kiosk.says(State.OFFLINE)
        await asyncio.to_thread(server.start)
        await kiosk.says(State.WELCOME)
        await until(lambda: kiosk.door.unlocked == [4.0], "the door to open")
    assert len(server.captures()) == 1


async def test_a_decision_that_comes_too_late_opens_nothing_and_another_is_asked_for(
    server: FakeServer, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()

    def after_a_long_time(capture: str) -> Response:
        """Say yes when it is of no use any more."""
        clock.pass_by(FRESH_S + 0.5)
        return decided(capture)

    server.script.append(after_a_long_time)
    async with at_work(server, clock=clock) as kiosk:
        kiosk.scene.picture = RED
        await until(lambda: "the door stays shut" in caplog.text, "the late decision")
        assert stayed_shut_on(kiosk) == server.captures()[:1]
        await until(lambda: kiosk.door.unlocked == [4.0], "the door")
        await kiosk.says(State.WELCOME)
    assert len(server.captures()) == 2


async def test_a_capture_that_failed_is_followed_by_another(server: FakeServer) -> None:
    server.script.extend([queued, failed])
    async with at_work(server) as kiosk:
        kiosk.scene.picture = RED
        await kiosk.says(State.WELCOME)
    assert len(server.captures()) == 2


async def test_a_revoked_key_takes_the_kiosk_out_of_service_and_back(
    server: FakeServer,
) -> None:
    async with at_work(server) as kiosk:
        await kiosk.says(State.IDLE)
        server.heartbeat = problem(401, "revoked")
        await kiosk.says(State.OUT_OF_SERVICE)
        kiosk.scene.picture = RED
        await asyncio.sleep(1.0)
        assert server.captures() == []


async def test_a_key_revoked_during_a_capture_takes_it_out_of_service(
    server: FakeServer,
) -> None:
    server.script.append(problem(401, "revoked"))
    async with at_work(server) as kiosk:
        await kiosk.says(State.IDLE)
        server.heartbeat = problem(401, "revoked")
        kiosk.scene.picture = RED
        await kiosk.says(State.OUT_OF_SERVICE)
        assert kiosk.door.unlocked == []


async def test_a_clock_that_is_wrong_is_said_before_anybody_is_asked_about(
    server: FakeServer,
) -> None:
    server.skew = timedelta(days=1)
    async with at_work(server) as kiosk:
        await kiosk.says(State.CLOCK_WRONG)
        server.skew = timedelta(0)
        await kiosk.says(State.IDLE)


async def test_a_capture_the_server_rejects_is_explained_and_tried_anew(
    server: FakeServer,
) -> None:
    server.script.append(problem(415, "undecodable"))
    async with at_work(server) as kiosk:
        kiosk.scene.picture = RED
        await kiosk.says(State.REFUSED)
        assert kiosk.board.view.prompt.reason == "undecodable"
        await kiosk.says(State.WELCOME)
    assert len(server.captures()) == 2


async def test_a_camera_that_is_lost_is_said_and_found_again(server: FakeServer) -> None:
    async with at_work(server) as kiosk:
        await kiosk.says(State.IDLE)
        kiosk.scene.picture = None
        await kiosk.says(State.CAMERA_LOST)
        kiosk.scene.picture = RED
        await kiosk.says(State.WELCOME)


async def test_a_door_that_is_stuck_stops_nothing(
    server: FakeServer, caplog: pytest.LogCaptureFixture
) -> None:
    async with at_work(server) as kiosk:
        kiosk.door.stuck = True
        kiosk.scene.picture = RED
        await kiosk.says(State.WELCOME)
        await until(lambda: "did not open" in caplog.text, "the log")
        assert "The relay does not answer." in caplog.text
        assert stayed_shut_on(kiosk) == server.captures()


async def test_the_log_carries_the_captures_id_and_never_the_key(
    server: FakeServer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        async with at_work(server) as kiosk:
            kiosk.scene.picture = RED
            await kiosk.says(State.WELCOME)
    assert server.captures()[0] in caplog.text
    assert base64.b64encode(KIOSK_SEED).decode() not in caplog.text


@pytest.mark.parametrize("ticks", range(6))
async def test_a_kiosk_told_to_stop_just_as_a_frame_comes_stops(
    server: FakeServer, spool: Spool, ticks: int
) -> None:
    slot, arrived, link = NewestFrame(), asyncio.Event(), Link()
    client = a_client(server)
    parts = Parts(
        camera=Camera(SOURCE, slot, opener=FakeOpener(FakeFootage([EMPTY], endless=True))),
        slot=slot,
        arrived=arrived,
        eyes=Eyes(FakeEngine()),
        delivery=Delivery(client, link, spool),
        entries=EntryDelivery(client, link),
        link=link,
        door=(door := RememberingDoor()),
        standing=StandingOpen(door, link, lambda _: None),
        board=Board(),
        visits=Visits(RULES),
        report=lambda _: None,
    )
    parts.camera.start()
    work = asyncio.create_task(Doorkeeper(parts, unlock_s=4.0).work())
    await asyncio.sleep(0.05)
    arrived.set()
    for _ in range(ticks):
        await asyncio.sleep(0)
    work.cancel()
    done, _ = await asyncio.wait({work}, timeout=LIMIT_S)
    assert done == {work}
    parts.camera.stop()
    await client.close()


async def test_in_an_emergency_the_door_is_held_and_who_passes_is_noted_all_the_same(
    server: FakeServer,
) -> None:
    server.door = {"state": "emergency_open", "emergency_until": "2999-01-01T00:00:00+00:00"}
    async with at_work(server) as kiosk:
        await kiosk.says(State.EMERGENCY)
        assert kiosk.door.held
        kiosk.scene.picture = RED
        await until(server.captures, "a capture")
        assert kiosk.board.view.prompt.state is State.EMERGENCY
        assert kiosk.door.unlocked == []
        server.door = {"state": "lockdown"}
        await until(lambda: not kiosk.door.held, "the door to lock")
        kinds = [event.kind for event in kiosk.told]
        assert kinds == [EventKind.EMERGENCY_OPEN, EventKind.EMERGENCY_OVER]
