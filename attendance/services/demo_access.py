"""Something to look at in the demonstration: hours, groups, a holiday, an area and more doors.

The demo kiosk's own door stays as it is, open to everybody at any time.
"""

from datetime import date, time, timedelta

from django.db import transaction
from django.utils import timezone

from attendance.access_choices import AntiPassback, Day, DoorMode, Effect
from attendance.models import (
    AccessRule,
    Area,
    Door,
    DoorModeRule,
    Group,
    Holiday,
    HolidayCalendar,
    Membership,
    Person,
    Schedule,
    SchedulePeriod,
    Site,
    VisitorPass,
)

from .doors import always

WORKDAYS = (Day.MONDAY, Day.TUESDAY, Day.WEDNESDAY, Day.THURSDAY, Day.FRIDAY)
# Days off in many places; a company writes its own.
HOLIDAYS = (("New Year", 1, 1), ("Labour Day", 5, 1), ("Christmas Day", 12, 25))


def make_demo_access(*, site: Site) -> bool:
    """Create what the demonstration shows; return False where it is there already."""
    if Door.objects.filter(site=site, name="Server room").exists():
        return False
    with transaction.atomic():
        office = _schedule("Office hours", WORKDAYS, time(7, 30), time(18, 30))
        nights = _schedule("Cleaners' nights", WORKDAYS, time(22), time(4))
        _calendar(site)
        people = list(Person.objects.filter(visitor=False).order_by("employee_number"))
        staff = _group("Staff", people)
        keepers = _group("Server keepers", people[:2])
        cleaners = _group("Cleaners", people[-1:])
        guests = _group("Guests", [])
        area = Area.objects.create(
            site=site, name="Server room", limit=4, anti_passback=AntiPassback.SOFT
        )
        office_door = Door.objects.create(site=site, name="Office")
        for group, schedule in ((staff, office), (cleaners, nights), (guests, office)):
            _grant(office_door, group, schedule)
        server_room = Door.objects.create(
            site=site, name="Server room", area=area, mode=DoorMode.FACE_AND_PIN
        )
        _grant(server_room, keepers, always())
        DoorModeRule.objects.create(door=server_room, schedule=office, mode=DoorMode.FACE)
        _visitor(guests, people)
    return True


def _schedule(name: str, days: tuple[Day, ...], begin: time, end: time) -> Schedule:
    schedule = Schedule.objects.create(name=name)
    SchedulePeriod.objects.bulk_create(
        SchedulePeriod(schedule=schedule, day=day, begin=begin, end=end) for day in days
    )
    return schedule


def _calendar(site: Site) -> None:
    calendar = HolidayCalendar.objects.create(name="Public holidays")
    year = timezone.now().year
    for name, month, day in HOLIDAYS:
        Holiday.objects.create(
            calendar=calendar, name=name, date=date(year, month, day), every_year=True
        )
    site.holidays = calendar
    site.save(update_fields=["holidays"])


def _group(name: str, people: list[Person]) -> Group:
    group = Group.objects.create(name=name)
    Membership.objects.bulk_create(Membership(group=group, person=person) for person in people)
    return group


def _grant(door: Door, group: Group, schedule: Schedule) -> None:
    AccessRule.objects.create(door=door, group=group, schedule=schedule, effect=Effect.GRANT)


def _visitor(group: Group, hosts: list[Person]) -> None:
    if not hosts:
        return
    visitor = Person.objects.create(
        employee_number="GUEST-1", full_name="Guest of the demo", visitor=True
    )
    now = timezone.now()
    VisitorPass.objects.create(
        person=visitor,
        host=hosts[0],
        group=group,
        begins_at=now,
        ends_at=now + timedelta(days=1),
        created_by="demo",
    )
