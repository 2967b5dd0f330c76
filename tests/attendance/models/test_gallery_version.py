"""The number that tells every worker that its gallery is old."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone

from attendance.models import Consent, GalleryState, MatchPolicy, Person, Template
from tests.attendance.rows import (
    make_capture,
    make_check_in,
    make_consent,
    make_kiosk,
    make_person,
    make_site,
    make_staff,
    make_template,
    new_policy,
)

pytestmark = pytest.mark.django_db


def version() -> int:
    return GalleryState.objects.get().version


def raw(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


CHANGES: dict[str, Callable[[Person], object]] = {
    "a person is created": lambda p: make_person("E2", consent=False),
    "a person is renamed": lambda p: p.save(),
    "people are switched off by one statement": lambda p: Person.objects.update(active=False),
    "a person is deleted": lambda p: p.delete(),
    "a person is changed by plain SQL": lambda p: raw(
        "UPDATE attendance_person SET active = false"
    ),
    "a consent is given": make_consent,
    "a consent is withdrawn": lambda p: Consent.objects.update(withdrawn_at=timezone.now()),
    "a consent is deleted by plain SQL": lambda p: raw("DELETE FROM attendance_consent"),
    "a template is made": make_template,
    "templates are made in bulk": lambda p: Template.objects.bulk_create([made_of(p)]),
    "templates are deleted": lambda p: p.templates.all().delete(),
    "a template is changed by plain SQL": lambda p: raw(
        "UPDATE attendance_template SET quality = 0"
    ),
    "a policy is added": lambda p: new_policy(threshold=0.4),
    "a policy is changed by plain SQL": lambda p: raw(
        "UPDATE attendance_matchpolicy SET threshold = 0.3"
    ),
}


def made_of(person: Person) -> Template:
    template = make_template(person)
    template.delete()
    return template


@pytest.mark.parametrize("change", CHANGES)
def test_it_rises_when(change: str) -> None:
    person = make_person()
    make_template(person)
    before = version()
    CHANGES[change](person)
    assert version() > before


@pytest.mark.django_db(transaction=True)
def test_it_rises_when_a_table_is_emptied_at_once() -> None:
    make_template(make_person())
    before = version()
    raw("TRUNCATE attendance_template")
    assert version() > before


def test_it_stays_when_anything_else_changes() -> None:
    person = make_person()
    before = version()
    kiosk, _token = make_kiosk(make_site())
    make_capture(kiosk)
    make_check_in(kiosk, person)
    make_staff()
    assert version() == before


def test_a_new_installation_has_a_version_and_a_policy() -> None:
    assert version() >= 1
    assert MatchPolicy.objects.get().created_by == "Lintel"
