"""Number, PIN and challenge at a door: what opens, and what never does."""

import uuid
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from django.core import mail
from django.db import IntegrityError
from django.utils import timezone

from attendance import defaults
from attendance.access import ChallengeRule, DoorMode
from attendance.choices import CaptureState
from attendance.errors import CaptureConflict, CaptureRefused
from attendance.models import (
    Capture,
    CheckIn,
    Door,
    DuressAlarm,
    FactorRequest,
    Kiosk,
    Person,
    PinCounter,
)
from attendance.pins.typed import TypedPin
from attendance.services.alarm_mail import mail_alarms
from attendance.services.captures import KioskTimes, rescue_captures
from attendance.services.duress import raise_alarms
from attendance.services.entries import Given, accept_entry, decide_entry
from attendance.services.pins import set_pin
from recognition import Reason
from tests.attendance.access_rows import change, make_group, make_override, never, only
from tests.attendance.coming import comes, resembles
from tests.attendance.rows import make_kiosk, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pins")]

PIN, DURESS, WRONG = "8305", "4709", "6193"


@pytest.fixture
def ada() -> Person:
    person = make_person("E-0417")
    set_pin(person=person, pin=TypedPin(PIN), duress=TypedPin(DURESS), by="hana")
    return person


@pytest.fixture
def strict(kiosk: Kiosk) -> Kiosk:
    """A kiosk at a door that asks for face and PIN."""
    change(kiosk.door, mode=DoorMode.FACE_AND_PIN)
    return kiosk


def enter(
    kiosk: Kiosk,
    pin: str | None = PIN,
    *,
    number: str = "",
    face: CheckIn | None = None,
    challenge: str = "",
    entry_id: uuid.UUID | None = None,
    at: datetime | None = None,
) -> CheckIn:
    """Enter something as a kiosk sends it, and return the decision."""
    now = timezone.now()
    given = Given(
        capture=face.capture_id if face else None,
        number=number,
        pin=TypedPin(pin) if pin else None,
        challenge=challenge,
        how=("sign", "keypad"),
    )
    key = entry_id or uuid.uuid4()
    times = KioskTimes(captured_at=at or now, sent_at=now)
    _stored, is_new = accept_entry(entry_id=key, kiosk=kiosk, times=times, given=given)
    if is_new:
        decide_entry(entry_id=key, kiosk=kiosk, given=given)
    return CheckIn.objects.get(capture=key)


def outcome(check_in: CheckIn) -> tuple[bool, str]:
    return check_in.accepted, str(check_in.reason)


class TestNumberAndPin:
    """The way without biometrics, at every door."""

    @pytest.mark.parametrize("mode", DoorMode)
    def test_it_opens_under_every_mode_without_face_or_consent(
        self, kiosk: Kiosk, mode: DoorMode
    ) -> None:
        change(kiosk.door, mode=mode)
        person = make_person("E-0417", consent=False)
        set_pin(person=person, pin=TypedPin(PIN), by="hana")
        check_in = enter(kiosk, number="E-0417")
        assert outcome(check_in) == (True, "matched")
        assert (check_in.person, check_in.factors) == (person, "pin+number")

    def test_on_a_keypad_the_digits_of_the_number_do(self, kiosk: Kiosk, ada: Person) -> None:
        assert enter(kiosk, number="0417").person == ada
        make_person("F0417", "Wang Fang")
        assert outcome(enter(kiosk, number="0417")) == (False, "wrong_pin")

    def test_wrong_pin_unknown_number_and_person_without_pin_are_one_refusal(
        self, kiosk: Kiosk, ada: Person
    ) -> None:
        make_person("E2", "Wang Fang")
        refusals = [
            enter(kiosk, WRONG, number="E-0417"),
            enter(kiosk, PIN, number="E404"),
            enter(kiosk, PIN, number="E2"),
        ]
        told = {(r.accepted, r.reason, r.person, r.rule, r.factors) for r in refusals}
        assert told == {(False, "wrong_pin", None, "", "")}

    def test_the_policy_still_decides(self, kiosk: Kiosk, ada: Person) -> None:
        only(kiosk.door, make_group("Staff", ada), never())
        assert outcome(enter(kiosk, number="E-0417")) == (False, "outside_hours")

    def test_lockdown_keeps_the_right_pin_out(self, kiosk: Kiosk, ada: Person) -> None:
        make_override(kiosk.site)
        assert outcome(enter(kiosk, number="E-0417")) == (False, "lockdown")

    def test_somebody_switched_off_stays_out(self, kiosk: Kiosk, ada: Person) -> None:
        change(ada, active=False)
        assert outcome(enter(kiosk, number="E-0417")) == (False, "person_inactive")

    def test_five_wrong_pins_lock_and_the_delay_unlocks(self, kiosk: Kiosk, ada: Person) -> None:
        for _ in range(5):
            enter(kiosk, WRONG, number="E-0417")
        locked = enter(kiosk, number="E-0417")
        assert outcome(locked) == (False, "pin_locked")
        assert locked.capture.entry.locked_until is not None
        PinCounter.objects.filter(person=ada).update(locked_until=timezone.now())
        assert outcome(enter(kiosk, number="E-0417")) == (True, "matched")


class TestFaceAndPin:
    """A face that wants its PIN, and no other."""

    def test_the_right_pin_opens_and_tells_one_event_of_both(
        self, strict: Kiosk, ada: Person
    ) -> None:
        face = comes(strict, ada)
        assert outcome(face) == (False, "factor_missing")
        check_in = enter(strict, face=face)
        assert outcome(check_in) == (True, "matched")
        assert (check_in.person, check_in.factors) == (ada, "face+pin")
        assert check_in.best_distance == face.best_distance
        assert check_in.capture.entry.how == "keypad+sign"

    def test_another_persons_pin_with_my_face_never_opens(self, strict: Kiosk, ada: Person) -> None:
        wang = make_person("E2", "Wang Fang")
        set_pin(person=wang, pin=TypedPin("61938"), by="hana")
        assert outcome(enter(strict, "61938", face=comes(strict, ada))) == (False, "wrong_pin")

    def test_a_face_without_a_pin_never_opens(self, strict: Kiosk, ada: Person) -> None:
        for _ in range(3):
            assert outcome(comes(strict, ada)) == (False, "factor_missing")
        assert not CheckIn.objects.filter(accepted=True).exists()

    def test_a_wrong_pin_may_be_corrected_while_the_door_waits(
        self, strict: Kiosk, ada: Person
    ) -> None:
        face = comes(strict, ada)
        assert outcome(enter(strict, WRONG, face=face)) == (False, "wrong_pin")
        assert outcome(enter(strict, face=face)) == (True, "matched")

    def test_a_request_lets_in_once(self, strict: Kiosk, ada: Person) -> None:
        face = comes(strict, ada)
        enter(strict, face=face)
        assert outcome(enter(strict, face=face)) == (False, "request_expired")

    def test_a_request_that_is_over_opens_nothing(self, strict: Kiosk, ada: Person) -> None:
        face = comes(strict, ada)
        FactorRequest.objects.update(expires_at=timezone.now())
        assert outcome(enter(strict, face=face)) == (False, "request_expired")

    def test_another_kiosk_cannot_answer(self, strict: Kiosk, ada: Person) -> None:
        other, _ = make_kiosk(strict.site, "Back door")
        assert outcome(enter(other, face=comes(strict, ada))) == (False, "request_expired")

    def test_a_face_that_was_let_in_or_refused_asks_for_nothing(
        self, kiosk: Kiosk, ada: Person
    ) -> None:
        assert outcome(enter(kiosk, face=comes(kiosk, ada))) == (False, "request_expired")

    def test_consent_withdrawn_meanwhile_ends_it(self, strict: Kiosk, ada: Person) -> None:
        face = comes(strict, ada)
        ada.consents.all().delete()
        assert outcome(enter(strict, face=face)) == (False, "not_permitted")

    def test_hours_that_end_while_somebody_types_keep_the_door_shut(
        self, strict: Kiosk, ada: Person
    ) -> None:
        face = comes(strict, ada)
        only(strict.door, make_group("Staff", ada), never())
        assert outcome(enter(strict, face=face)) == (False, "outside_hours")

    def test_a_doubtful_face_is_confirmed_by_its_pin(self, kiosk: Kiosk, ada: Person) -> None:
        change(kiosk.door, step_up=True)
        face = resembles(kiosk, ada, distance=0.3, reason=Reason.AMBIGUOUS)
        assert outcome(enter(kiosk, WRONG, face=face)) == (False, "wrong_pin")
        assert outcome(enter(kiosk, face=face)) == (True, "matched")


class TestChallenge:
    """Digits by sign: made here, used once."""

    @pytest.fixture
    def lively(self, kiosk: Kiosk) -> Kiosk:
        """A kiosk at a door that wants a sign beside the face."""
        change(kiosk.door, challenge=ChallengeRule.WITH_FACE)
        return kiosk

    @pytest.mark.parametrize("digits", [1, 2, 3])
    def test_the_digits_that_were_asked_for_open(
        self, lively: Kiosk, ada: Person, digits: int
    ) -> None:
        change(lively.door, challenge_digits=digits)
        face = comes(lively, ada)
        asked = FactorRequest.objects.get().challenge
        assert len(asked) == digits
        assert asked.isdecimal()
        check_in = enter(lively, None, face=face, challenge=asked)
        assert (outcome(check_in), check_in.factors) == ((True, "matched"), "face+challenge")

    def test_other_digits_do_not_and_use_the_challenge_up(self, lively: Kiosk, ada: Person) -> None:
        face = comes(lively, ada)
        asked = FactorRequest.objects.get().challenge
        assert len(asked) == defaults.CHALLENGE_DIGITS
        wrong = asked[::-1]
        assert outcome(enter(lively, None, face=face, challenge=wrong)) == (
            False,
            "wrong_challenge",
        )
        with patch("secrets.choice", lambda options: options[0]):
            again = enter(lively, None, face=face, challenge="999")
        assert outcome(again) == (False, "wrong_challenge")
        assert FactorRequest.objects.get().challenge == "01"

    @pytest.mark.parametrize("digits", [0, 4])
    def test_a_door_asks_for_one_to_three(self, lively: Kiosk, digits: int) -> None:
        with pytest.raises(IntegrityError):
            Door.objects.update(challenge_digits=digits)

    def test_five_wrong_answers_end_it(self, lively: Kiosk, ada: Person) -> None:
        face = comes(lively, ada)
        for _ in range(defaults.MOST_CHALLENGES):
            assert enter(lively, None, face=face, challenge="999").reason == "wrong_challenge"
        assert enter(lively, None, face=face, challenge="999").reason == "request_expired"

    def test_challenge_and_pin_are_asked_for_one_after_the_other(
        self, lively: Kiosk, ada: Person
    ) -> None:
        change(lively.door, mode=DoorMode.FACE_AND_PIN)
        face = comes(lively, ada)
        request = FactorRequest.objects.get()
        first = enter(lively, None, face=face, challenge=request.challenge)
        assert outcome(first) == (False, "factor_missing")
        request.refresh_from_db()
        assert (request.shown, request.wanted) == ("face+challenge", "pin")
        assert outcome(enter(lively, face=face)) == (True, "matched")

    def test_a_pin_alone_does_not_stand_for_the_sign(self, lively: Kiosk, ada: Person) -> None:
        change(lively.door, mode=DoorMode.FACE_AND_PIN)
        assert outcome(enter(lively, face=comes(lively, ada))) == (False, "factor_missing")


class TestOnce:
    """An entry is one event and one try, however often it comes."""

    def test_the_same_entry_again_is_the_same_decision(self, kiosk: Kiosk, ada: Person) -> None:
        key = uuid.uuid4()
        first = enter(kiosk, WRONG, number="E-0417", entry_id=key)
        again = enter(kiosk, PIN, number="E-0417", entry_id=key)
        assert again == first
        assert PinCounter.objects.get(person=ada).failures == 1

    def test_an_id_is_not_used_for_two_things(self, kiosk: Kiosk, ada: Person) -> None:
        key = uuid.uuid4()
        enter(kiosk, number="E-0417", entry_id=key)
        with pytest.raises(CaptureConflict):
            enter(kiosk, number="E2", entry_id=key)
        other, _ = make_kiosk(kiosk.site, "Back door")
        with pytest.raises(CaptureConflict):
            enter(other, number="E-0417", entry_id=key)

    def test_an_entry_whose_decision_was_lost_is_closed_and_opens_nothing(
        self, kiosk: Kiosk, ada: Person
    ) -> None:
        key, now = uuid.uuid4(), timezone.now()
        given = Given(capture=None, number="E-0417", pin=TypedPin(PIN), challenge="")
        times = KioskTimes(captured_at=now, sent_at=now)
        accept_entry(entry_id=key, kiosk=kiosk, times=times, given=given)
        rescue_captures(now=now + timedelta(seconds=10))
        assert Capture.objects.get(pk=key).state == CaptureState.FAILED
        decide_entry(entry_id=key, kiosk=kiosk, given=given)
        assert not CheckIn.objects.exists()

    @pytest.mark.parametrize(
        "given",
        [
            Given(None, "E-0417", None, ""),
            Given(None, "", TypedPin(PIN), ""),
            Given(None, "E-0417", TypedPin(PIN), "47"),
            Given(uuid.uuid4(), "E-0417", TypedPin(PIN), ""),
            Given(uuid.uuid4(), "", None, ""),
        ],
        ids=["no PIN", "no number", "challenge without face", "number and face", "nothing"],
    )
    def test_what_is_not_whole_is_refused(self, kiosk: Kiosk, given: Given) -> None:
        now = timezone.now()
        with pytest.raises(CaptureRefused) as refused:
            accept_entry(
                entry_id=uuid.uuid4(), kiosk=kiosk, times=KioskTimes(now, now), given=given
            )
        assert refused.value.code == "incomplete_entry"

    def test_what_a_cut_line_brings_after_the_kiosk_has_given_it_up_is_no_entry(
        self, kiosk: Kiosk, ada: Person
    ) -> None:
        """Neither by when it says it was sent, which is when it was signed, nor by a try."""
        then = timezone.now() - defaults.DOOR_OPEN_WITHIN - timedelta(seconds=1)
        given = Given(None, "E-0417", TypedPin(PIN), "")
        ahead = timedelta(seconds=40)
        for times in (
            KioskTimes(captured_at=then, sent_at=timezone.now()),
            KioskTimes(captured_at=then, sent_at=then, capture_skew_ms=0),
            KioskTimes(captured_at=then + ahead, sent_at=then + ahead, capture_skew_ms=40_000),
        ):
            with pytest.raises(CaptureRefused, match="too long ago"):
                accept_entry(entry_id=uuid.uuid4(), kiosk=kiosk, times=times, given=given)
        assert not Capture.objects.exists()

    def test_a_kiosk_whose_clock_is_off_is_not_taken_to_be_late(
        self, kiosk: Kiosk, ada: Person
    ) -> None:
        for off_s in (-100, 100):
            at = timezone.now() + timedelta(seconds=off_s)
            times = KioskTimes(captured_at=at, sent_at=at, capture_skew_ms=off_s * 1000)
            given = Given(None, "E-0417", TypedPin(PIN), "")
            assert accept_entry(entry_id=uuid.uuid4(), kiosk=kiosk, times=times, given=given)[1]

    def test_nothing_given_shows_in_a_trace(self) -> None:
        given = Given(None, "E1", TypedPin("830572"), "472")
        assert "830572" not in repr(given)
        assert "472" not in repr(given)


class TestDuress:
    """The duress PIN opens like the other and says so to nobody at the door."""

    def test_it_opens_and_the_check_in_looks_the_same(self, kiosk: Kiosk, ada: Person) -> None:
        same = ("accepted", "reason", "person", "rule", "factors", "wanted", "noted")
        calm = enter(kiosk, PIN, number="E-0417")
        CheckIn.objects.filter(pk=calm.pk).update(happened_at=calm.happened_at - timedelta(days=1))
        forced = enter(kiosk, DURESS, number="E-0417")
        assert [getattr(calm, name) for name in same] == [getattr(forced, name) for name in same]

    def test_an_alarm_is_raised_once_and_mailed(
        self, kiosk: Kiosk, ada: Person, caplog: pytest.LogCaptureFixture
    ) -> None:
        change(kiosk.site, alarm_recipients="guard@example.org")
        enter(kiosk, PIN, number="E-0417")
        assert raise_alarms(now=timezone.now()) == 0
        enter(kiosk, DURESS, number="E-0417")
        assert raise_alarms(now=timezone.now()) == 1
        assert raise_alarms(now=timezone.now()) == 0
        mail_alarms(now=timezone.now())
        alarm = DuressAlarm.objects.get()
        assert alarm.person == ada
        (sent,) = mail.outbox
        assert sent.to == ["guard@example.org"]
        assert ada.full_name in sent.body
        assert "duress alarm" in caplog.text
        assert ada.full_name not in caplog.text

    def test_it_alarms_where_the_door_stays_shut_as_well(self, kiosk: Kiosk, ada: Person) -> None:
        only(kiosk.door, make_group("Staff", ada), never())
        assert outcome(enter(kiosk, DURESS, number="E-0417")) == (False, "outside_hours")
        assert raise_alarms(now=timezone.now()) == 1

    def test_an_expired_duress_pin_alarms_too(self, kiosk: Kiosk, ada: Person) -> None:
        change(ada.pin, expires_at=timezone.now())
        assert outcome(enter(kiosk, DURESS, number="E-0417")) == (False, "pin_expired")
        raise_alarms(now=timezone.now())
        assert DuressAlarm.objects.get().person == ada

    def test_the_decision_itself_writes_no_alarm_and_sends_no_mail(
        self, kiosk: Kiosk, ada: Person
    ) -> None:
        enter(kiosk, DURESS, number="E-0417")
        assert not DuressAlarm.objects.exists()
        assert mail.outbox == []
