"""What the withdrawal of consents would do, for whoever is asked before it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import ngettext

from attendance.models import Consent, KeptFace, Person, Template

from .permitted import permitted_people, standing_consents, valid_consents

# More people than this are counted and not named: what is asked stays readable.
MOST_NAMED = 20


@dataclass(frozen=True)
class Named:
    """Some people: how many, and the names of the first of them."""

    count: int
    first: tuple[str, ...]

    @property
    def others(self) -> str:
        """How many are not named, in words; empty where all are."""
        more = self.count - len(self.first)
        return ngettext("and %d more", "and %d more", more) % more if more else ""

    def __str__(self) -> str:
        return " ".join(filter(None, (", ".join(self.first), self.others)))


@dataclass(frozen=True)
class Withdrawal:
    """What becomes of whom when some consents are withdrawn."""

    consents: tuple[int, ...]
    """The keys of those that stand."""
    people: Named
    """Whose they are."""
    still_recognised: Named
    """Those of them who have another consent in force."""
    unchanged: Named
    """Whose consents were among the chosen, but none that stands."""
    kept_faces: int
    """Faces of enrolment pictures that are deleted."""
    templates: int
    """Templates that stay and are no longer searched."""


def withdrawal_of(*, consents: QuerySet[Consent], at: datetime) -> Withdrawal:
    """Return what happens if some consents are withdrawn at a time."""
    chosen = consents.order_by().values_list("pk", "person_id")
    standing = dict(
        standing_consents(at=at)
        .filter(pk__in=consents.order_by().values("pk"))
        .values_list("pk", "person_id")
    )
    people = set(standing.values())
    # Another consent may go on allowing what these did.
    others = valid_consents(at=at).exclude(pk__in=standing)
    stay = permitted_people(at=at).filter(
        Exists(others.filter(person=OuterRef("pk"))), pk__in=people
    )
    keeping = others.filter(person=OuterRef("person"), keeps_pictures=True)
    going = KeptFace.objects.filter(~Exists(keeping))
    return Withdrawal(
        consents=tuple(standing),
        people=_named(people),
        still_recognised=_named(stay.values_list("pk", flat=True)),
        unchanged=_named({person for _key, person in chosen} - people),
        kept_faces=going.filter(person__in=people).count(),
        templates=Template.objects.filter(person__in=people).exclude(person__in=stay).count(),
    )


def _named(keys: Iterable[UUID]) -> Named:
    keys = list(keys)
    rows = Person.objects.filter(pk__in=keys).order_by("full_name", "employee_number")
    return Named(len(keys), tuple(str(person) for person in rows[:MOST_NAMED]))
