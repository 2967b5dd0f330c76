"""Consents are withdrawn in the console: nothing happens before the question is answered."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from attendance.models import Consent, KeptFace, Person, Template
from attendance.selectors.permitted import permitted_people
from attendance.selectors.withdrawal import MOST_NAMED
from tests.attendance.rows import make_consent, make_person, make_staff, make_template

pytestmark = pytest.mark.django_db

CONSENTS = "/admin/attendance/consent/"
HOUR = timedelta(hours=1)


def choose(user: Client, *consents: Consent, address: str = CONSENTS) -> HttpResponse:
    """Choose consents in their list and run the action; return the answer."""
    keys = [str(consent.pk) for consent in consents]
    answer = user.post(address, {"action": "withdraw", "index": "0", "_selected_action": keys})
    assert isinstance(answer, HttpResponse)
    return answer


def confirm(user: Client, page: HttpResponse, address: str = CONSENTS) -> HttpResponse:
    """Press the button of the question, with all that its form holds."""
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode())
    answer = user.post(address, dict(hidden), follow=True)
    assert isinstance(answer, HttpResponse)
    return answer


def text(answer: HttpResponse) -> str:
    return " ".join(answer.content.decode().split())


def permitted() -> set[Person]:
    return set(permitted_people(at=timezone.now()))


def keep_face(person: Person) -> None:
    """Keep a face of a person, as a consent that says so allows."""
    make_consent(person, keeps_pictures=True)
    KeptFace.objects.create(person=person, sealed_picture=b"", picture_digest="0" * 64)


def from_the_list(person: Person) -> str:
    return ""


def of_one(person: Person) -> str:
    return f"{CONSENTS}{person.consents.get().pk}/withdraw/"


def of_a_person(person: Person) -> str:
    return f"/admin/attendance/person/{person.pk}/withdraw/"


ON_PAGES = pytest.mark.parametrize("address", [of_one, of_a_person])


def test_choosing_consents_only_asks(console: Client) -> None:
    ada, ben = make_person("E1", "Ada"), make_person("E2", "Ben")
    page = text(choose(console, *Consent.objects.all()))
    assert "Withdraw the consents of 2 people?" in page
    assert "<li>Ada (E1)</li><li>Ben (E2)</li>" in page
    assert permitted() == {ada, ben}
    assert not LogEntry.objects.exists()


def test_the_answer_withdraws_what_was_asked_about_and_nothing_else(console: Client) -> None:
    ada, ben = make_person("E1", "Ada"), make_person("E2", "Ben")
    later = make_consent(ada, given_at=timezone.now() + HOUR)
    page = choose(console, *ada.consents.all())
    make_person("E3", "Cleo")
    assert "2 consents withdrawn." in text(confirm(console, page))
    later.refresh_from_db()
    assert later.withdrawn_at == later.given_at
    assert {person.full_name for person in permitted()} == {ben.full_name, "Cleo"}


def test_the_answer_works_for_all_pages_of_a_searched_list(console: Client) -> None:
    people = [make_person(f"E{n}", f"Ada {n:04}") for n in range(3)]
    ben = make_person("B1", "Ben")
    address = f"{CONSENTS}?q=Ada"
    key = str(people[0].consents.get().pk)
    across = {"action": "withdraw", "index": "0", "select_across": "1", "_selected_action": key}
    page = console.post(address, across)
    assert isinstance(page, HttpResponse)
    assert "Withdraw the consents of 3 people?" in text(page)
    confirm(console, page, address)
    assert permitted() == {ben}


def test_more_people_than_a_form_may_have_fields_are_asked_about_with_few_names(
    console: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    people = Person.objects.bulk_create(
        Person(employee_number=f"E{n}", full_name=f"Ada {n:04}") for n in range(1100)
    )
    Consent.objects.bulk_create(Consent(person=one, recorded_by="HR") for one in people)
    key = str(Consent.objects.first().pk)  # type: ignore[union-attr]
    across = {"action": "withdraw", "index": "0", "select_across": "1", "_selected_action": key}
    with django_assert_max_num_queries(30):
        page = console.post(CONSENTS, across)
    assert isinstance(page, HttpResponse)
    assert text(page).count("<li>Ada ") == MOST_NAMED
    assert f"and {1100 - MOST_NAMED} more" in text(page)
    confirm(console, page)
    assert not permitted()


def test_the_question_says_what_goes_and_what_stays(console: Client) -> None:
    ada = make_person(consent=False)
    keep_face(ada)
    make_template(ada)
    page = choose(console, ada.consents.get())
    assert "1 face that was kept of an enrolment picture" in text(page)
    assert "1 template stays, sealed and unused" in text(page)
    confirm(console, page)
    assert not KeptFace.objects.exists()
    assert Template.objects.count() == 1


def test_what_another_consent_allows_is_not_said_to_go(console: Client) -> None:
    ada = make_person()
    first = ada.consents.get()
    keep_face(ada)
    page = choose(console, first)
    assert "no faces of enrolment pictures are kept that would go" in text(page)
    assert "another consent of theirs is in force: Ada Lindqvist (E1)" in text(page)
    confirm(console, page)
    assert permitted() == {ada}
    assert KeptFace.objects.count() == 1


def test_people_without_a_consent_in_force_are_said_to_be_unchanged(console: Client) -> None:
    now = timezone.now()
    make_person("E1", "Ada")
    ended, gone = make_person("E2", "Ben", consent=False), make_person("E3", "Cy", consent=False)
    make_consent(ended, given_at=now - 2 * HOUR, until=now - HOUR)
    make_consent(gone, given_at=now - 2 * HOUR, withdrawn_at=now - HOUR)
    before = {one.pk: one.withdrawn_at for one in Consent.objects.exclude(person__full_name="Ada")}
    page = choose(console, *Consent.objects.all())
    assert "Withdraw the consent of 1 person?" in text(page)
    assert "had ended before: Ben (E2), Cy (E3)" in text(page)
    confirm(console, page)
    assert before == dict(Consent.objects.filter(pk__in=before).values_list("pk", "withdrawn_at"))
    assert not LogEntry.objects.filter(object_id__in=[str(ended.pk), str(gone.pk)]).exists()


def test_where_nothing_stands_nothing_is_asked(console: Client) -> None:
    over = timezone.now() - HOUR
    consent = make_consent(make_person(consent=False), given_at=over, withdrawn_at=over)
    answer = choose(console, consent)
    assert answer.status_code == 302
    assert "no consent was in force" in text(console.get(CONSENTS))  # type: ignore[arg-type]


@ON_PAGES
def test_a_page_asks_before_it_withdraws(console: Client, address: Callable[[Person], str]) -> None:
    ada = make_person()
    where = address(ada)
    page = console.get(where)
    assert isinstance(page, HttpResponse)
    assert "Ada Lindqvist (E1)" in text(page)
    assert permitted() == {ada}
    assert "1 consent withdrawn." in text(confirm(console, page, where))
    assert permitted() == set()
    assert console.get(where).status_code == 302


def test_all_that_stands_of_a_person_is_withdrawn_on_their_page(console: Client) -> None:
    ada, ben = make_person("E1", "Ada"), make_person("E2", "Ben")
    make_consent(ada, given_at=timezone.now() + HOUR)
    console.post(of_a_person(ada))
    assert not ada.consents.filter(withdrawn_at=None).exists()
    assert permitted() == {ben}


def test_pages_lead_to_the_question_and_their_forms_do_not_withdraw(console: Client) -> None:
    ada = make_person()
    for page in (f"/admin/attendance/person/{ada.pk}/change/", of_one(ada)[:-9] + "change/"):
        shown = text(console.get(page))  # type: ignore[arg-type]
        assert "/withdraw/" in shown
        assert "withdrawn_at_0" not in shown


@pytest.mark.parametrize("way", [from_the_list, of_one, of_a_person])
def test_the_history_of_consent_and_person_says_who_withdrew(
    console: Client, way: Callable[[Person], str]
) -> None:
    ada = make_person()
    consent = ada.consents.get()
    if way is from_the_list:
        confirm(console, choose(console, consent))
    else:
        console.post(way(ada))
    of_person = text(console.get(f"/admin/attendance/person/{ada.pk}/history/"))  # type: ignore[arg-type]
    assert "Consent withdrawn" in of_person
    assert "root" in of_person
    assert "Withdrawn" in text(console.get(f"{CONSENTS}{consent.pk}/history/"))  # type: ignore[arg-type]


def test_a_looker_withdraws_no_consent(client: Client) -> None:
    client.force_login(make_staff(permissions=("view_person", "view_consent")))
    ada = make_person()
    consent = ada.consents.get()
    choose(client, consent)
    client.post(
        CONSENTS,
        {
            "action": "withdraw",
            "index": "0",
            "select_across": "1",
            "_selected_action": str(consent.pk),
            "consents": str(consent.pk),
        },
    )
    for address in (of_one(ada), of_a_person(ada)):
        assert client.get(address).status_code == 403
        assert client.post(address).status_code == 403
    assert permitted() == {ada}


def test_whoever_changes_people_but_no_consents_is_offered_no_withdrawal(client: Client) -> None:
    client.force_login(make_staff(permissions=("view_person", "change_person", "view_consent")))
    ada = make_person()
    shown = text(client.get(f"/admin/attendance/person/{ada.pk}/change/"))  # type: ignore[arg-type]
    assert "/withdraw/" not in shown
    assert client.post(of_a_person(ada)).status_code == 403


def test_what_is_typed_into_the_answer_withdraws_nothing_that_is_not_there(
    console: Client,
) -> None:
    ada = make_person()
    page = choose(console, ada.consents.get())
    hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.content.decode()))
    for typed in ("", "x", "9" * 40, "-1,,"):
        answer = console.post(CONSENTS, {**hidden, "consents": typed}, follow=True)
        assert answer.status_code == 200
        assert permitted() == {ada}
