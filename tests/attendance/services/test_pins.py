"""Setting, resetting and removing PINs."""

import logging
from datetime import date, timedelta

import pytest
from django.utils import timezone

from attendance.errors import PinRefused
from attendance.models import Kiosk, Person, Pin, PinCounter, PinEvent
from attendance.pins.typed import TypedPin
from attendance.services.pin_checks import PinOutcome, check_pin, claim_of
from attendance.services.pins import change_expiry, remove_pin, reset_pin, set_pin
from tests.attendance.rows import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pins")]

PIN, DURESS = TypedPin("8305"), TypedPin("4709")


@pytest.fixture
def ada() -> Person:
    return make_person(consent=False, birth_date=date(1987, 5, 3))


def outcome(kiosk: Kiosk, pin: TypedPin, number: str = "E1") -> PinOutcome:
    answer = check_pin(claim=claim_of(number=number), pin=pin, kiosk=kiosk, now=timezone.now())
    return answer.outcome


def test_a_pin_that_was_set_is_right(ada: Person, kiosk: Kiosk) -> None:
    set_pin(person=ada, pin=PIN, duress=DURESS, by="hana")
    assert outcome(kiosk, PIN) is PinOutcome.RIGHT
    assert outcome(kiosk, DURESS) is PinOutcome.DURESS
    assert outcome(kiosk, TypedPin("8306")) is PinOutcome.WRONG


def test_a_new_pin_ends_the_one_before_and_its_duress_pin(ada: Person, kiosk: Kiosk) -> None:
    set_pin(person=ada, pin=PIN, duress=DURESS, by="hana")
    set_pin(person=ada, pin=TypedPin("61938"), by="hana")
    assert outcome(kiosk, PIN) is PinOutcome.WRONG
    assert outcome(kiosk, DURESS) is PinOutcome.WRONG
    assert outcome(kiosk, TypedPin("61938")) is PinOutcome.RIGHT


@pytest.mark.parametrize(("digits", "code"), [("1234", "sequence"), ("0305", "birth_date")])
def test_a_common_or_personal_pin_is_refused_and_not_repeated(
    ada: Person, digits: str, code: str
) -> None:
    with pytest.raises(PinRefused) as refused:
        set_pin(person=ada, pin=TypedPin(digits), by="hana")
    assert refused.value.code == code
    assert digits not in refused.value.message
    assert not Pin.objects.exists()


def test_a_duress_pin_is_held_to_the_same_rules(ada: Person) -> None:
    for duress in ("1234", "8306"):
        with pytest.raises(PinRefused):
            set_pin(person=ada, pin=PIN, duress=TypedPin(duress), by="hana")


def test_a_reset_pin_opens_for_two_weeks_and_is_to_be_changed(ada: Person, kiosk: Kiosk) -> None:
    pin = reset_pin(person=ada, by="hana")
    row = Pin.objects.get()
    assert (len(pin), row.must_change) == (6, True)
    assert row.expires_at is not None
    assert timedelta(days=13) < row.expires_at - timezone.now() < timedelta(days=15)
    assert outcome(kiosk, pin) is PinOutcome.RIGHT


def test_an_expired_pin_is_told_only_to_whoever_knows_it(ada: Person, kiosk: Kiosk) -> None:
    set_pin(person=ada, pin=PIN, duress=DURESS, by="hana", expires_at=timezone.now())
    assert outcome(kiosk, PIN) is PinOutcome.EXPIRED
    assert outcome(kiosk, TypedPin("8306")) is PinOutcome.WRONG
    change_expiry(person=ada, expires_at=None, by="hana")
    assert outcome(kiosk, PIN) is PinOutcome.RIGHT


def test_without_a_pin_nothing_is_right(ada: Person, kiosk: Kiosk) -> None:
    set_pin(person=ada, pin=PIN, by="hana")
    assert remove_pin(person=ada, by="hana")
    assert not remove_pin(person=ada, by="hana")
    assert outcome(kiosk, PIN) is PinOutcome.WRONG


def test_whatever_is_done_to_a_pin_is_written_down_with_who_did_it(ada: Person) -> None:
    set_pin(person=ada, pin=PIN, by="hana")
    reset_pin(person=ada, by="li")
    change_expiry(person=ada, expires_at=None, by="hana")
    remove_pin(person=ada, by="root")
    done = list(PinEvent.objects.order_by("id").values_list("kind", "by"))
    assert done == [("set", "hana"), ("reset", "li"), ("expiry", "hana"), ("removed", "root")]


def test_neither_table_nor_log_has_the_digits(
    ada: Person, kiosk: Kiosk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    pin = reset_pin(person=ada, by="hana")
    for _ in range(6):
        outcome(kiosk, TypedPin("937264"))
    kept = [list(model.objects.values()) for model in (Pin, PinCounter, PinEvent)]
    for digits in (pin.reveal(), "937264"):
        assert digits not in caplog.text
        assert not any(digits in repr(row).partition("$argon2id$")[0] for row in kept)
