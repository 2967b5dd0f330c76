"""People and consents in the console."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from attendance.models import CheckIn, Consent, KeptFace, Kiosk, Person, Template
from attendance.pins.typed import TypedPin
from attendance.selectors.permitted import permitted_people
from attendance.services.pins import set_pin
from tests.attendance.access_rows import (
    lead_into,
    make_forgiveness,
    make_group,
    make_pass,
    make_passage,
)
from tests.attendance.rows import make_person, make_staff, make_template

pytestmark = pytest.mark.django_db

PEOPLE = "/admin/attendance/person/"
CONSENTS = "/admin/attendance/consent/"


def form(**values: str) -> dict[str, str]:
    """Return a person's form as a browser sends it."""
    empty = {
        f"{prefix}-{name}": "0"
        for prefix in ("consents", "memberships", "templates")
        for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    person = {"full_name": "Ada", "employee_number": "E1", "preferred_name": "", "active": "on"}
    return {**empty, **person, **values}


def permitted() -> list[Person]:
    return list(permitted_people(at=timezone.now()))


def run(user: Client, address: str, action: str, *rows: object) -> int:
    """Run a list's action on rows; return the answer's status."""
    keys = [str(row.pk) for row in rows]  # type: ignore[attr-defined]
    return user.post(address, {"action": action, "_selected_action": keys}).status_code


def test_a_person_is_created_with_consent_in_the_name_of_who_is_signed_in(console: Client) -> None:
    given = {
        "consents-TOTAL_FORMS": "1",
        "consents-0-given_at_0": "2026-01-01",
        "consents-0-given_at_1": "08:00:00",
    }
    answer = console.post(f"{PEOPLE}add/", form(**given))
    assert answer.status_code == 302, answer.content.decode()
    assert Consent.objects.get().recorded_by == "root"
    assert permitted() == [Person.objects.get()]


@pytest.mark.parametrize(
    "values", [{"full_name": ""}, {"full_name": "\x1b[2J"}, {"employee_number": "x" * 33}]
)
def test_a_person_without_a_proper_name_is_refused(console: Client, values: dict[str, str]) -> None:
    assert console.post(f"{PEOPLE}add/", form(**values)).status_code == 200
    assert not Person.objects.exists()


def test_a_number_that_is_taken_is_refused(console: Client) -> None:
    make_person("E1")
    page = console.post(f"{PEOPLE}add/", form()).content.decode()
    assert "already exists" in page


def test_a_consent_that_ends_before_it_begins_is_refused(console: Client) -> None:
    consent = {
        "consents-TOTAL_FORMS": "1",
        "consents-0-given_at_0": "2026-01-02",
        "consents-0-given_at_1": "08:00:00",
        "consents-0-until_0": "2026-01-01",
        "consents-0-until_1": "08:00:00",
    }
    answer = console.post(f"{PEOPLE}add/", form(**consent))
    assert answer.status_code == 200
    assert not Consent.objects.exists()


def test_people_are_switched_off_and_on_together(console: Client) -> None:
    ada, ben = make_person("E1", "Ada"), make_person("E2", "Ben")
    run(console, PEOPLE, "deactivate", ada, ben)
    assert permitted() == []
    run(console, PEOPLE, "activate", ada)
    assert permitted() == [ada]


def test_a_person_is_deleted_with_templates_and_consents(console: Client) -> None:
    ada = make_person()
    make_template(ada)
    assert console.post(f"{PEOPLE}{ada.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Person.objects.exists()
    assert not Template.objects.exists()


def test_whoever_has_a_pin_and_was_forgiven_is_deleted_as_well(
    console: Client, kiosk: Kiosk, quick_pins: None
) -> None:
    ada = make_person()
    set_pin(person=ada, pin=TypedPin("8305"), by="HR")
    area = lead_into(kiosk)
    for _ in range(3):
        make_passage(kiosk, ada)
    make_forgiveness(area, ada)
    page = console.get(f"{PEOPLE}{ada.pk}/delete/").content.decode()
    assert re.search(r"passages:\s*3", page, re.IGNORECASE)
    assert console.post(f"{PEOPLE}{ada.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Person.objects.exists()
    assert CheckIn.objects.filter(person=None).count() == 3


def test_the_host_of_a_visit_is_not_deleted_before_it(console: Client) -> None:
    host = make_person("E1", "Hanna")
    make_pass(make_person("V1", "Vera", visitor=True), host, make_group("Guests"))
    page = console.get(f"{PEOPLE}{host.pk}/delete/").content.decode()
    assert "Vera (V1) → Hanna (E1)" in page
    assert console.post(f"{PEOPLE}{host.pk}/delete/", {"post": "yes"}).status_code == 200
    both = [str(key) for key in Person.objects.values_list("pk", flat=True)]
    chosen = {"_selected_action": both, "action": "delete_selected", "post": "yes"}
    assert "Vera (V1) → Hanna (E1)" in console.post(PEOPLE, chosen).content.decode()
    assert Person.objects.count() == 2


def test_several_people_are_deleted_together(console: Client, quick_pins: None) -> None:
    ada, ben = make_person("E1", "Ada"), make_person("E2", "Ben")
    set_pin(person=ada, pin=TypedPin("8305"), by="HR")
    chosen = {"_selected_action": [str(ada.pk), str(ben.pk)], "action": "delete_selected"}
    assert "Ben (E2)" in console.post(PEOPLE, chosen).content.decode()
    assert console.post(PEOPLE, {**chosen, "post": "yes"}).status_code == 302
    assert not Person.objects.exists()


def test_a_template_is_deleted_alone(console: Client) -> None:
    template = make_template(make_person())
    address = f"/admin/attendance/template/{template.pk}/delete/"
    assert console.post(address, {"post": "yes"}).status_code == 302
    assert Person.objects.exists()


def deleted_alone(console: Client, template: Template) -> int:
    address = f"/admin/attendance/template/{template.pk}/delete/"
    return console.post(address, {"post": "yes"}).status_code


def deleted_in_the_list(console: Client, template: Template) -> int:
    chosen = {"action": "delete_selected", "_selected_action": str(template.pk), "post": "yes"}
    return console.post("/admin/attendance/template/", chosen).status_code


def deleted_in_the_form(console: Client, template: Template) -> int:
    row = {
        "templates-TOTAL_FORMS": "1",
        "templates-INITIAL_FORMS": "1",
        "templates-0-id": str(template.pk),
        "templates-0-person": str(template.person_id),
        "templates-0-DELETE": "on",
    }
    return console.post(f"{PEOPLE}{template.person_id}/change/", form(**row)).status_code


@pytest.mark.parametrize("delete", [deleted_alone, deleted_in_the_list, deleted_in_the_form])
def test_a_deleted_template_takes_the_kept_face_along_that_would_bring_it_back(
    console: Client, delete: Callable[[Client, Template], int]
) -> None:
    ada = make_person()
    gone, stays = make_template(ada), make_template(ada)
    for template in (gone, stays):
        KeptFace.objects.create(
            person=ada, sealed_picture=b"", picture_digest=template.picture_digest
        )

    assert delete(console, gone) == 302

    assert Template.objects.get() == stays
    assert KeptFace.objects.get().picture_digest == stays.picture_digest


def test_a_new_consent_is_in_the_name_of_who_is_signed_in(console: Client) -> None:
    person = make_person(consent=False)
    given = {"person": str(person.pk), "given_at_0": "2026-01-01", "given_at_1": "08:00:00"}
    assert console.post(f"{CONSENTS}add/", given).status_code == 302
    assert Consent.objects.get().recorded_by == "root"


def test_the_page_of_a_person_leads_to_the_upload(console: Client) -> None:
    person = make_person()
    answer = console.get(f"{PEOPLE}{person.pk}/enrol/", follow=True)
    assert answer.redirect_chain[-1][0] == f"/people/{person.pk}/enrol"
    assert f"{person.pk}/enrol" in console.get(f"{PEOPLE}{person.pk}/change/").content.decode()


@pytest.mark.parametrize("key", ["x", "00000000-0000-0000-0000-000000000000"])
def test_nobody_is_enrolled_who_is_not_there(console: Client, key: str) -> None:
    assert console.get(f"{PEOPLE}{key}/enrol/").status_code == 404


class TestRights:
    """Whoever may only look changes nothing."""

    @pytest.fixture
    def looker(self, client: Client) -> Client:
        rights = ("view_person", "view_consent", "view_template")
        client.force_login(make_staff(permissions=rights))
        return client

    def test_a_looker_sees_people(self, looker: Client) -> None:
        make_person(name="Ada Lindqvist")
        assert "Ada Lindqvist" in looker.get(PEOPLE).content.decode()

    @pytest.mark.parametrize("action", ["activate", "deactivate"])
    def test_a_looker_switches_nobody(self, looker: Client, action: str) -> None:
        ada = make_person(active=action == "deactivate")
        run(looker, PEOPLE, action, ada)
        assert Person.objects.get().active == (action == "deactivate")

    def test_a_looker_deletes_nothing(self, looker: Client) -> None:
        ada = make_person()
        make_template(ada)
        for address in (
            f"{PEOPLE}{ada.pk}",
            f"/admin/attendance/template/{Template.objects.get().pk}",
        ):
            assert looker.post(f"{address}/delete/", {"post": "yes"}).status_code == 403
        run(looker, PEOPLE, "delete_selected", ada)
        assert Person.objects.exists()

    def test_a_looker_is_offered_no_enrolment(self, looker: Client) -> None:
        person = make_person()
        page = looker.get(f"{PEOPLE}{person.pk}/change/").content.decode()
        assert f"{person.pk}/enrol" not in page
        assert looker.get(f"{PEOPLE}{person.pk}/enrol/").status_code == 403

    def test_whoever_changes_people_makes_nobody_an_administrator(self, client: Client) -> None:
        client.force_login(make_staff(permissions=("change_person", "view_person")))
        assert client.get("/admin/auth/user/").status_code == 403
        assert User.objects.filter(is_superuser=True).count() == 0


def test_a_day_alone_is_its_beginning_or_its_end(console: Client) -> None:
    days = {"valid_from_0": "2026-03-01", "valid_until_0": "2026-03-31"}
    assert console.post(f"{PEOPLE}add/", form(**days)).status_code == 302
    ada = Person.objects.get()
    assert str(ada.valid_from) == "2026-03-01 00:00:00+00:00"
    assert str(ada.valid_until) == "2026-03-31 23:59:59+00:00"


def test_a_visit_of_one_day_needs_no_clock_times(console: Client) -> None:
    rows = {
        "person": make_person("V1", "Vera", visitor=True).pk,
        "host": make_person("E1").pk,
        "group": make_group("Guests").pk,
        "begins_at_0": "2026-03-31",
        "ends_at_0": "2026-03-31",
    }
    address = "/admin/attendance/visitorpass/add/"
    assert console.post(address, rows).status_code == 302
    missing = console.post(address, {**rows, "begins_at_0": "no day"})
    assert "Enter a valid date." in missing.content.decode()


def test_the_history_says_who_switched_a_person_off(console: Client) -> None:
    ada = make_person()
    run(console, PEOPLE, "deactivate", ada)
    history = console.get(f"{PEOPLE}{ada.pk}/history/").content.decode()
    assert "Deactivated" in history
    assert "root" in history
