"""One site's attendance on one date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Count, Max, Min, Q

from attendance.choices import ReasonCode
from attendance.models import CheckIn, Person, Site

from .let_in import let_in, shut_out


@dataclass(frozen=True)
class PersonDay:
    """One person's first and last check-in of a day, in the site's time."""

    person: Person
    first_in: datetime
    last_out: datetime | None
    check_ins: int

    @property
    def between(self) -> timedelta | None:
        """Return the time from first to last check-in, None where there was only one."""
        if self.last_out is None:
            return None
        # In UTC: two times of one zone are subtracted by the clock on the wall, which is an hour
        # off on a day when that clock is changed.
        return self.last_out.astimezone(UTC) - self.first_in.astimezone(UTC)

    @property
    def hours(self) -> str:
        """Return the time between as hours and minutes, empty where there is none."""
        if self.between is None:
            return ""
        minutes = int(self.between.total_seconds()) // 60
        return f"{minutes // 60}:{minutes % 60:02d}"


@dataclass(frozen=True)
class RefusedCount:
    """How often a reason was given."""

    reason: ReasonCode
    count: int


@dataclass(frozen=True)
class AttendanceDay:
    """Everything the nightly report says."""

    site: Site
    date: date
    complete: bool
    people: Sequence[PersonDay]
    refused: Sequence[RefusedCount]

    @property
    def refused_total(self) -> int:
        """Return how many attempts were refused."""
        return sum(row.count for row in self.refused)


def attendance_day(*, site: Site, on: date, now: datetime) -> AttendanceDay:
    """Return who came on a date of the site's own calendar, and what was refused, as of now.

    The day runs from midnight to midnight in the site's zone; it has 23 or 25 hours where the
    clock changes.
    """
    begin = datetime.combine(on, time.min, tzinfo=site.zone)
    end = datetime.combine(on + timedelta(days=1), time.min, tzinfo=site.zone)
    inside = Q(
        check_ins__happened_at__gte=begin,
        check_ins__happened_at__lt=end,
        check_ins__repeat_of=None,
        check_ins__capture__kiosk__site=site,
    ) & let_in("check_ins__")
    people = (
        Person.objects.filter(inside)
        .annotate(
            first_in=Min("check_ins__happened_at", filter=inside),
            last_out=Max("check_ins__happened_at", filter=inside),
            times=Count("check_ins", filter=inside),
        )
        .order_by("full_name", "employee_number")
    )
    refused = (
        CheckIn.objects.filter(
            shut_out(),
            happened_at__gte=begin,
            happened_at__lt=end,
            capture__kiosk__site=site,
        )
        .values_list("reason")
        .annotate(count=Count("id"))
        .order_by("-count", "reason")
    )
    return AttendanceDay(
        site=site,
        date=on,
        complete=now >= end,
        people=[_person_day(person, site) for person in people],
        refused=[RefusedCount(ReasonCode(reason), count) for reason, count in refused],
    )


def _person_day(person: Person, site: Site) -> PersonDay:
    first: datetime = person.first_in.astimezone(site.zone)  # type: ignore[attr-defined]
    last: datetime = person.last_out.astimezone(site.zone)  # type: ignore[attr-defined]
    times: int = person.times  # type: ignore[attr-defined]
    return PersonDay(person, first, last if times > 1 else None, times)
