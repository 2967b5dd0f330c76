"""Valid rows of the access policy's tables, each with what a test does not care about filled in."""

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from attendance.access_choices import Day, Direction, DoorMode, Effect, OverrideKind
from attendance.choices import ReasonCode
from attendance.models import (
    AccessRule,
    Area,
    CheckIn,
    Door,
    DoorModeRule,
    DoorOverride,
    Forgiveness,
    Group,
    Holiday,
    HolidayCalendar,
    Kiosk,
    Membership,
    Passage,
    Person,
    Pin,
    Schedule,
    SchedulePeriod,
    Site,
    VisitorPass,
)
from attendance.services.doors import always
from tests.attendance.rows import make_check_in

EVERY_DAY = tuple(Day(n) for n in range(7))
WORKDAYS = EVERY_DAY[:5]


def make_group(name: str = "Staff", *members: Person) -> Group:
    """Create a group of some people."""
    group = Group.objects.create(name=name)
    for person in members:
        Membership.objects.create(group=group, person=person)
    return group


def make_pin(person: Person) -> Pin:
    """Give a person a PIN that nobody will type."""
    return Pin.objects.create(person=person, hash="$argon2id$", set_at=timezone.now())


def make_schedule(
    name: str = "Office hours",
    begin: str = "08:00",
    end: str = "18:00",
    days: tuple[Day, ...] = WORKDAYS,
    **values: Any,
) -> Schedule:
    """Create a schedule of the same hours on some days of the week."""
    schedule = Schedule.objects.create(name=name, **values)
    for day in days:
        SchedulePeriod.objects.create(
            schedule=schedule,
            day=day,
            begin=time.fromisoformat(begin),
            end=time.fromisoformat(end),
        )
    return schedule


def never() -> Schedule:
    """Create a schedule that holds at no time."""
    return make_schedule("Never", days=())


def only(door: Door, group: Group, schedule: Schedule | None = None) -> AccessRule:
    """Have one rule alone decide who may enter a door."""
    door.rules.all().delete()
    return rule(door, group, schedule)


def rule(
    door: Door, group: Group, schedule: Schedule | None = None, effect: str = Effect.GRANT
) -> AccessRule:
    """Add a rule to a door; at any time unless told otherwise."""
    return AccessRule.objects.create(
        door=door, group=group, schedule=schedule or always(), effect=effect
    )


def change(row: Any, **values: Any) -> None:
    """Change a row, in the database and at hand."""
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


def make_area(site: Site, name: str = "Hall", **values: Any) -> Area:
    """Create an area."""
    return Area.objects.create(site=site, name=name, **values)


def lead_into(kiosk: Kiosk, **values: Any) -> Area:
    """Have a kiosk's door lead into a new area."""
    area = make_area(kiosk.site, **values)
    change(kiosk.door, area=area)
    return area


def make_mode_rule(
    door: Door, schedule: Schedule, mode: str = DoorMode.FACE_AND_PIN
) -> DoorModeRule:
    """Have a door ask for something else at certain hours."""
    return DoorModeRule.objects.create(door=door, schedule=schedule, mode=mode)


def make_override(
    site: Site, door: Door | None = None, kind: str = OverrideKind.LOCKDOWN, **values: Any
) -> DoorOverride:
    """Begin a lockdown, or an emergency that lasts for an hour."""
    begun = values.get("begun_at", timezone.now())
    ends = {"until": begun + timedelta(hours=1)} if kind == OverrideKind.EMERGENCY_OPEN else {}
    return DoorOverride.objects.create(
        **({"begun_by": "HR", "why": "a test", "begun_at": begun} | ends | values),
        kind=kind,
        site=site,
        door=door,
    )


def make_pass(person: Person, host: Person, group: Group, **values: Any) -> VisitorPass:
    """Create a pass from an hour ago to in an hour."""
    now = timezone.now()
    return VisitorPass.objects.create(
        **{
            "person": person,
            "host": host,
            "group": group,
            "begins_at": now - timedelta(hours=1),
            "ends_at": now + timedelta(hours=1),
            "created_by": "HR",
            **values,
        }
    )


def make_holiday(site: Site, day: datetime, **values: Any) -> Holiday:
    """Make a day a holiday of a site."""
    calendar = site.holidays or HolidayCalendar.objects.create(name=f"Holidays of {site.name}")
    change(site, holidays=calendar)
    return Holiday.objects.create(calendar=calendar, date=day.date(), name="Day off", **values)


def make_passage(
    kiosk: Kiosk, person: Person, at: datetime | None = None, direction: str = Direction.IN
) -> Passage:
    """Have a person go through a kiosk's door."""
    at = at or timezone.now()
    return Passage.objects.create(
        check_in=make_check_in(kiosk, person, at),
        person=person,
        door=kiosk.door,
        area=kiosk.door.area,
        direction=direction,
        happened_at=at,
    )


def make_forgiveness(area: Area, person: Person, **values: Any) -> Forgiveness:
    """Forgive a person."""
    return Forgiveness.objects.create(
        **{"area": area, "person": person, "by": "guard", "why": "went out by the gate", **values}
    )


def make_wait(kiosk: Kiosk, person: Person, at: datetime | None = None) -> CheckIn:
    """Have a person wait for a second one."""
    return make_check_in(
        kiosk,
        person,
        at,
        door=kiosk.door,
        accepted=False,
        reason=ReasonCode.SECOND_PERSON,
        best_distance=0.3,
    )
