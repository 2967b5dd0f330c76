from datetime import datetime, timedelta

import pytest
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
