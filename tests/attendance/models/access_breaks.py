"""Rows of the access policy's tables that the database refuses, by the constraint they break."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from attendance.access_choices import OverrideKind
from attendance.models import Group, Holiday, Kiosk, Schedule
from attendance.services.doors import always, everybody
from tests.attendance.access_rows import (
    change,
    make_area,
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
from tests.attendance.rows import make_person, make_site

HOUR = timedelta(hours=1)


def _twice(make: Callable[[], object]) -> None:
    make()
    make()


def _pass(kiosk: Kiosk, **values: object) -> None:
    guest, host = make_person("V1", "Vera Guest", visitor=True), make_person()
    make_pass(guest, values.pop("host", host) or guest, make_group(), **values)  # type: ignore[arg-type]


def _period(**values: object) -> None:
    schedule = make_schedule()
    schedule.periods.filter(day=0).update(**values)


def _holiday_twice(kiosk: Kiosk) -> None:
    day = make_holiday(kiosk.site, timezone.now())
    Holiday.objects.create(calendar=day.calendar, date=day.date, name="Again")


def _valid_from_after_until(kiosk: Kiosk) -> None:
    now = timezone.now()
    make_person(valid_from=now, valid_until=now - HOUR)


def _mode_twice(kiosk: Kiosk) -> None:
    for _ in range(2):
        make_mode_rule(kiosk.door, always())


def _forgive(kiosk: Kiosk, **values: object) -> None:
    make_forgiveness(make_area(kiosk.site), make_person(), **values)


def _passage(kiosk: Kiosk) -> None:
    change(make_passage(kiosk, make_person()), direction="up")


def _member_twice(kiosk: Kiosk) -> None:
    person = make_person()
    make_group("Staff", person, person)


def _two_of_site(kiosk: Kiosk) -> None:
    for _ in range(2):
        make_override(kiosk.site)


ACCESS_BREAKS: dict[str, Callable[[Kiosk], object]] = {
    "schedule_one_always": lambda k: [always(), Schedule.objects.create(name="A", always=True)],
    "schedule_has_a_name": lambda k: make_schedule(""),
    "period_day_known": lambda k: _period(day=8),
    "period_once": lambda k: _period(day=1),
    "calendar_has_a_name": lambda k: change(make_holiday(k.site, timezone.now()).calendar, name=""),
    "holiday_once": _holiday_twice,
    "group_one_everybody": lambda k: [
        everybody(),
        Group.objects.create(name="All", everybody=True),
    ],
    "group_has_a_name": lambda k: make_group(""),
    "membership_once": _member_twice,
    "pass_ends_after_it_begins": lambda k: _pass(k, ends_at=timezone.now() - 2 * HOUR),
    "pass_host_is_somebody_else": lambda k: _pass(k, host=None),
    "pass_says_by_whom": lambda k: _pass(k, created_by=""),
    "area_once_per_site": lambda k: _twice(lambda: make_area(k.site)),
    "area_has_a_name": lambda k: make_area(k.site, ""),
    "area_anti_passback_known": lambda k: make_area(k.site, anti_passback="firm"),
    "area_reset_in_range": lambda k: make_area(k.site, reset_after_min=0),
    "forgiveness_says_by_whom": lambda k: _forgive(k, by=""),
    "forgiveness_says_why": lambda k: _forgive(k, why=""),
    "door_once_per_site": lambda k: k.site.doors.create(name=k.door.name),
    "door_has_a_name": lambda k: change(k.door, name=""),
    "door_mode_known": lambda k: change(k.door, mode="ask nicely"),
    "door_challenge_known": lambda k: change(k.door, challenge="dance"),
    "door_two_person_in_range": lambda k: change(k.door, two_person_s=1),
    "mode_rule_once": _mode_twice,
    "mode_rule_mode_known": lambda k: make_mode_rule(k.door, always(), "ask nicely"),
    "rule_once": lambda k: rule(k.door, everybody()),
    "rule_effect_known": lambda k: rule(k.door, make_group(), effect="perhaps"),
    "kiosk_direction_known": lambda k: change(k, direction="up"),
    "override_kind_known": lambda k: make_override(k.site, kind="party"),
    "override_one_open": _two_of_site,
    "override_ended_whole": lambda k: make_override(k.site, ended_at=timezone.now()),
    "override_emergency_has_an_end": lambda k: make_override(
        k.site, kind=OverrideKind.EMERGENCY_OPEN, until=None
    ),
    "override_says_by_whom": lambda k: make_override(k.site, begun_by=""),
    "override_says_why": lambda k: make_override(k.site, why=""),
    "passage_direction_known": _passage,
    "person_validity_ends_after_it_begins": _valid_from_after_until,
}
OTHER_SITE: dict[str, Callable[[Kiosk], object]] = {
    "door_area_of_same_site": lambda k: change(k.door, area=make_area(make_site("Annex"))),
    "kiosk_door_of_same_site": lambda k: change(k, site=make_site("Annex")),
    "override_door_of_same_site": lambda k: make_override(
        make_site("Annex"), k.door, OverrideKind.EMERGENCY_OPEN
    ),
}
