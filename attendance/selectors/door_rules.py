"""The rules of a door, its hours and its site's holidays, as plain values."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from attendance import access
from attendance.models import (
    AccessRule,
    Door,
    DoorModeRule,
    Holiday,
    Kiosk,
    Schedule,
    SchedulePeriod,
    Site,
)

from .overrides import Standing, StandingWord, standing_of

EVERYBODY = "everybody"
"""The group of all people but visitors; other groups are known by their number."""


@dataclass(frozen=True)
class DoorNow:
    """What a kiosk is told about its door."""

    name: str
    mode: access.DoorMode
    state: StandingWord
    emergency_until: datetime | None
    """With the state emergency_open: when that ends by itself."""


def door_now(*, door: Door, at: datetime) -> DoorNow:
    """Return what a door asks for at a time, and whether a state stands over it.

    Asked by every kiosk every few seconds, so it reads no more of the door's rules than that takes.
    """
    standing = standing_of(door=door, at=at)
    modes = _mode_rows(door)
    facts = access.DoorFacts(
        name=door.name,
        mode=access.DoorMode(door.mode),
        mode_rules=_mode_rules(modes, _schedules(row.schedule for row in modes)),
    )
    holidays = site_holidays(site=door.site) if modes else access.Holidays()
    mode = access.mode_in_force(facts, at.astimezone(door.site.zone), holidays)
    return DoorNow(door.name, mode, standing.word, standing.emergency_until)


def kiosk_at_door(*, kiosk_id: int) -> Kiosk:
    """Return a kiosk with its door, the area behind it, and its site, in one query."""
    return Kiosk.objects.select_related("site", "door__site", "door__area").get(pk=kiosk_id)


def door_facts(*, door: Door, standing: Standing) -> access.DoorFacts:
    """Return a door as the policy sees it, in at most three queries."""
    rules = list(AccessRule.objects.filter(door=door).select_related("group", "schedule"))
    modes = _mode_rows(door)
    schedules = _schedules([*(row.schedule for row in rules), *(row.schedule for row in modes)])
    return access.DoorFacts(
        name=door.name,
        mode=access.DoorMode(door.mode),
        mode_rules=_mode_rules(modes, schedules),
        rules=tuple(
            access.AccessRule(
                name=f"{row.group.name}, {row.schedule.name}",
                group=EVERYBODY if row.group.everybody else str(row.group_id),
                schedule=schedules[row.schedule_id],
                effect=access.Effect(row.effect),
            )
            for row in rules
        ),
        challenge=access.ChallengeRule(door.challenge),
        two_person_within=timedelta(seconds=door.two_person_s) if door.two_person_s else None,
        lockdown=standing.lockdown,
        emergency_open=standing.emergency_open,
    )


def site_holidays(*, site: Site) -> access.Holidays:
    """Return a site's holidays; without a calendar, without a query."""
    if site.holidays_id is None:
        return access.Holidays()
    days = list(Holiday.objects.filter(calendar=site.holidays_id).values_list("date", "every_year"))
    return access.Holidays(
        dates=frozenset(date for date, _ in days),
        yearly=frozenset((date.month, date.day) for date, yearly in days if yearly),
    )


def _mode_rows(door: Door) -> list[DoorModeRule]:
    return list(DoorModeRule.objects.filter(door=door).select_related("schedule"))


def _mode_rules(
    rows: Iterable[DoorModeRule], schedules: Mapping[int, access.Schedule]
) -> tuple[access.ModeRule, ...]:
    return tuple(
        access.ModeRule(schedules[row.schedule_id], access.DoorMode(row.mode)) for row in rows
    )


def _schedules(rows: Iterable[Schedule]) -> dict[int, access.Schedule]:
    known = {row.pk: row for row in rows}
    weekly = [key for key, row in known.items() if not row.always]
    periods: defaultdict[int, list[access.WeeklyPeriod]] = defaultdict(list)
    if weekly:
        for row in SchedulePeriod.objects.filter(schedule__in=weekly):
            period = access.WeeklyPeriod(access.Day(row.day), row.begin, row.end)
            periods[row.schedule_id].append(period)
    return {
        key: access.ALWAYS
        if row.always
        else access.Schedule(row.name, tuple(periods[key]), row.minds_holidays)
        for key, row in known.items()
    }
