"""What a kiosk tells of its door."""

import uuid
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.test import Client
from django.utils import timezone

from attendance.choices import DoorEventKind
from attendance.models import DoorEvent, Kiosk
from tests.attendance.door import Door
from tests.attendance.rows import make_kiosk

pytestmark = pytest.mark.django_db(transaction=True)


def tell(door: Door, **changes: Any) -> httpx.Response:
    """Tell of a forced door, but for what is changed."""
    told = {
        "id": str(uuid.uuid4()),
        "kind": "forced",
        "happened_at": timezone.now().isoformat(),
        **changes,
    }
    return door.request("POST", "/api/v1/door-events", json=told)


@pytest.mark.parametrize("kind", DoorEventKind.values)
def test_an_event_is_stored_with_its_times(door: Door, kind: str) -> None:
    at = timezone.now() - timedelta(hours=2)
    of = {"capture": str(uuid.uuid4())} if kind == DoorEventKind.STAYED_SHUT else {}
    answer = tell(door, kind=kind, happened_at=at.isoformat(), skew_ms=60_000, **of)
    assert answer.status_code == 200
    event = DoorEvent.objects.get()
    assert str(event.capture_id or "") == of.get("capture", "")
    assert (event.kind, event.kiosk, event.reported_at) == (kind, Kiosk.objects.get(), at)
    assert event.happened_at == at - timedelta(minutes=1)
    assert event.received_at > at


def test_the_same_event_again_is_one_event(door: Door) -> None:
    event_id, at = str(uuid.uuid4()), timezone.now().isoformat()
    for _ in range(2):
        assert tell(door, id=event_id, happened_at=at).status_code == 200
    assert DoorEvent.objects.count() == 1


def test_the_id_of_another_kiosks_event_is_refused(door: Door, server: str) -> None:
    event_id = tell(door).json()["id"]
    with Door(server, make_kiosk(Kiosk.objects.get().site, "Back door")[1]) as other:
        answer = tell(other, id=event_id)
    assert (answer.status_code, answer.json()["code"]) == (409, "other_kiosks_event")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "singing"}, "invalid_request"),
        ({"id": "x"}, "invalid_request"),
        ({"happened_at": "2026-03-10T12:00:00"}, "invalid_request"),
        ({"skew_ms": 2**40}, "invalid_request"),
        ({"kind": "stayed_shut"}, "capture_out_of_place"),
        ({"kind": "stayed_shut", "capture": "x"}, "invalid_request"),
        ({"happened_at": "2020-01-01T00:00:00Z"}, "happened_at_out_of_range"),
        ({"happened_at": "9999-01-01T00:00:00Z"}, "happened_at_out_of_range"),
        ({"happened_at": "0001-01-01T00:00:00Z", "skew_ms": 1000}, "happened_at_out_of_range"),
    ],
)
def test_what_cannot_be_is_refused(door: Door, changes: dict[str, Any], code: str) -> None:
    answer = tell(door, **changes)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert not DoorEvent.objects.exists()


def test_the_live_page_shows_what_happened_at_the_doors(door: Door, console: Client) -> None:
    assert "At the doors" not in console.get("/").content.decode()
    tell(door)
    page = console.get("/").content.decode()
    assert "At the doors" in page
    assert "forced open" in page
