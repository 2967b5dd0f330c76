"""How often PINs may be tried: counted in the database, per person, kiosk and site."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from attendance import defaults
from attendance.choices import PinScope
from attendance.models import Kiosk, Person, PinCounter, PinEvent
from attendance.pins.typed import TypedPin
from attendance.services.pin_attempts import forget_unknown_numbers, unlock
from attendance.services.pin_checks import PinAnswer, PinOutcome, check_pin, claim_of
from attendance.services.pins import set_pin
from tests.attendance.rows import make_kiosk, make_person, make_site

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pins")]

NOW = timezone.now()
PIN, WRONG = TypedPin("8305"), TypedPin("4709")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ada() -> Person:
    person = make_person(consent=False)
    set_pin(person=person, pin=PIN, by="hana")
    return person


def attempt(
    kiosk: Kiosk, pin: TypedPin = WRONG, number: str = "E1", after: timedelta = timedelta(0)
) -> PinAnswer:
    return check_pin(claim=claim_of(number=number), pin=pin, kiosk=kiosk, now=NOW + after)


def failures(scope: PinScope) -> int:
    return PinCounter.objects.get(scope=scope).failures


def test_the_fifth_wrong_pin_locks_and_the_right_one_waits(ada: Person, kiosk: Kiosk) -> None:
    for _ in range(5):
        assert attempt(kiosk).outcome is PinOutcome.WRONG
    locked = attempt(kiosk, PIN)
    assert (locked.outcome, locked.locked_until) == (PinOutcome.LOCKED, NOW + MINUTE)
    assert attempt(kiosk, PIN, after=MINUTE).outcome is PinOutcome.RIGHT


def test_each_further_wrong_pin_locks_for_longer(ada: Person, kiosk: Kiosk) -> None:
    for _ in range(5):
        attempt(kiosk)
    attempt(kiosk, after=MINUTE)
    until = attempt(kiosk, PIN, after=2 * MINUTE).locked_until
    assert until == NOW + 3 * MINUTE


def test_the_right_pin_forgets_a_persons_failures(ada: Person, kiosk: Kiosk) -> None:
    for _ in range(4):
        attempt(kiosk)
    assert attempt(kiosk, PIN).outcome is PinOutcome.RIGHT
    for _ in range(4):
        assert attempt(kiosk).outcome is PinOutcome.WRONG


def test_the_fifth_attempt_may_be_the_right_one_and_locks_nobody(ada: Person, kiosk: Kiosk) -> None:
    for _ in range(4):
        attempt(kiosk)
    assert attempt(kiosk, PIN).outcome is PinOutcome.RIGHT
    assert attempt(kiosk, PIN).outcome is PinOutcome.RIGHT
    assert not PinEvent.objects.filter(kind="locked").exists()


def test_a_number_that_nobody_has_answers_and_locks_as_a_person_does(kiosk: Kiosk) -> None:
    for number in ("E1", "E404"):
        if number == "E1":
            make_person(number, consent=False)
        answers = [attempt(kiosk, number=number).outcome for _ in range(6)]
        assert answers == [PinOutcome.WRONG] * 5 + [PinOutcome.LOCKED]
        assert attempt(kiosk, number=number).locked_until == NOW + MINUTE
    assert PinEvent.objects.filter(kind="locked").count() == 2
    assert "E404" not in str(list(PinCounter.objects.values()))


def test_right_pins_of_ones_own_do_not_buy_tries_at_others(ada: Person, kiosk: Kiosk) -> None:
    for number in range(defaults.PIN_LIMIT_KIOSK.allowed):
        assert attempt(kiosk, number=f"X{number}").outcome is PinOutcome.WRONG
        attempt(kiosk, PIN)
    assert attempt(kiosk, number="X99").outcome is PinOutcome.LOCKED
    assert failures(PinScope.KIOSK) == failures(PinScope.SITE) == 20


def test_a_locked_kiosk_leaves_the_other_one_open(ada: Person, kiosk: Kiosk) -> None:
    other, _ = make_kiosk(kiosk.site, "Back door")
    for number in range(20):
        attempt(kiosk, number=f"X{number}")
    assert attempt(kiosk, PIN).outcome is PinOutcome.LOCKED
    assert attempt(other, PIN).outcome is PinOutcome.RIGHT


def test_a_site_under_attack_locks_whole_but_no_other_site(ada: Person, kiosk: Kiosk) -> None:
    elsewhere, _ = make_kiosk(make_site("Elsewhere"), "Elsewhere's door")
    allowed = defaults.PIN_LIMIT_SITE.allowed
    key = str(kiosk.site_id)
    counted = PinCounter(scope=PinScope.SITE, key=key, failures=allowed - 1, last_at=NOW)
    counted.save()
    attempt(make_kiosk(kiosk.site, "Back door")[0], number="X1")
    assert attempt(kiosk, PIN).outcome is PinOutcome.LOCKED
    assert attempt(elsewhere, PIN).outcome is PinOutcome.RIGHT


def test_unlocking_lets_a_person_try_at_once_and_is_written_down(ada: Person, kiosk: Kiosk) -> None:
    for _ in range(5):
        attempt(kiosk)
    unlock(counter=PinCounter.objects.get(person=ada), by="hana")
    assert attempt(kiosk, PIN).outcome is PinOutcome.RIGHT
    assert PinEvent.objects.filter(kind="unlocked", person=ada, by="hana").count() == 1


def test_while_locked_nothing_is_counted(ada: Person, kiosk: Kiosk) -> None:
    for _ in range(50):
        attempt(kiosk)
    assert failures(PinScope.PERSON) == 5
    assert failures(PinScope.KIOSK) == 5


def test_counters_of_unknown_numbers_are_forgotten_and_of_people_kept(
    ada: Person, kiosk: Kiosk
) -> None:
    attempt(kiosk)
    attempt(kiosk, number="X1")
    assert forget_unknown_numbers(now=NOW + timedelta(days=2)) == 0
    assert forget_unknown_numbers(now=NOW + timedelta(days=4)) == 1
    assert PinCounter.objects.filter(person=ada).exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_forty_attempts_at_once_get_five_tries(kiosk: Kiosk) -> None:
    person = make_person(consent=False)
    set_pin(person=person, pin=PIN, by="hana")
    outcomes: list[PinOutcome] = []
    start = threading.Barrier(8)

    def burst() -> None:
        try:
            start.wait()
            outcomes.extend(attempt(kiosk).outcome for _ in range(5))
        finally:
            connection.close()

    threads = [threading.Thread(target=burst) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 40
    assert outcomes.count(PinOutcome.WRONG) == 5
    assert failures(PinScope.PERSON) == failures(PinScope.KIOSK) == 5
