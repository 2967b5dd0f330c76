"""Reading what the live page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Min, QuerySet

from attendance.models import CheckIn, DoorEvent, DoorOverride, Kiosk, Person, Site

from .let_in import let_in, shut_out
from .overrides import overrides_in_force

# A kiosk says hello every ten seconds; twice missed counts as gone.
KIOSK_GONE_AFTER = timedelta(seconds=25)


@dataclass(frozen=True)
class KioskRow:
    """A kiosk and whether it is there."""

    kiosk: Kiosk
    online: bool


@dataclass(frozen=True)
class Summary:
    """The numbers and lists beside the stream of check-ins."""

    present: Sequence[Person]
    accepted: int
    refused: int
    kiosks: Sequence[KioskRow]
    door_events: Sequence[DoorEvent]
    overrides: Sequence[DoorOverride]
    """Lockdowns and emergencies in force."""


def day_bounds(*, site: Site, at: datetime) -> tuple[datetime, datetime]:
    """Return the beginning and the end of the site's day that a time lies in."""
    today = at.astimezone(site.zone).date()
    begin = datetime.combine(today, time.min, tzinfo=site.zone)
    return begin, datetime.combine(today + timedelta(days=1), time.min, tzinfo=site.zone)


def site_check_ins(*, site: Site) -> QuerySet[CheckIn]:
    """Return a site's check-ins with what a line of the page needs, newest first."""
    return CheckIn.objects.filter(capture__kiosk__site=site).select_related(
        "person", "capture__kiosk"
    )


def check_ins_today(*, site: Site, at: datetime, limit: int = 200) -> list[CheckIn]:
    """Return the newest check-ins of the site's day, without repeats, newest first."""
    begin, end = day_bounds(site=site, at=at)
    rows = site_check_ins(site=site).filter(
        happened_at__gte=begin, happened_at__lt=end, repeat_of=None
    )
    return list(rows.order_by("-id")[:limit])


def check_ins_after(*, site: Site, last_id: int, limit: int = 100) -> list[CheckIn]:
    """Return the check-ins that came after one, oldest first, without repeats."""
    rows = site_check_ins(site=site).filter(id__gt=last_id, repeat_of=None)
    return list(rows.order_by("id")[:limit])


def newest_check_in_id() -> int:
    """Return the number of the newest check-in, 0 before the first."""
    return CheckIn.objects.values_list("id", flat=True).order_by("-id").first() or 0


def live_summary(*, site: Site, at: datetime) -> Summary:
    """Return who is present, how many were let in or refused, and the kiosks."""
    begin, end = day_bounds(site=site, at=at)
    today = CheckIn.objects.filter(
        capture__kiosk__site=site,
        happened_at__gte=begin,
        happened_at__lt=end,
        repeat_of=None,
    )
    present = (
        Person.objects.filter(check_ins__in=today.filter(let_in()))
        .annotate(first_in=Min("check_ins__happened_at"))
        .order_by("first_in")
    )
    kiosks = [
        KioskRow(kiosk, _seen_lately(kiosk, at))
        for kiosk in Kiosk.objects.filter(site=site, active=True)
    ]
    return Summary(
        present=list(present),
        accepted=today.filter(let_in()).count(),
        refused=today.filter(shut_out()).count(),
        kiosks=kiosks,
        door_events=door_events_today(site=site, at=at),
        overrides=list(overrides_in_force(site=site, at=at)),
    )


def door_events_today(*, site: Site, at: datetime, limit: int = 8) -> list[DoorEvent]:
    """Return the newest events of the site's doors of its day, newest first."""
    begin, end = day_bounds(site=site, at=at)
    rows = DoorEvent.objects.filter(
        kiosk__site=site, happened_at__gte=begin, happened_at__lt=end
    ).select_related("kiosk")
    return list(rows.order_by("-happened_at")[:limit])


def _seen_lately(kiosk: Kiosk, at: datetime) -> bool:
    return kiosk.last_seen_at is not None and at - kiosk.last_seen_at < KIOSK_GONE_AFTER
