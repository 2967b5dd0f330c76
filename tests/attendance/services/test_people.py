from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from attendance.errors import NoSuchPerson
from attendance.models import Consent, Kiosk, Person, Template
from attendance.selectors.permitted import permitted_people
from attendance.services.people import (
    change_person,
    create_person,
    delete_person,
    delete_templates,
    find_person,
    record_consent,
    withdraw_consent,
)
from tests.attendance.rows import make_check_in, make_consent, make_person, make_template

pytestmark = pytest.mark.django_db


def permitted(person: Person) -> bool:
    return permitted_people(at=timezone.now()).filter(pk=person.pk).exists()


def test_it_creates_a_person() -> None:
    person = create_person(full_name="王小明", employee_number="E1", preferred_name="小明")
    assert person.display_name == "小明"
    assert str(person) == "王小明 (E1)"


def test_a_number_is_given_once() -> None:
    create_person(full_name="Ada", employee_number="E1")
    with pytest.raises(ValidationError):
        create_person(full_name="Ben", employee_number="E1")


@pytest.mark.parametrize("name", ["", " ", "Ada\n", "x" * 201])
def test_it_refuses_a_name_that_is_no_name(name: str) -> None:
    with pytest.raises(ValidationError):
        create_person(full_name=name, employee_number="E1")
    assert not Person.objects.exists()


def test_it_changes_what_is_given_and_leaves_the_rest() -> None:
    person = make_person("E1", "Ada", preferred_name="A")
    change_person(person=person, full_name="Ada L")
    person.refresh_from_db()
    assert (person.full_name, person.employee_number, person.preferred_name) == ("Ada L", "E1", "A")
    assert person.active
    change_person(person=person, active=False, preferred_name="")
    person.refresh_from_db()
    assert (person.active, person.display_name) == (False, "Ada L")


def test_it_forgets_a_person_and_keeps_the_count(kiosk: Kiosk) -> None:
    person = make_person()
    make_template(person)
    check_in = make_check_in(kiosk, person)
    delete_person(person=person)
    check_in.refresh_from_db()
    assert check_in.person is None
    assert not Template.objects.exists()


def test_it_deletes_one_template_or_all() -> None:
    ada, ben = make_person("E1"), make_person("E2", "Ben")
    first = make_template(ada)
    for person in (ada, ada, ben):
        make_template(person)
    assert delete_templates(person=ada, template_id=first.pk) == 1
    assert delete_templates(person=ben, template_id=ada.templates.all()[0].pk) == 0
    assert delete_templates(person=ada) == 2
    assert Template.objects.get().person == ben


def test_a_consent_in_force_is_not_recorded_twice() -> None:
    person = make_person(consent=False)
    assert record_consent(person=person, recorded_by="HR") == record_consent(
        person=person, recorded_by="somebody else"
    )
    assert permitted(person)


def test_a_consent_with_another_end_is_recorded() -> None:
    person = make_person()
    record_consent(person=person, recorded_by="HR", until=timezone.now() + timedelta(days=1))
    assert person.consents.count() == 2


def test_after_a_withdrawal_a_consent_is_recorded_anew() -> None:
    person = make_person()
    assert withdraw_consent(person=person) == 1
    assert not permitted(person)
    record_consent(person=person, recorded_by="HR")
    assert permitted(person)
    assert person.consents.count() == 2


def test_a_withdrawal_ends_every_consent_and_keeps_the_ones_withdrawn_before() -> None:
    person = make_person()
    withdraw_consent(person=person)
    first = Consent.objects.get().withdrawn_at
    make_consent(person)
    make_consent(person, until=timezone.now() + timedelta(days=1))
    assert withdraw_consent(person=person) == 2
    assert Consent.objects.earliest("id").withdrawn_at == first
    assert not permitted(person)


def test_a_withdrawal_ends_a_consent_that_has_not_begun() -> None:
    person = make_person(consent=False)
    begins = timezone.now() + timedelta(days=1)
    make_consent(person, given_at=begins)
    assert withdraw_consent(person=person) == 1
    assert not permitted_people(at=begins + timedelta(days=1)).exists()


def test_a_withdrawal_ends_a_consent_whose_withdrawal_was_set_for_later() -> None:
    person = make_person(consent=False)
    make_consent(person, withdrawn_at=timezone.now() + timedelta(days=1))
    assert withdraw_consent(person=person) == 1
    assert not permitted(person)


def test_a_person_is_found_by_number_before_name() -> None:
    ada = make_person("E1", "Ada")
    make_person("E2", "E1")
    assert find_person(who="E1") == ada
    assert find_person(who="aDA") == ada


def test_nobody_and_several_are_not_found() -> None:
    make_person("E1", "Ada")
    make_person("E2", "Ada")
    with pytest.raises(NoSuchPerson, match="Several"):
        find_person(who="Ada")
    with pytest.raises(NoSuchPerson, match="Nobody"):
        find_person(who="Ben")
