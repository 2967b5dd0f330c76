"""Who is inside an area, from the events alone: passages, and what a guard forgave."""

import uuid
from datetime import datetime, timedelta

from django.db.models import (
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from attendance import access
from attendance.access_choices import AntiPassback, Direction
from attendance.models import Area, Forgiveness, Passage, Person


def people_inside(*, area: Area, at: datetime) -> QuerySet[Person]:
    """Return the people whose last way through a door of the area led in.

    Whoever entered longer ago than the area's reset, or was forgiven since, is taken to have left.
    """
    return Person.objects.filter(pk__in=_entries(at).filter(area=area).values("person"))


def with_count_inside(*, areas: QuerySet[Area], at: datetime) -> QuerySet[Area]:
    """Add to areas how many people are in each, as ``people_inside`` has it, in the same query."""
    counted = (
        _entries(at)
        .filter(area=OuterRef("pk"))
        .order_by()
        .values("area")
        .annotate(n=Count("person", distinct=True))
    )
    return areas.annotate(count_inside=Coalesce(Subquery(counted.values("n")), 0))


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
        inside = _entries(at).filter(counts, area=area).exclude(person=person)
        others = inside.values("person").count()
    return _facts(area, last=last, forgiven_at=forgiven.at if forgiven else None, others=others)


class EverybodysArea:
    """What the policy needs to know of an area for each of many people, in three queries."""

    def __init__(self, *, area: Area, at: datetime) -> None:
        self._area = area
        self._last: dict[uuid.UUID, Passage] = {}
        self._forgiven: dict[uuid.UUID, datetime] = {}
        self._inside: set[uuid.UUID] = set()
        if area.anti_passback != AntiPassback.OFF:
            newest = Passage.objects.filter(area=area).order_by("person_id", "-happened_at", "-pk")
            self._last = {row.person_id: row for row in newest.distinct("person_id")}
            pardons = Forgiveness.objects.filter(area=area, at__lte=at).order_by()
            self._forgiven = dict(pardons.values_list("person").annotate(Max("at")))
        if area.limit is not None:
            self._inside = set(_entries(at).filter(area=area).values_list("person", flat=True))

    def facts(self, person: Person) -> access.AreaFacts:
        """Return them for one person, as ``area_facts`` does."""
        return _facts(
            self._area,
            last=self._last.get(person.pk),
            forgiven_at=self._forgiven.get(person.pk),
            others=len(self._inside) - (person.pk in self._inside),
        )


def _facts(
    area: Area, *, last: Passage | None, forgiven_at: datetime | None, others: int
) -> access.AreaFacts:
    return access.AreaFacts(
        name=area.name,
        anti_passback=access.AntiPassback(area.anti_passback),
        reset_after=timedelta(minutes=area.reset_after_min) if area.reset_after_min else None,
        limit=area.limit,
        others_inside=others,
        last=access.Passage(access.Direction(last.direction), last.happened_at) if last else None,
        forgiven_at=forgiven_at,
    )


def _entries(at: datetime) -> QuerySet[Passage]:
    """Return the entries after which nothing came, one for each person inside an area."""
    later = Passage.objects.filter(area=OuterRef("area"), person=OuterRef("person")).filter(
        Q(happened_at__gt=OuterRef("happened_at"))
        | Q(happened_at=OuterRef("happened_at"), pk__gt=OuterRef("pk"))
    )
    forgiven = Forgiveness.objects.filter(
        area=OuterRef("area"), person=OuterRef("person"), at__gte=OuterRef("happened_at")
    )
    stays = ExpressionWrapper(
        F("area__reset_after_min") * Value(timedelta(minutes=1)), output_field=DurationField()
    )
    fresh = Q(area__reset_after_min=None) | Q(happened_at__gt=Value(at) - stays)
    return Passage.objects.filter(~Exists(later), ~Exists(forgiven), fresh, direction=Direction.IN)
