"""Tests that a door stands open for exactly as long as the server's order does."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.answers import Greeting, Policy
from kiosk.client import Client
from kiosk.doors import DoorEvent, EventKind, Report
from kiosk.doors.standing_open import StandingOpen
from kiosk.errors import DoorError, OutOfServiceError, ServerAwayError
from kiosk.heartbeat import CONFIRM_S, WAIT_S, Heartbeat
from kiosk.link import ORDER_LASTS_S, Link
from kiosk.trust import Trust
from kiosk.trust.identity import new_seed
from tests.kiosk.fake_server import FakeServer, a_client, problem

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
ROUNDING_S = 1e-6
EMERGENCY = {"state": "emergency_open", "emergency_until": "2999-01-01T00:00:00+00:00"}


@dataclass
class LeasedDoor:
    """A door on a clock of the test, which locks by itself as real ones do."""

    now_s: float = 0.0
    open_until_s: float = float("-inf")
    orders: list[str] = field(default_factory=list)
    stuck: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it is unlocked now."""
        return self.now_s < self.open_until_s

    async def unlock(self, seconds: float) -> None:
        """Unlock for a while."""
        await self._do("unlock", max(self.open_until_s, self.now_s + seconds))

    async def hold_open(self, seconds: float) -> None:
        """Stay unlocked for a while."""
        await self._do("hold_open", max(self.open_until_s, self.now_s + seconds))

    async def lock(self) -> None:
        """Lock."""
        await self._do("lock", float("-inf"))

    async def watch(self, report: Report) -> None:
        """Tell nothing."""

    async def close(self) -> None:
        """Leave nothing."""

    async def _do(self, what: str, until_s: float) -> None:
        self.orders.append(what)
        if self.stuck:
            raise DoorError("stuck")
        self.open_until_s = until_s


@dataclass
class Scene:
    """A door, what is known of the server, and who brings the one to the other."""

    door: LeasedDoor
    link: Link
    told: list[EventKind]
    standing: StandingOpen

    def hears(
        self, *, left_s: float = 0.0, lockdown: bool = False, asked_s: float | None = None
    ) -> None:
        """The server answers a question of now, or of then."""
        said = Greeting(
            "Door", "Site", "UTC", NOW, Policy(), lockdown=lockdown, emergency_left_s=left_s
        )
        asked = self.door.now_s if asked_s is None else asked_s
        self.link.greeted(said, NOW, NOW, asked_s=asked)

    async def passes(self, seconds: float) -> None:
        """Let time go by, as it is looked at."""
        for _ in range(round(seconds / 0.2)):
            self.door.now_s += 0.2
            await self.standing.step()


def scene() -> Scene:
    """A locked door whose server has said nothing yet."""
    door, link, told = LeasedDoor(), Link(), list[EventKind]()

    def report(event: DoorEvent) -> None:
        told.append(event.kind)

    return Scene(door, link, told, StandingOpen(door, link, report, clock=lambda: door.now_s))


async def test_it_opens_at_the_next_look_and_locks_when_it_is_ended() -> None:
    at = scene()
    await at.passes(1)
    assert at.door.orders == []
    at.hears(left_s=3600)
    await at.passes(0.2)
    assert at.door.is_open
    at.hears()
    await at.passes(0.2)
    assert not at.door.is_open
    assert at.told == [EventKind.EMERGENCY_OPEN, EventKind.EMERGENCY_OVER]


async def test_confirmed_again_and_again_it_never_locks() -> None:
    at = scene()
    for _ in range(20):
        at.hears(left_s=3600)
        for _ in range(15):
            await at.passes(0.2)
            assert at.door.is_open
    assert at.told == [EventKind.EMERGENCY_OPEN]
    assert "lock" not in at.door.orders


async def test_not_confirmed_any_more_it_locks() -> None:
    at = scene()
    at.hears(left_s=3600)
    await at.passes(ORDER_LASTS_S - 0.4)
    assert at.door.is_open
    at.link.failed(ServerAwayError("away"))
    await at.passes(0.8)
    assert not at.door.is_open
    assert at.told[-1] is EventKind.EMERGENCY_OVER


async def test_it_ends_by_itself_though_the_server_says_no_more() -> None:
    at = scene()
    at.hears(left_s=3)
    await at.passes(2)
    assert at.door.is_open
    await at.passes(1.4)
    assert not at.door.is_open


async def test_an_answer_that_comes_late_holds_nothing_open() -> None:
    at = scene()
    at.door.now_s = 100.0
    at.hears(left_s=3600, asked_s=100.0 - ORDER_LASTS_S)
    await at.passes(1)
    assert at.door.orders == []


async def test_a_revoked_kiosk_lets_go_at_once() -> None:
    at = scene()
    at.hears(left_s=3600)
    await at.passes(1)
    at.link.failed(OutOfServiceError("revoked"))
    await at.passes(0.2)
    assert not at.door.is_open


async def test_a_lockdown_cuts_an_unlocking_short_and_is_brought_to_the_door_once() -> None:
    at = scene()
    await at.door.unlock(5)
    at.hears(lockdown=True)
    await at.passes(2)
    assert not at.door.is_open
    assert at.door.orders == ["unlock", "lock"]
    assert at.told == []


async def test_an_emergency_goes_before_a_lockdown_and_leaves_it_behind() -> None:
    at = scene()
    at.hears(lockdown=True)
    await at.passes(1)
    at.hears(left_s=3600)
    await at.passes(1)
    assert at.door.is_open
    at.hears(lockdown=True)
    await at.passes(0.2)
    assert not at.door.is_open


async def test_a_door_that_is_stuck_is_told_again_and_the_screen_knows() -> None:
    at = scene()
    at.door.stuck = True
    at.hears(left_s=3600)
    await at.passes(3)
    assert at.standing.held.value == "stuck"
    assert at.door.orders.count("hold_open") == 3
    at.door.stuck = False
    await at.passes(1.2)
    assert at.standing.held.value == "open"
    at.door.stuck = True
    at.hears()
    await at.passes(2)
    at.door.stuck = False
    await at.passes(1.2)
    assert not at.door.is_open
    assert at.told == [EventKind.EMERGENCY_OPEN, EventKind.EMERGENCY_OVER]


said = st.one_of(
    st.tuples(st.just("emergency"), st.floats(0.1, 30)),
    st.tuples(st.just("normal"), st.just(0.0)),
    st.tuples(st.just("lockdown"), st.just(0.0)),
    st.tuples(st.just("silence"), st.just(0.0)),
    st.tuples(st.just("revoked"), st.just(0.0)),
)


@given(st.lists(st.tuples(said, st.integers(1, 60), st.floats(0, 20)), max_size=12))
async def test_without_an_order_of_the_last_seconds_it_is_never_open(
    history: list[tuple[tuple[str, float], int, float]],
) -> None:
    at = scene()
    may_until_s = float("-inf")
    for (what, left_s), looks, late_s in history:
        if what == "emergency":
            at.hears(left_s=left_s, asked_s=at.door.now_s - late_s)
            may_until_s = at.door.now_s - late_s + min(left_s, ORDER_LASTS_S)
        elif what in {"normal", "lockdown"}:
            at.hears(lockdown=what == "lockdown")
            may_until_s = float("-inf")
        elif what == "revoked":
            at.link.failed(OutOfServiceError("revoked"))
            may_until_s = float("-inf")
        else:
            at.link.failed(ServerAwayError("away"))
        for _ in range(looks):
            await at.passes(0.2)
            if abs(at.door.now_s - may_until_s) > ROUNDING_S:
                assert at.door.is_open is (at.door.now_s < may_until_s)


async def heard_by(server: FakeServer, link: Link, client: Client | None = None) -> float:
    """Greet once; for how long the door is to stand open by then."""
    asking = client or a_client(server)
    heartbeat = Heartbeat(asking, link)
    await heartbeat.beat()
    left_s = link.open_for_s(0.0)
    if client is None:
        await asking.close()
    return left_s


async def test_the_servers_own_order_is_believed(server: FakeServer) -> None:
    server.door = EMERGENCY
    assert await heard_by(server, Link()) > 0


@pytest.mark.parametrize("unsigned", [True, False])
async def test_an_order_of_somebody_else_is_not(server: FakeServer, unsigned: bool) -> None:
    server.door = EMERGENCY
    server.unsigned, server.seed = unsigned, new_seed()
    assert await heard_by(server, Link()) == 0


async def test_an_order_of_yesterday_is_not(
    server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.door = EMERGENCY
    client = a_client(server)
    with monkeypatch.context() as patch:
        patch.setattr("kiosk.trust.signing.new_nonce", lambda: "0" * 32)
        assert await heard_by(server, Link(), client) > 0
    genuine = Trust.answers
    monkeypatch.setattr(Trust, "answers", lambda self, nonce, *rest: genuine(self, "0" * 32, *rest))
    assert await heard_by(server, Link(), client) == 0
    await client.close()


async def test_a_refusal_ends_an_order(server: FakeServer) -> None:
    server.door, link = EMERGENCY, Link()
    assert await heard_by(server, link) > 0
    server.heartbeat = problem(401, "revoked")
    assert await heard_by(server, link) == 0


async def test_news_is_heard_while_it_is_waited_for_and_then_asked_about_often(
    server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.door = {"state": "normal"}
    client, link, waits = a_client(server), Link(), []
    heartbeat, greet = Heartbeat(client, link, chance=lambda: 1.0), client.greet

    async def greeted(*, knows: str = "", wait_s: float = 0.0) -> Greeting:
        waits.append(wait_s)
        server.door = EMERGENCY
        return await greet(knows=knows, wait_s=wait_s)

    await heartbeat.beat()
    monkeypatch.setattr(client, "greet", greeted)
    await heartbeat.beat()
    assert link.open_for_s(0.0) > 0
    monkeypatch.setattr(server, "_news", lambda: "other")
    await heartbeat.beat()
    assert waits == [WAIT_S, CONFIRM_S]
    await client.close()


async def test_kiosks_that_were_woken_together_do_not_ask_together_ever_after(
    server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = []
    for chance in (0.0, 0.5):
        client = a_client(server)
        greet = client.greet

        async def greeted(
            *, knows: str = "", wait_s: float = 0.0, greet: Callable[..., Any] = greet
        ) -> Greeting:
            waits.append(wait_s)
            said: Greeting = await greet(knows=knows, wait_s=wait_s)
            return said

        monkeypatch.setattr(client, "greet", greeted)
        await Heartbeat(client, Link(), chance=partial(float, chance)).beat()
        await client.close()
    assert WAIT_S / 2 < waits[0] < waits[1] < WAIT_S


def test_a_long_wait_for_news_does_not_make_the_order_old_nor_the_clock_wrong() -> None:
    link = Link()
    said = Greeting(
        "Door", "Site", "UTC", NOW, Policy(), emergency_left_s=3600, news="x", held_s=8.0
    )
    link.greeted(said, NOW - timedelta(seconds=8.5), NOW + timedelta(seconds=0.5), asked_s=100.0)
    assert link.skew == timedelta(0)
    assert link.open_for_s(109.0) == pytest.approx(ORDER_LASTS_S - 1.0)
