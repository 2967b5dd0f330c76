"""Who is inside an area, from the events alone: passages, and what a guard forgave."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from attendance import access
from attendance.access_choices import AntiPassback, Direction
from attendance.models import Area, Forgiveness, Passage, Person


def people_inside(*, area: Area, at: datetime) -> QuerySet[Person]:
    """Return the people whose last way through a door of the area led in.

    Whoever entered longer ago than the area's reset, or was forgiven since, is taken to have left.
    """
    return Person.objects.filter(pk__in=_entries(area, at).values("person"))


def area_facts(
    *, area: Area, person: Person, at: datetime, until: datetime | None
) -> access.AreaFacts:
    """Return what the policy needs to know of an area and somebody at its door.

    ``until`` leaves out what happened later, for a question about the past; None: whatever is
    written counts, so that of two kiosks at once the second sees the first.
    """
    counts = Q(happened_at__lte=until) if until else Q()
    last = forgiven = None
    if area.anti_passback != AntiPassback.OFF:
        last = Passage.objects.filter(counts, area=area, person=person).first()
        pardon = Forgiveness.objects.filter(area=area, person=person)
        forgiven = pardon.filter(at__lte=until or at).order_by("-at").first()
    others = 0
    if area.limit is not None:
        others = _entries(area, at).filter(counts).exclude(person=person).values("person").count()
    return access.AreaFacts(
        name=area.name,
        anti_passback=access.AntiPassback(area.anti_passback),
        reset_after=_reset_after(area),
        limit=area.limit,
        others_inside=others,
        last=access.Passage(access.Direction(last.direction), last.happened_at) if last else None,
        forgiven_at=forgiven.at if forgiven else None,
    )


def _entries(area: Area, at: datetime) -> QuerySet[Passage]:
    """Return the entries after which nothing came, one for each person inside."""
    later = Passage.objects.filter(area=area, person=OuterRef("person")).filter(
        Q(happened_at__gt=OuterRef("happened_at"))
        | Q(happened_at=OuterRef("happened_at"), pk__gt=OuterRef("pk"))
    )
    forgiven = Forgiveness.objects.filter(
        area=area, person=OuterRef("person"), at__gte=OuterRef("happened_at")
    )
    entries = Passage.objects.filter(
        ~Exists(later), ~Exists(forgiven), area=area, direction=Direction.IN
    )
    reset = _reset_after(area)
    return entries.filter(happened_at__gt=at - reset) if reset else entries


def _reset_after(area: Area) -> timedelta | None:
    return timedelta(minutes=area.reset_after_min) if area.reset_after_min else None
