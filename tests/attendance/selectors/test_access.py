"""The question for the policy is gathered in few queries."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from attendance.access import DoorMode, Factor
from attendance.access_choices import AntiPassback, Direction
from attendance.models import Kiosk, Person
from attendance.selectors.access import Attempt, access_question
from attendance.selectors.door_rules import door_now, kiosk_at_door
from attendance.selectors.overrides import standing_of
from tests.attendance.access_rows import (
    EVERY_DAY,
    change,
    lead_into,
    make_group,
    make_holiday,
    make_mode_rule,
    make_override,
    make_pass,
    make_schedule,
    rule,
)
from tests.attendance.rows import make_kiosk, make_person

pytestmark = pytest.mark.django_db

FACE = frozenset({Factor.FACE})


def ask(kiosk: Kiosk, person: Person) -> None:
    now = timezone.now()
    at_door = kiosk_at_door(kiosk_id=kiosk.pk)
    attempt = Attempt(Direction.IN, FACE, now)
    access_question(person=person, door=at_door.door, attempt=attempt, overrides_at=now)


def test_a_plain_door_takes_five_queries(
    kiosk: Kiosk, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """The kiosk with its door, overrides, rules, modes, groups of the person."""
    ada = make_person()
    with django_assert_num_queries(6):
        ask(kiosk, ada)


def test_everything_at_once_takes_twelve_however_much_there_is(
    kiosk: Kiosk, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    vera, host = make_person("V1", "Vera Guest", visitor=True), make_person()
    lead_into(kiosk, anti_passback=AntiPassback.HARD, limit=5)
    change(kiosk.door, two_person_s=30)
    for n in range(4):
        group, schedule = make_group(f"Group {n}", vera), make_schedule(f"Hours {n}")
        rule(kiosk.door, group, schedule)
        make_mode_rule(kiosk.door, schedule)
        make_pass(vera, host, group)
    make_holiday(kiosk.site, timezone.now())
    with django_assert_num_queries(13):
        ask(kiosk, vera)


def test_a_kiosk_is_told_what_its_door_asks_for_at_this_time(kiosk: Kiosk) -> None:
    change(kiosk.site, time_zone="Europe/Berlin")
    make_mode_rule(kiosk.door, make_schedule("Nights", "22:00", "06:00", EVERY_DAY))
    by_day, by_night = (
        door_now(kiosk_id=kiosk.pk, at=datetime(2026, 3, 2, hour, tzinfo=UTC)) for hour in (12, 22)
    )
    assert (by_day.name, by_day.mode, by_day.state) == (kiosk.door.name, DoorMode.FACE, "normal")
    assert by_night.mode == DoorMode.FACE_AND_PIN


def test_a_door_stands_under_what_is_in_force_for_it_or_for_its_site(kiosk: Kiosk) -> None:
    now = timezone.now()
    back = make_kiosk(kiosk.site, "Back door")[0]
    assert standing_of(door=kiosk.door, at=now).word == "normal"
    make_override(kiosk.site, begun_at=now)
    assert standing_of(door=back.door, at=now).lockdown == kiosk.site.name
    make_override(kiosk.site, back.door, "emergency_open", begun_at=now)
    assert standing_of(door=kiosk.door, at=now).word == "lockdown"
    assert standing_of(door=back.door, at=now).word == "emergency_open"
