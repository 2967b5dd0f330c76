from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from attendance.models import Kiosk
from tests.attendance.door import Door
from tests.attendance.rows import new_policy

pytestmark = pytest.mark.django_db(transaction=True)


def test_hello_is_answered_with_what_a_kiosk_needs(door: Door) -> None:
    body = door.hello().json()
    assert (body["name"], body["site"], body["time_zone"]) == ("Front door", "Main site", "UTC")
    assert body["policy"] == {"min_face_px": 80, "max_frames": 5}
    assert abs(datetime.fromisoformat(body["server_time"]) - timezone.now()) < timedelta(minutes=1)


def test_hello_counts_as_being_seen(door: Door) -> None:
    door.hello()
    seen = Kiosk.objects.get().last_seen_at
    assert seen is not None
    assert timezone.now() - seen < timedelta(minutes=1)


def test_a_new_policy_reaches_the_kiosk_with_the_next_hello(door: Door) -> None:
    new_policy(min_face_px=120)
    assert door.hello().json()["policy"]["min_face_px"] == 120


HEALTH = {
    "camera": "showing",
    "waiting": 3,
    "set_aside": 1,
    "spool_full": False,
    "door_faults": 2,
}


def test_what_a_kiosk_says_of_itself_is_kept(door: Door) -> None:
    assert door.request("PUT", "/api/v1/kiosk/health", json=HEALTH).status_code == 200
    kiosk = Kiosk.objects.get()
    assert (kiosk.camera, kiosk.spool_waiting, kiosk.spool_aside) == ("showing", 3, 1)
    assert (kiosk.spool_full, kiosk.door_faults) == (False, 2)


@pytest.mark.parametrize(
    "changes", [{"camera": "blind"}, {"waiting": -1}, {"waiting": 2**40}, {"spool_full": None}]
)
def test_what_no_kiosk_says_is_refused(door: Door, changes: dict[str, object]) -> None:
    answer = door.request("PUT", "/api/v1/kiosk/health", json={**HEALTH, **changes})
    assert answer.status_code == 422


def test_a_lost_camera_and_a_full_spool_are_on_the_live_page(door: Door, console: Client) -> None:
    bad = {**HEALTH, "camera": "lost", "spool_full": True}
    door.request("PUT", "/api/v1/kiosk/health", json=bad)
    page = console.get("/").content.decode()
    assert "no camera" in page
    assert "spool is full" in page
