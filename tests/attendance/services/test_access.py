"""The access policy within a check-in: asked with what the database says, written down with it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from attendance.access_choices import (
    Day,
    DoorMode,
    Effect,
    OverrideKind,
)
from attendance.choices import ReasonCode
from attendance.models import CheckIn, Kiosk, Passage, Person, Schedule
from tests.attendance.access_rows import (
    EVERY_DAY,
    change,
    lead_into,
    make_group,
    make_holiday,
    make_mode_rule,
    make_override,
    make_pass,
    make_pin,
    make_schedule,
    never,
    only,
    rule,
)
from tests.attendance.coming import comes
from tests.attendance.rows import make_kiosk, make_person

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def ada() -> Person:
    return make_person()


def outcome(check_in: CheckIn) -> tuple[bool, str, str]:
    return check_in.accepted, str(check_in.reason), check_in.rule


def test_a_new_kiosk_lets_everybody_in_and_says_by_which_rule(kiosk: Kiosk, ada: Person) -> None:
    check_in = comes(kiosk, ada)
    assert outcome(check_in) == (True, "matched", "grant: Everybody, Always")
    assert (check_in.door, check_in.factors, check_in.wanted) == (kiosk.door, "face", "")


def test_a_door_without_rules_lets_nobody_in(kiosk: Kiosk, ada: Person) -> None:
    kiosk.door.rules.all().delete()
    check_in = comes(kiosk, ada)
    assert outcome(check_in) == (False, "no_grant", "grant")
    assert check_in.person == ada


def wants(
    kiosk: Kiosk, mode: DoorMode | None, *, pin_of: Person, hours: Schedule | None = None
) -> None:
    """Have a kiosk's door ask for face and PIN, of somebody who has one."""
    make_pin(pin_of)
    if hours is not None:
        make_mode_rule(kiosk.door, hours)
    if mode is not None:
        change(kiosk.door, mode=mode)


SETTINGS: dict[str, tuple[Callable[[Kiosk, Person], object], str]] = {
    "not of the group": (lambda k, p: only(k.door, make_group()), "no_grant"),
    "out of hours": (lambda k, p: only(k.door, make_group("Staff", p), never()), "outside_hours"),
    "on a holiday": (
        lambda k, p: [
            make_holiday(k.site, timezone.now()),
            only(
                k.door,
                make_group("Staff", p),
                make_schedule("Days", "00:00", "00:00", EVERY_DAY),
            ),
        ],
        "holiday",
    ),
    "refused by a rule": (
        lambda k, p: rule(k.door, make_group("Interns", p), effect=Effect.REFUSE),
        "refused_by_rule",
    ),
    "before the first day": (
        lambda k, p: change(p, valid_from=timezone.now() + MINUTE),
        "not_yet_valid",
    ),
    "after the last day": (
        lambda k, p: change(p, valid_until=timezone.now() - MINUTE),
        "no_longer_valid",
    ),
    "a visitor without a pass": (lambda k, p: change(p, visitor=True), "no_visit"),
    "face and PIN wanted": (
        lambda k, p: wants(k, DoorMode.FACE_AND_PIN, pin_of=p),
        "factor_missing",
    ),
    "face and PIN wanted at this hour": (
        lambda k, p: wants(
            k, None, pin_of=p, hours=make_schedule("Days", "00:00", "00:00", EVERY_DAY)
        ),
        "factor_missing",
    ),
    "face and PIN wanted of somebody without one": (
        lambda k, p: change(k.door, mode=DoorMode.FACE_AND_PIN),
        "no_pin",
    ),
    "two must come": (lambda k, p: change(k.door, two_person_s=30), "second_person"),
    "nobody may be inside": (lambda k, p: lead_into(k, limit=0), "occupancy_full"),
    "lockdown of the site": (lambda k, p: make_override(k.site), "lockdown"),
    "lockdown of the door": (lambda k, p: make_override(k.site, k.door), "lockdown"),
}


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_refusal_is_stored_with_its_reason_and_the_person(
    kiosk: Kiosk, ada: Person, setting: str
) -> None:
    arrange, reason = SETTINGS[setting]
    arrange(kiosk, ada)
    check_in = comes(kiosk, ada)
    assert (check_in.accepted, check_in.reason, check_in.person) == (False, reason, ada)
    assert check_in.rule
    assert not Passage.objects.exists()


def test_somebody_of_the_group_is_let_in_during_the_hours(kiosk: Kiosk, ada: Person) -> None:
    only(kiosk.door, make_group("Staff", ada), make_schedule("Days", "00:00", "00:00", EVERY_DAY))
    assert outcome(comes(kiosk, ada)) == (True, "matched", "grant: Staff, Days")


def test_the_hours_are_the_sites_own_and_of_the_time_of_the_event(
    kiosk: Kiosk, ada: Person
) -> None:
    change(kiosk.site, time_zone="Asia/Shanghai")
    monday = datetime.fromisoformat("2026-03-02T09:59:30+00:00")
    only(
        kiosk.door,
        make_group("Staff", ada),
        make_schedule("Hours", "08:00", "18:00", (Day.MONDAY,)),
    )
    assert comes(kiosk, ada, monday).accepted
    assert comes(kiosk, ada, monday + MINUTE).reason == ReasonCode.OUTSIDE_HOURS


def test_an_emergency_opens_a_locked_door_for_whoever_is_recognised(
    kiosk: Kiosk, ada: Person
) -> None:
    kiosk.door.rules.all().delete()
    make_override(kiosk.site)
    make_override(kiosk.site, kiosk.door, OverrideKind.EMERGENCY_OPEN)
    assert outcome(comes(kiosk, ada)) == (True, "matched", f"emergency_open: {kiosk.door.name}")


def test_a_lockdown_that_ended_or_of_another_door_refuses_nobody(kiosk: Kiosk, ada: Person) -> None:
    back = make_kiosk(kiosk.site, "Back door")[0]
    make_override(kiosk.site, back.door)
    now = timezone.now()
    make_override(kiosk.site, begun_at=now - MINUTE, ended_at=now, ended_by="HR")
    assert comes(kiosk, ada).accepted


def test_an_event_that_comes_in_late_is_judged_by_the_lockdown_of_its_time(
    kiosk: Kiosk, ada: Person
) -> None:
    now = timezone.now()
    begun, ended = now - 60 * MINUTE, now - 50 * MINUTE
    make_override(kiosk.site, begun_at=begun, ended_at=ended, ended_by="HR")
    assert comes(kiosk, ada, now - 55 * MINUTE).reason == ReasonCode.LOCKDOWN
    make_override(kiosk.site)
    assert comes(kiosk, ada, now - 45 * MINUTE).accepted


class TestVisitors:
    """A pass lets a visitor into what its group may enter, and nowhere else."""

    @pytest.fixture
    def vera(self) -> Person:
        return make_person("V1", "Vera Guest", visitor=True)

    def test_everybody_does_not_mean_visitors(
        self, kiosk: Kiosk, vera: Person, ada: Person
    ) -> None:
        make_pass(vera, ada, make_group("Elsewhere"))
        assert comes(kiosk, vera).reason == ReasonCode.NO_GRANT

    def test_a_pass_opens_the_doors_of_its_group(
        self, kiosk: Kiosk, vera: Person, ada: Person
    ) -> None:
        guests = make_group("Guests")
        only(kiosk.door, guests)
        make_pass(vera, ada, guests)
        assert comes(kiosk, vera).accepted

    def test_a_pass_of_yesterday_lends_no_group(
        self, kiosk: Kiosk, vera: Person, ada: Person
    ) -> None:
        guests, now = make_group("Guests"), timezone.now()
        only(kiosk.door, guests)
        make_pass(vera, ada, guests, begins_at=now - 3 * MINUTE, ends_at=now - MINUTE)
        make_pass(vera, ada, make_group("Elsewhere"))
        assert comes(kiosk, vera).reason == ReasonCode.NO_GRANT

    def test_without_the_host_the_pass_is_worth_nothing(
        self, kiosk: Kiosk, vera: Person, ada: Person
    ) -> None:
        guests = make_group("Guests")
        only(kiosk.door, guests)
        make_pass(vera, ada, guests)
        change(ada, active=False)
        assert comes(kiosk, vera).reason == ReasonCode.HOST_INACTIVE
