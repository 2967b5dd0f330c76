"""Enrolment by upload."""

import uuid

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from attendance import defaults
from attendance.choices import TemplateSource
from attendance.models import Consent, Person, Template
from tests.attendance import pictures
from tests.attendance.pictures import ADA, WANG, portrait
from tests.attendance.rows import enrolled, make_person, make_staff

pytestmark = pytest.mark.django_db(transaction=True)


def upload(user: Client, person: Person, *data: bytes, **fields: str) -> HttpResponse:
    files = [SimpleUploadedFile(f"{n}.jpg", one) for n, one in enumerate(data)]
    answer = user.post(f"/people/{person.pk}/enrol", {"pictures": files, **fields})
    assert isinstance(answer, HttpResponse)
    return answer


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def test_a_good_picture_is_enrolled(console: Client) -> None:
    person = make_person()
    page = text(upload(console, person, portrait(ADA.identity)))
    assert "1 of 1 picture enrolled" in page
    assert Template.objects.get().source == TemplateSource.UPLOAD


def test_each_picture_is_judged_by_itself_and_reasons_are_given(console: Client) -> None:
    page = text(
        upload(
            console,
            make_person(),
            portrait(ADA.identity),
            pictures.no_face(),
            pictures.text_file(),
            b"",
        )
    )
    assert "1 of 4 pictures enrolled" in page
    assert "no face in view" in page
    assert "This is not a picture" in page
    assert "The file is empty" in page
    assert Template.objects.count() == 1


def test_the_history_of_the_person_says_who_enrolled_how_many_pictures(console: Client) -> None:
    person = make_person()
    upload(console, person, portrait(ADA.identity), portrait(ADA.identity, 1), pictures.no_face())
    line = LogEntry.objects.get()
    assert line.change_message == "2 pictures enrolled by upload"
    assert line.user.username == "root"
    history = text(console.get(f"/admin/attendance/person/{person.pk}/history/"))  # type: ignore[arg-type]
    assert "2 pictures enrolled by upload" in history


def test_the_history_tells_nothing_where_no_picture_is_new(console: Client) -> None:
    person = make_person()
    upload(console, person, portrait(ADA.identity))
    upload(console, person, portrait(ADA.identity), pictures.no_face())
    assert LogEntry.objects.get().change_message == "1 picture enrolled by upload"


def test_somebody_elses_face_is_refused_and_both_are_named(console: Client) -> None:
    enrolled(ADA)
    page = text(upload(console, make_person("E9", "Mallory"), portrait(ADA.identity, 1)))
    assert f"already enrolled as {ADA.name}" in page
    assert "Mallory" in page


def test_without_consent_nobody_is_enrolled(console: Client) -> None:
    person = make_person(consent=False)
    page = text(upload(console, person, portrait(ADA.identity)))
    assert "Without consent nobody is enrolled" in page
    assert not Template.objects.exists()
    assert not Consent.objects.exists()


def test_consent_is_recorded_in_the_name_of_who_is_signed_in(console: Client) -> None:
    person = make_person(consent=False)
    upload(console, person, portrait(ADA.identity), consent="on")
    assert Consent.objects.get().recorded_by == "root"
    assert person.templates.count() == 1


def test_a_consent_in_force_is_not_asked_for_again(console: Client) -> None:
    assert 'name="consent"' not in text(console.get(f"/people/{make_person().pk}/enrol"))  # type: ignore[arg-type]


def test_no_pictures_and_too_many_are_told_so(console: Client) -> None:
    person = make_person()
    assert "Choose at least one picture" in text(upload(console, person))
    assert "Choose at most 20 pictures" in text(upload(console, person, *[b"x"] * 21))


def test_a_visitor_is_sent_to_the_login(client: Client) -> None:
    person = make_person()
    assert upload(client, person, portrait(ADA.identity)).status_code == 302
    assert not Template.objects.exists()


def test_staff_without_the_right_to_change_people_are_refused(client: Client) -> None:
    person = make_person()
    client.force_login(make_staff(permissions=("view_person",)))
    assert upload(client, person, portrait(ADA.identity)).status_code == 403
    assert not Template.objects.exists()


def test_staff_with_that_right_may_enrol(client: Client) -> None:
    client.force_login(make_staff(permissions=("view_person", "change_person")))
    assert "1 of 1" in text(upload(client, make_person(), portrait(WANG.identity)))


def test_a_form_without_its_own_mark_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_staff(permissions=("change_person",)))
    assert upload(client, make_person(), portrait(ADA.identity)).status_code == 403


def test_a_person_who_is_not_there_is_not_found(console: Client) -> None:
    assert console.get(f"/people/{uuid.uuid4()}/enrol").status_code == 404


def test_pictures_of_a_modern_phone_fit() -> None:
    assert defaults.MAX_UPLOAD_BODY_BYTES >= 10 * 2**20
