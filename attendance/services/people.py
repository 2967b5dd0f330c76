"""People and their consent: create, change, switch off, forget."""

import unicodedata
import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from attendance.errors import NoSuchPerson
from attendance.models import Consent, KeptFace, Person, Template
from attendance.selectors.engines import installed_id
from attendance.selectors.permitted import standing_consents, valid_consents

from .kept_faces import forget_faces
from .policies import current_policy


def create_person(
    *, full_name: str, employee_number: str, preferred_name: str = "", active: bool = True
) -> Person:
    """Create a person; raise ValidationError where a value is refused."""
    person = Person(
        full_name=full_name,
        employee_number=employee_number,
        preferred_name=preferred_name,
        active=active,
    )
    person.full_clean()
    person.save(force_insert=True)
    return person


def change_person(
    *,
    person: Person,
    full_name: str | None = None,
    employee_number: str | None = None,
    preferred_name: str | None = None,
    active: bool | None = None,
) -> Person:
    """Change what is given, leave the rest; raise ValidationError where a value is refused."""
    changes = {
        "full_name": full_name,
        "employee_number": employee_number,
        "preferred_name": preferred_name,
        "active": active,
    }
    for field, value in changes.items():
        if value is not None:
            setattr(person, field, value)
    person.full_clean()
    person.save()
    return person


def delete_person(*, person: Person) -> None:
    """Forget a person: templates and consents go, check-ins stay without the name."""
    person.delete()


def delete_templates(*, person: Person, template_id: uuid.UUID | None = None) -> int:
    """Delete one template of a person, or all; return how many."""
    templates = Template.objects.filter(person=person)
    if template_id is not None:
        templates = templates.filter(pk=template_id)
    return forget_templates(templates=templates)


def forget_templates(*, templates: QuerySet[Template]) -> int:
    """Delete templates, and the kept faces that would bring them back; return how many templates.

    A face goes with its template of the engine in force, and with its last one. So templates of
    older versions and other engines can be cleared away, and the faces stay.
    """
    in_force = installed_id(current_policy().engine_name)
    rows = list(templates.values_list("pk", "person_id"))
    same = {"person": OuterRef("person"), "picture_digest": OuterRef("picture_digest")}
    deciding = Template.objects.filter(
        pk__in=[pk for pk, _person in rows],
        engine_name=in_force.name,
        engine_version=in_force.version,
        **same,
    )
    kept = KeptFace.objects.filter(person__in={person for _pk, person in rows})
    with transaction.atomic():
        faces = list(kept.filter(Exists(deciding)).values_list("pk", flat=True))
        Template.objects.filter(pk__in=[pk for pk, _person in rows]).delete()
        kept.filter(Q(pk__in=faces) | ~Exists(Template.objects.filter(**same))).delete()
    return len(rows)


def record_consent(
    *,
    person: Person,
    recorded_by: str,
    until: datetime | None = None,
    keeps_pictures: bool = False,
) -> Consent:
    """Record that a person agreed; a consent in force that says the same is kept as it is.

    One that allows pictures to be kept says more than one that does not.
    """
    now = timezone.now()
    standing = valid_consents(at=now).filter(person=person, until=until)
    if keeps_pictures:
        standing = standing.filter(keeps_pictures=True)
    consent = standing.first()
    if consent is None:
        consent = Consent(
            person=person,
            given_at=now,
            recorded_by=recorded_by,
            until=until,
            keeps_pictures=keeps_pictures,
        )
        consent.full_clean()
        consent.save()
    return consent


def withdraw_consent(*, person: Person) -> int:
    """Withdraw every consent of a person that still stands; return how many."""
    return withdraw_consents(consents=Consent.objects.filter(person=person))


def withdraw_consents(*, consents: QuerySet[Consent]) -> int:
    """Withdraw those of some consents that still stand, or will; return how many.

    One that begins later is withdrawn as of its beginning, so that it never counts. Faces that were
    kept go at once.
    """
    now = timezone.now()
    standing = standing_consents(at=now).filter(pk__in=consents.values("pk"))
    count = standing.update(withdrawn_at=Greatest("given_at", Value(now)))
    forget_faces(at=timezone.now())
    return count


def find_person(*, who: str) -> Person:
    """Return the person with this employee number, or else this full name.

    Raises NoSuchPerson for nobody, and for a name that several people share.
    """
    who = unicodedata.normalize("NFC", who)
    by_number = Person.objects.filter(employee_number=who).first()
    if by_number is not None:
        return by_number
    named = list(Person.objects.filter(Q(full_name__iexact=who))[:2])
    if len(named) == 1:
        return named[0]
    if named:
        raise NoSuchPerson(f"Several people are named “{who}”. Use the employee number.")
    raise NoSuchPerson(f"Nobody has the employee number or name “{who}”.")
