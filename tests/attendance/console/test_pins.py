"""A person's PIN at the console."""

import logging
import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from attendance.models import Kiosk, Person, Pin, PinEvent
from attendance.pins.typed import TypedPin
from attendance.services.pin_checks import PinOutcome, check_pin, claim_of
from attendance.services.pins import set_pin
from tests.attendance.rows import make_person, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pins")]

GOOD, DURESS = "830572", "471960"


@pytest.fixture
def ada() -> Person:
    return make_person(consent=False)


def act(user: Client, person: Person, do: str, **fields: str) -> str:
    answer = user.post(f"/people/{person.pk}/pin", {"do": do, **fields}, follow=True)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return answer.content.decode()


def typed(pin: str = GOOD, duress: str = "", **other: str) -> dict[str, str]:
    return {
        "pin": pin,
        "pin_again": pin,
        "duress": duress,
        "duress_again": duress,
        **other,
    }


def opens(kiosk: Kiosk, digits: str) -> PinOutcome:
    claim, pin = claim_of(number="E1"), TypedPin(digits)
    return check_pin(claim=claim, pin=pin, kiosk=kiosk, now=timezone.now()).outcome


def test_a_person_types_a_pin_and_a_duress_pin(console: Client, ada: Person, kiosk: Kiosk) -> None:
    page = act(console, ada, "set", **typed(duress=DURESS))
    assert "There is a PIN" in page
    assert "There is a duress PIN." in page
    assert GOOD not in page
    assert opens(kiosk, GOOD) is PinOutcome.RIGHT
    assert opens(kiosk, DURESS) is PinOutcome.DURESS
    assert PinEvent.objects.get().by == "root"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (typed("1234"), "Digits in a row are guessed first"),
        (typed(pin_again="830573"), "Typed differently"),
        (typed(duress=DURESS, duress_again=""), "Typed differently"),
        (typed(duress="830573"), "must differ more"),
        (typed("83o5"), "made of digits"),
        (typed("830"), "4 to 8 digits"),
    ],
)
def test_what_is_refused_says_why_and_shows_no_digit(
    console: Client, ada: Person, fields: dict[str, str], said: str
) -> None:
    page = act(console, ada, "set", **fields)
    assert said in page
    shown = re.sub(r"<(script|style).*?</\1>", "", page, flags=re.DOTALL)
    # As a word: three digits stand in many an id.
    assert not re.search(rf"\b{fields['pin']}\b", shown)
    assert not Pin.objects.exists()


def test_a_reset_shows_the_new_pin_once(console: Client, ada: Person, kiosk: Kiosk) -> None:
    found = re.search(r'lintel-pin">(\d{6})<', act(console, ada, "reset"))
    assert found
    assert found[1] not in console.get(f"/people/{ada.pk}/pin").content.decode()
    assert opens(kiosk, found[1]) is PinOutcome.RIGHT


def test_a_pin_can_be_given_an_end_and_be_removed(
    console: Client, ada: Person, kiosk: Kiosk
) -> None:
    act(console, ada, "set", **typed())
    assert "It serves until 2099-02-03 23:59" in act(console, ada, "expiry", expires="2099-02-03")
    assert opens(kiosk, GOOD) is PinOutcome.RIGHT
    Pin.objects.update(expires_at=datetime(2020, 2, 3, tzinfo=UTC))
    assert "expired" in console.get(f"/people/{ada.pk}/pin").content.decode()
    assert opens(kiosk, GOOD) is PinOutcome.EXPIRED
    assert "There is no PIN yet" in act(console, ada, "remove")


def test_who_is_locked_is_listed_and_can_be_unlocked(
    console: Client, ada: Person, kiosk: Kiosk
) -> None:
    set_pin(person=ada, pin=TypedPin(GOOD), by="hana")
    for _ in range(5):
        opens(kiosk, DURESS)
    listed = console.get("/admin/attendance/pincounter/").content.decode()
    assert ada.full_name in listed
    assert "after 5 wrong PINs" in console.get(f"/people/{ada.pk}/pin").content.decode()
    act(console, ada, "unlock")
    assert ada.full_name not in console.get("/admin/attendance/pincounter/").content.decode()
    assert opens(kiosk, GOOD) is PinOutcome.RIGHT


@pytest.mark.parametrize("table", ["pin", "pincounter", "pinevent"])
def test_the_lists_show_neither_pin_nor_hash(console: Client, ada: Person, table: str) -> None:
    set_pin(person=ada, pin=TypedPin(GOOD), by="hana")
    page = console.get(f"/admin/attendance/{table}/").content.decode()
    assert "argon2" not in page
    assert GOOD not in page


def test_only_who_may_change_pins_gets_the_page(client: Client, ada: Person) -> None:
    address = f"/people/{ada.pk}/pin"
    assert client.get(address).status_code == 302
    client.force_login(make_staff(permissions=("change_person",)))
    assert client.get(address).status_code == 403
    client.force_login(make_staff("li", permissions=("change_pin",)))
    assert client.get(address).status_code == 200


def test_no_log_line_has_a_typed_pin(
    console: Client, ada: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    act(console, ada, "set", **typed(duress=DURESS))
    act(console, ada, "set", **typed("1234567"))
    for digits in (GOOD, DURESS, "1234567"):
        assert digits not in caplog.text


def test_the_page_says_whose_pin_it_is(console: Client, ada: Person) -> None:
    page = console.get(f"/people/{ada.pk}/pin").content.decode()
    assert "PIN of Ada Lindqvist (E1)</h2>" in page


def test_a_new_end_that_is_over_or_no_day_is_refused_with_words(
    console: Client, ada: Person
) -> None:
    act(console, ada, "set", **typed())
    assert "This day is over." in act(console, ada, "expiry", expires="2020-01-01")
    assert "Enter a valid date." in act(console, ada, "expiry", expires="tomorrow")
    assert "This day is over." in act(console, ada, "set", **typed(expires="2020-01-01"))
    assert Pin.objects.get().expires_at is None


def test_what_ends_a_pin_at_once_is_asked_for_first(console: Client, ada: Person) -> None:
    page = console.get(f"/people/{ada.pk}/pin").content.decode()
    assert "data-confirm" not in page
    assert act(console, ada, "set", **typed()).count("data-confirm") == 2
