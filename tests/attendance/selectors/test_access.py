"""The question for the policy is gathered in few queries."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from attendance.access import DoorMode, Factor
from attendance.access_choices import AntiPassback, Direction
from attendance.models import Kiosk, Person
from attendance.selectors.access import Attempt, access_question, access_questions
from attendance.selectors.door_rules import door_now, kiosk_at_door
from attendance.selectors.overrides import standing_of
from tests.attendance.access_rows import (
    EVERY_DAY,
    change,
    lead_into,
    make_forgiveness,
    make_group,
    make_holiday,
    make_mode_rule,
    make_override,
    make_pass,
    make_passage,
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
        door_now(
            door=kiosk_at_door(kiosk_id=kiosk.pk).door, at=datetime(2026, 3, 2, hour, tzinfo=UTC)
        )
        for hour in (12, 22)
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


def test_asked_for_many_at_once_each_gets_the_question_asked_for_them_alone(
    kiosk: Kiosk, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    area = lead_into(kiosk, limit=5, anti_passback=AntiPassback.HARD)
    people = [make_person(f"E{n}", f"Person {n}") for n in range(4)]
    make_group("Staff", *people[:2])
    make_group("Night", people[0])
    now = timezone.now()
    for person, ago in ((people[0], 50), (people[1], 40), (people[2], 30)):
        make_passage(kiosk, person, at=now - timedelta(minutes=ago))
    make_forgiveness(area, people[1])
    change(people[3], valid_until=now + timedelta(days=1))
    door = kiosk_at_door(kiosk_id=kiosk.pk).door
    attempt = Attempt(Direction.IN, frozenset({Factor.FACE}), timezone.now())
    alone = {
        person: access_question(person=person, door=door, attempt=attempt, overrides_at=now)
        for person in people
    }
    with CaptureQueriesContext(connection) as few:
        together = dict(
            access_questions(people=people[:1], door=door, attempt=attempt, overrides_at=now)
        )
    with django_assert_num_queries(len(few)):
        together = dict(
            access_questions(people=people, door=door, attempt=attempt, overrides_at=now)
        )
    assert together == alone
