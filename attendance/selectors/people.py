"""Reading people."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from attendance.models import Person

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
