"""What a kiosk hears while it waits: lockdown, emergency, its own end; at once, and signed."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.db import connection

from attendance import defaults
from attendance.models import DoorEvent, DoorOverride, Kiosk
from attendance.services import bells
from attendance.services.overrides import begin_emergency, begin_lockdown, end_override
from attendance.services.provisioning import demand_rotation, revoke_key
from tests.attendance.door import Door

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)
WAIT_S = 60
"""Asked for; the server keeps nobody for longer than its own limit."""


MORE_THAN_THE_POOL = 25
"""Of kiosks; seen to be more than there are connections before it is used."""


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that an answer in this time is due to the call and not to the clock."""
    monkeypatch.setattr(defaults, "LONGEST_NEWS_WAIT", timedelta(seconds=WAIT_S))


def wait(door: Door, knows: str, wait_s: float = WAIT_S) -> httpx.Response:
    return door.request("GET", f"/api/v1/kiosk?knows={knows}&wait={wait_s:g}")


def meanwhile(door: Door, act: Callable[[], object]) -> httpx.Response:
    """What the kiosk hears that waits while something is done."""
    knows = door.hello().json()["news"]

    def later() -> None:
        time.sleep(0.3)
        act()
        connection.close()

    doing = threading.Thread(target=later)
    doing.start()
    answer = wait(door, knows)
    doing.join()
    return answer


def begin(lasts: timedelta = HOUR) -> DoorOverride:
    kiosk = Kiosk.objects.get()
    return begin_emergency(site=kiosk.site, door=None, by="guard", why="fire", lasts=lasts)


def lock() -> DoorOverride:
    return begin_lockdown(site=Kiosk.objects.get().site, door=None, by="guard", why="smoke")


def test_an_emergency_is_heard_while_the_kiosk_waits_with_its_end(door: Door) -> None:
    said = meanwhile(door, begin).json()
    assert said["door"]["state"] == "emergency_open"
    left = datetime.fromisoformat(said["door"]["emergency_until"]) - datetime.fromisoformat(
        said["server_time"]
    )
    assert timedelta(minutes=59) < left <= HOUR
    assert 0 < said["held_s"] < WAIT_S / 2


def test_its_end_is_heard_as_well(door: Door) -> None:
    override = begin()
    said = meanwhile(door, lambda: end_override(override=override, by="guard")).json()
    assert said["door"] == {
        "name": "Front door",
        "mode": "face",
        "state": "normal",
        "emergency_until": None,
    }


def test_that_it_ran_out_is_heard_without_anybodys_doing(door: Door) -> None:
    begin(timedelta(seconds=1))
    knows = door.hello().json()["news"]
    said = wait(door, knows).json()
    assert said["door"]["state"] == "normal"
    assert said["held_s"] < WAIT_S / 2


def test_a_lockdown_is_heard_while_the_kiosk_waits(door: Door) -> None:
    assert meanwhile(door, lock).json()["door"]["state"] == "lockdown"


def test_emergency_beats_lockdown_in_what_is_told(door: Door) -> None:
    lock()
    assert meanwhile(door, begin).json()["door"]["state"] == "emergency_open"


def test_a_wish_for_another_key_is_heard_while_the_kiosk_waits(door: Door) -> None:
    assert meanwhile(door, lambda: demand_rotation(kiosk=Kiosk.objects.get())).json()["rotate_key"]


def test_a_kiosk_revoked_while_it_waits_is_refused_then(door: Door) -> None:
    answer = meanwhile(door, lambda: revoke_key(kiosk=Kiosk.objects.get()))
    assert (answer.status_code, answer.json()["code"]) == (401, "kiosk_revoked")


def test_without_news_it_is_answered_when_the_wait_is_over(door: Door) -> None:
    first = door.hello().json()
    again = wait(door, first["news"], 0.2).json()
    assert again["news"] == first["news"]
    assert 0.2 <= again["held_s"] < WAIT_S / 2


def test_who_knows_something_else_does_not_wait(door: Door) -> None:
    assert wait(door, "something").json()["held_s"] < WAIT_S / 2


@pytest.mark.parametrize("asked", ["knows=x&wait=-1", "knows=x&wait=nan", "wait=1e9"])
def test_a_wait_without_measure_is_refused(door: Door, asked: str) -> None:
    assert door.request("GET", f"/api/v1/kiosk?{asked}").status_code == 422


@pytest.mark.slow
def test_kiosks_that_wait_hold_no_connection_of_the_database(door: Door) -> None:
    """More of them wait than the pool has connections, and all hear of a lockdown."""
    options: Any = settings.DATABASES["default"]["OPTIONS"]
    assert options["pool"]["max_size"] < MORE_THAN_THE_POOL
    knows = door.hello().json()["news"]
    with ThreadPoolExecutor(MORE_THAN_THE_POOL) as kiosks:
        waiting = [kiosks.submit(wait, door, knows) for _ in range(MORE_THAN_THE_POOL)]
        while kiosks_waiting() < MORE_THAN_THE_POOL:
            time.sleep(0.05)
        assert door.hello().status_code == 200
        assert not any(one.done() for one in waiting)
        lock()
        assert {one.result().json()["door"]["state"] for one in waiting} == {"lockdown"}


def kiosks_waiting() -> int:
    """How many listen for the call, in the server that runs in this process."""
    exchanges = list(bells._exchanges.values())
    return sum(len(exchange._bells.get(bells._KIOSKS, ())) for exchange in exchanges)


@pytest.mark.parametrize("kind", ["emergency_open", "emergency_over"])
def test_what_the_door_did_is_kept(door: Door, kind: str) -> None:
    told = {
        "id": "11111111-2222-3333-4444-555555555555",
        "kind": kind,
        "happened_at": door.hello().json()["server_time"],
    }
    assert door.request("POST", "/api/v1/door-events", json=told).status_code == 200
    assert DoorEvent.objects.get().kind == kind
