"""Entries over HTTP: a number and a PIN, a face and a PIN, one decision each."""

import logging
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest.mock import patch

import httpx
import pytest
from django.utils import timezone

from attendance.access import ChallengeRule, DoorMode
from attendance.models import CheckIn, Kiosk, Person, PinCounter
from attendance.pins.typed import TypedPin
from attendance.services import entries
from attendance.services.pins import set_pin
from tests.attendance.access_rows import change
from tests.attendance.coming import comes
from tests.attendance.door import Door
from tests.attendance.rows import make_person
from tests.attendance.sending import messages

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quick_pins")]

PIN, DURESS = "830572", "471960"


@pytest.fixture
def ada() -> Person:
    person = make_person("E-0417")
    set_pin(person=person, pin=TypedPin(PIN), duress=TypedPin(DURESS), by="hana")
    return person


def enter(door: Door, pin: str | None = PIN, **fields: Any) -> httpx.Response:
    body = {
        "id": str(uuid.uuid4()),
        "pin": pin,
        "how": ["keypad"],
        "entered_at": timezone.now().isoformat(),
        **fields,
    }
    return door.request("POST", "/api/v1/entries", json=body)


def by_number(door: Door, pin: str = PIN, number: str = "E-0417", **fields: Any) -> dict[str, Any]:
    answer = enter(door, pin, employee_number=number, **fields)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_number_and_pin_are_answered_as_a_capture_is(door: Door, ada: Person) -> None:
    body = by_number(door)
    assert (body["state"], body["accepted"], body["open_door"]) == ("decided", True, True)
    assert body["person"]["display_name"] == ada.display_name
    assert (body["first_today"], body["direction"]) == (True, "in")
    assert by_number(door)["first_today"] is False
    asked = door.ask(body["capture"])
    assert asked.json()["check_in"] == body["check_in"]


def test_wrong_number_and_wrong_pin_are_answered_alike(door: Door, ada: Person) -> None:
    varying = {"capture", "check_in", "happened_at", "decided_at"}
    wrong_pin, wrong_number = by_number(door, "619384"), by_number(door, number="E404")
    assert {k: v for k, v in wrong_pin.items() if k not in varying} == {
        k: v for k, v in wrong_number.items() if k not in varying
    }
    assert wrong_pin["reason"] == "wrong_pin"


def test_a_duress_pin_is_answered_like_the_other(door: Door, ada: Person) -> None:
    calm = by_number(door)
    CheckIn.objects.update(accepted=False, reason="wrong_pin", person=None)
    forced = by_number(door, DURESS)
    varying = {"capture", "check_in", "happened_at", "decided_at"}
    assert {k: v for k, v in calm.items() if k not in varying} == {
        k: v for k, v in forced.items() if k not in varying
    }


def test_a_locked_person_hears_for_how_long(door: Door, ada: Person) -> None:
    for _ in range(5):
        by_number(door, "619384")
    body = by_number(door)
    assert (body["reason"], body["open_door"]) == ("pin_locked", False)
    assert 50 <= body["retry_after_s"] <= 60


def test_a_face_that_needs_a_pin_is_told_what_and_for_how_long(door: Door, ada: Person) -> None:
    kiosk = Kiosk.objects.get()
    change(kiosk.door, mode=DoorMode.FACE_AND_PIN)
    face = comes(kiosk, ada)
    asked = door.ask(face.capture_id).json()
    assert (asked["state"], asked["wanted"], asked["challenge"]) == ("needs_pin", ["pin"], "")
    assert asked["ask_about"] == str(face.capture_id)
    assert 40 <= asked["seconds"] <= 45
    assert "person" not in asked, "nobody is named before the PIN"
    assert enter(door, capture=asked["ask_about"]).json()["open_door"]
    assert door.ask(face.capture_id).json()["state"] == "decided"


def test_a_challenge_is_told_and_the_next_one_after_a_wrong_answer(door: Door, ada: Person) -> None:
    kiosk = Kiosk.objects.get()
    change(kiosk.door, challenge=ChallengeRule.WITH_FACE)
    face = comes(kiosk, ada)
    first = door.ask(face.capture_id).json()
    assert (first["wanted"], len(first["challenge"])) == (["challenge"], 2)
    wrong = enter(door, None, capture=first["ask_about"], challenge="9" * 3).json()
    assert (wrong["state"], wrong["reason"]) == ("needs_pin", "wrong_challenge")
    right = enter(door, None, capture=first["ask_about"], challenge=wrong["challenge"]).json()
    assert (right["state"], right["accepted"]) == ("decided", True)


@pytest.mark.parametrize(
    "fields",
    [
        {"pin": "1" * 9},
        {"pin": ""},
        {"employee_number": "x" * 33},
        {"how": ["telepathy"]},
        {"entered_at": "yesterday"},
        {"capture": "none"},
    ],
    ids=str,
)
def test_what_cannot_be_read_is_refused_without_repeating_it(
    door: Door, ada: Person, fields: dict[str, Any]
) -> None:
    answer = enter(door, **{"pin": PIN, "employee_number": "E-0417", **fields})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert PIN not in answer.text
    assert "1" * 9 not in answer.text


def test_letters_for_a_pin_are_a_wrong_pin(door: Door, ada: Person) -> None:
    assert by_number(door, "abcd")["reason"] == "wrong_pin"
    assert PinCounter.objects.get(person=ada).failures == 1


def test_the_same_entry_at_once_is_one_event_and_one_try(door: Door, ada: Person) -> None:
    key = str(uuid.uuid4())
    at = timezone.now().isoformat()

    def send() -> httpx.Response:
        return enter(door, "619384", employee_number="E-0417", id=key, entered_at=at)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: send().status_code, range(4)))
    assert set(answers) <= {200, 202}
    assert CheckIn.objects.count() == 1
    assert PinCounter.objects.get(person=ada).failures == 1


def test_while_pins_are_checked_the_server_answers_others(door: Door, ada: Person) -> None:
    begun, go_on = threading.Event(), threading.Event()
    real = entries.decide_entry

    def slow(**given: Any) -> None:
        begun.set()
        assert go_on.wait(10)
        real(**given)

    with patch.object(entries, "decide_entry", slow), ThreadPoolExecutor(4) as pool:
        checks = [pool.submit(by_number, door) for _ in range(3)]
        assert begun.wait(10)
        assert door.hello().status_code == 200
        go_on.set()
        assert all(check.result()["accepted"] for check in checks)


def test_neither_logs_nor_queues_have_a_pin(
    door: Door, ada: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    by_number(door)
    by_number(door, DURESS)
    by_number(door, "619384")
    enter(door, "7394812345", employee_number="E-0417")
    with patch.object(entries, "check_pin", side_effect=RuntimeError("a fault")):
        enter(door, "619384", employee_number="E-0417")
    waiting = b"".join(messages("captures") + messages("default")).decode()
    for digits in (PIN, DURESS, "619384", "7394812345"):
        assert digits not in caplog.text
        assert digits not in waiting
