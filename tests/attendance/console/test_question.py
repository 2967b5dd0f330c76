"""The page that answers “may she enter here then, and why?” by the same function as a door."""

import re
from urllib.parse import urlencode

import pytest
from django.test import Client

from attendance.access_choices import Day, DoorMode
from attendance.models import CheckIn, Kiosk
from tests.attendance.access_rows import (
    change,
    make_group,
    make_override,
    make_pin,
    make_schedule,
    only,
)
from tests.attendance.rows import make_person, make_staff

pytestmark = pytest.mark.django_db

PAGE = "/access/question"
MAY = ("view_door", "view_person")


def ask(client: Client, kiosk: Kiosk, **changes: object) -> str:
    form = {
        "who": "E1",
        "door": kiosk.door.pk,
        "when": "2026-03-02T09:00",
        "direction": "in",
        "factors": ["face"],
        **changes,
    }
    answer = client.get(f"{PAGE}?{urlencode(form, doseq=True)}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def verdict(page: str) -> str:
    found = re.search(r'class="lintel-verdict[^>]*> <h2[^>]*>(.*?)</h2>', page)
    assert found is not None
    return found[1]


def test_the_page_opens_with_the_door_of_the_link(console: Client, kiosk: Kiosk) -> None:
    page = console.get(f"{PAGE}?door={kiosk.door.pk}").content.decode()
    assert f'<option value="{kiosk.door.pk}" selected' in page
    assert "lintel-verdict" not in page


def test_it_says_yes_and_by_which_rule(console: Client, kiosk: Kiosk) -> None:
    make_person()
    page = ask(console, kiosk)
    assert verdict(page) == "Yes"
    assert "in now? · Everybody, Always" in page
    assert not CheckIn.objects.exists()


def test_it_says_no_and_why_by_the_clock_at_the_door(console: Client, kiosk: Kiosk) -> None:
    change(kiosk.site, time_zone="Asia/Shanghai")
    hours = make_schedule("Mornings", "08:00", "10:00", (Day.MONDAY,))
    only(kiosk.door, make_group("Staff", make_person()), hours)
    assert verdict(ask(console, kiosk)) == "Yes"
    page = ask(console, kiosk, when="2026-03-02T10:00")
    assert verdict(page) == "No: outside the hours"
    assert "in now? · Staff, Mornings" in page
    assert "grant" not in page[page.index("is-bad") : page.index("</section>")]


def test_it_says_what_may_be_shown_next(console: Client, kiosk: Kiosk) -> None:
    make_pin(make_person())
    change(kiosk.door, mode=DoorMode.FACE_AND_PIN)
    page = ask(console, kiosk)
    assert verdict(page) == "No: more has to be shown"
    assert "May be shown next: PIN" in page
    assert verdict(ask(console, kiosk, factors=["face", "pin"])) == "Yes"


def test_the_rules_behind_the_one_that_decided_are_shown_as_not_asked(
    console: Client, kiosk: Kiosk
) -> None:
    make_person()
    make_override(kiosk.site, begun_at="2026-03-01T00:00Z")
    page = ask(console, kiosk)
    assert verdict(page) == "No: lockdown"
    assert page.count("is-not-asked") == 8


def test_a_lockdown_that_had_not_begun_then_does_not_count(console: Client, kiosk: Kiosk) -> None:
    make_person()
    make_override(kiosk.site)
    assert verdict(ask(console, kiosk)) == "Yes"


def test_a_person_without_consent_is_pointed_out(console: Client, kiosk: Kiosk) -> None:
    make_person(consent=False)
    assert "No consent of this person is in force then" in ask(console, kiosk)


@pytest.mark.parametrize(
    ("field", "value"), [("who", "Nobody"), ("door", "0"), ("when", "soon"), ("direction", "up")]
)
def test_a_question_that_makes_no_sense_is_answered_with_what_is_wrong(
    console: Client, kiosk: Kiosk, field: str, value: str
) -> None:
    make_person()
    page = ask(console, kiosk, **{field: value})
    assert "lintel-error" in page
    assert "lintel-verdict" not in page


def test_it_is_for_staff_who_may_see_doors_and_people(client: Client) -> None:
    assert client.get(PAGE).status_code == 302
    client.force_login(make_staff())
    assert client.get(PAGE).status_code == 403
    client.force_login(make_staff("guard", permissions=MAY))
    assert client.get(PAGE).status_code == 200
