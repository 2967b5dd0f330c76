"""Reading people."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import CASCADE, Count, Exists, OuterRef, Q
from django.utils import timezone

from attendance.models import Person, VisitorPass

from .permitted import valid_consents


@dataclass(frozen=True)
class PersonRow:
    """A person with what decides whether they are recognised."""

    person: Person
    has_consent: bool
    templates: int


def people_rows(*, search: str = "") -> Iterator[PersonRow]:
    """Yield people by name, optionally those whose name or number contains a text."""
    people = Person.objects.annotate(
        template_count=Count("templates"),
        has_consent=Exists(valid_consents(at=timezone.now()).filter(person=OuterRef("pk"))),
    ).order_by("full_name", "employee_number")
    if search:
        people = people.filter(
            Q(full_name__icontains=search) | Q(employee_number__icontains=search)
        )
    for person in people.iterator(chunk_size=2000):
        yield PersonRow(person, person.has_consent, person.template_count)


@dataclass(frozen=True)
class Farewell:
    """What goes with people who are deleted, and what stands in the way."""

    rows: dict[str, int]
    """How many rows of each table go, by the table's name; tables with none are left out."""
    visits: list[VisitorPass]
    """Visits to them by others: deleted first, or given another host."""


def farewell_to(*, people: Collection[Person]) -> Farewell:
    """Return what the deletion of people takes along, counted and not fetched."""
    rows = {}
    for relation in Person._meta.related_objects:
        if getattr(relation, "on_delete", None) is CASCADE:
            model = relation.related_model
            count = model._default_manager.filter(**{f"{relation.field.name}__in": people}).count()
            if count:
                rows[str(model._meta.verbose_name_plural)] = count
    visits = VisitorPass.objects.filter(host__in=people).exclude(person__in=people)
    return Farewell(rows=rows, visits=list(visits.select_related("person", "host")))
