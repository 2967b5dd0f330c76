"""Which lockdowns and emergency openings are in force."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Exists, OuterRef, Q, QuerySet

from attendance.access_choices import Effect, OverrideKind
from attendance.models import AccessRule, CheckIn, Door, DoorOverride, Site

StandingWord = Literal["normal", "lockdown", "emergency_open"]


@dataclass(frozen=True)
class Standing:
    """What stands over a door's rules, each by the name of what it covers; empty: nothing."""

    lockdown: str = ""
    emergency_open: str = ""
    emergency_until: datetime | None = None
    """When the emergency ends by itself."""

    @property
    def word(self) -> StandingWord:
        """Return the state as one word; emergency open beats lockdown."""
        if self.emergency_open:
            return "emergency_open"
        return "lockdown" if self.lockdown else "normal"


def in_force(at: datetime) -> Q:
    """Return the condition for rows that count at a time: begun, not ended, not run out."""
    begun = Q(begun_at__lte=at)
    not_ended = Q(ended_at=None) | Q(ended_at__gt=at)
    return begun & not_ended & (Q(until=None) | Q(until__gt=at))


def standing_of(*, door: Door, at: datetime) -> Standing:
    """Return what is in force at a door, or at the whole of its site, at a time."""
    found = (
        DoorOverride.objects.filter(in_force(at), Q(door=None) | Q(door=door), site=door.site_id)
        .select_related("site", "door")
        .order_by("-id")
    )
    names = {o.kind: o.door.name if o.door else o.site.name for o in found}
    # The site's may last longer than the door's own: the door stands open until the last one ends.
    ends = [o.until for o in found if o.until is not None]
    return Standing(**names, emergency_until=max(ends, default=None))


def locked_down(*, check_in: CheckIn, at: datetime) -> bool:
    """Say whether a lockdown keeps the door of a check-in shut, one begun after it fell as well."""
    if check_in.door is None:
        return False
    standing = standing_of(door=check_in.door, at=at)
    return bool(standing.lockdown) and not standing.emergency_open


def overrides_in_force(*, site: Site, at: datetime) -> QuerySet[DoorOverride]:
    """Return the lockdowns and emergencies of a site that count at a time, newest first."""
    return DoorOverride.objects.filter(in_force(at), site=site).select_related("site", "door__site")


def with_state(*, doors: QuerySet[Door], at: datetime) -> QuerySet[Door]:
    """Add to doors what stands over them at a time, and whether any rule lets somebody in."""
    standing = DoorOverride.objects.filter(
        in_force(at), Q(door=None) | Q(door=OuterRef("pk")), site=OuterRef("site")
    )
    grants = AccessRule.objects.filter(door=OuterRef("pk"), effect=Effect.GRANT)
    return doors.annotate(
        lockdown=Exists(standing.filter(kind=OverrideKind.LOCKDOWN)),
        emergency_open=Exists(standing.filter(kind=OverrideKind.EMERGENCY_OPEN)),
        opens_for_somebody=Exists(grants),
    )
