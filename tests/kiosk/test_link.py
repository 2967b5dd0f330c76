"""Tests how the kiosk stands with its server, and what it knows of the time."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from kiosk.answers import Greeting, Policy
from kiosk.errors import CaptureRejectedError, OutOfServiceError, ServerAwayError
from kiosk.heartbeat import OUT_OF_SERVICE_S, Heartbeat
from kiosk.link import Link, LinkState
from tests.kiosk.fake_server import FakeServer, a_client, problem

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def greeting(server_time: datetime = NOW, zone: str = "Europe/Berlin") -> Greeting:
    """What a server says at some time."""
    return Greeting("Door", "Site", zone, server_time, Policy(120, 3))


def test_a_greeting_brings_policy_and_zone() -> None:
    link = Link()
    link.greeted(greeting(), NOW, NOW)
    assert link.state is LinkState.ONLINE
    assert link.policy == Policy(120, 3)
    assert link.zone.key == "Europe/Berlin"


def test_the_skew_is_measured_from_the_middle_of_question_and_answer() -> None:
    link = Link()
    link.greeted(greeting(), NOW - timedelta(seconds=1), NOW + timedelta(seconds=3))
    assert link.skew == timedelta(seconds=1)
    assert not link.clock_wrong


def test_a_clock_a_day_off_is_wrong_until_it_is_set() -> None:
    link = Link()
    link.greeted(greeting(NOW - timedelta(days=1)), NOW, NOW)
    assert link.clock_wrong
    link.greeted(greeting(), NOW, NOW)
    assert not link.clock_wrong


def test_a_rejection_for_the_clock_counts_until_the_next_greeting() -> None:
    link = Link()
    link.failed(CaptureRejectedError("no", status=422, code="clock_skew"))
    assert link.clock_wrong
    link.greeted(greeting(), NOW, NOW)
    assert not link.clock_wrong


def test_a_zone_nobody_knows_is_shown_as_utc() -> None:
    link = Link()
    for zone in ("Mars/Olympus", "../etc/passwd", ""):
        link.greeted(greeting(zone=zone), NOW, NOW)
        assert link.zone.key == "UTC"


def test_each_change_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    link = Link()
    with caplog.at_level(logging.INFO):
        for _ in range(5):
            link.failed(ServerAwayError("The server does not answer."))
        for _ in range(5):
            link.reached()
    assert len(caplog.records) == 2


async def test_a_heartbeat_reaches_the_server_and_comes_again_later(server: FakeServer) -> None:
    client, link = a_client(server), Link()
    assert await Heartbeat(client, link, every_s=10.0).beat() == 10.0
    assert (server.heartbeats, link.state) == (1, LinkState.ONLINE)
    await client.close()


async def test_heartbeats_to_a_server_that_is_away_come_less_and_less_often(
    server: FakeServer,
) -> None:
    server.stop()
    client, link = a_client(server), Link()
    heartbeat = Heartbeat(client, link)
    waits = [await heartbeat.beat() for _ in range(8)]
    assert link.state is LinkState.OFFLINE
    assert waits[0] <= 0.5
    assert waits[-1] >= 5.0
    await client.close()


async def test_a_revoked_kiosk_asks_slowly_and_is_in_service_again_when_it_may(
    server: FakeServer,
) -> None:
    client, link = a_client(server), Link()
    heartbeat = Heartbeat(client, link)
    server.heartbeat = problem(403, "inactive")
    assert await heartbeat.beat() == OUT_OF_SERVICE_S
    assert link.state is LinkState.OUT_OF_SERVICE
    server.heartbeat = None
    await heartbeat.beat()
    assert link.state.value == "online"
    await client.close()


async def test_the_server_may_ask_for_a_pause(server: FakeServer) -> None:
    client = a_client(server)
    server.heartbeat = problem(503, Retry_After="30")
    assert await Heartbeat(client, Link()).beat() == 30.0
    await client.close()


def test_out_of_service_is_not_taken_for_offline() -> None:
    link = Link()
    link.failed(OutOfServiceError("no"))
    assert link.state is LinkState.OUT_OF_SERVICE
    link.failed(ServerAwayError("busy", reached=True))
    assert link.state is LinkState.OUT_OF_SERVICE
