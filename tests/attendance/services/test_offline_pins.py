"""Whose PINs a kiosk may check while it is cut off, and what the server makes of it afterwards."""

import base64
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.utils import timezone

from attendance import defaults
from attendance.access_choices import DoorMode, OfflineMode
from attendance.choices import OfflineVerdict
from attendance.errors import CaptureRefused
from attendance.models import (
    Capture,
    CheckIn,
    DoorOverride,
    DuressAlarm,
    Kiosk,
    Passage,
    Person,
    PinCounter,
)
from attendance.pins.typed import TypedPin
from attendance.services.captures import KioskTimes
from attendance.services.duress import raise_alarms
from attendance.services.entries import Given, accept_entry, decide_entry
from attendance.services.offline_pins import offline_pins
from attendance.services.pin_checks import OfflineWord
from attendance.services.pins import set_pin
from kiosk.offline.pin_list import PinList, open_list, proof_of
from kiosk.pin import Digits
from tests.attendance.access_rows import change, make_group, make_override, never, only
from tests.attendance.rows import make_check_in, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pins")]

PIN, DURESS, WRONG = "8305", "4709", "6193"
HOUR = timedelta(hours=1)


@pytest.fixture
def cut_off(kiosk: Kiosk) -> Kiosk:
    """Return a kiosk whose door opens by number and PIN while the server is away."""
    change(kiosk.door, offline=OfflineMode.PINS)
    return kiosk


@pytest.fixture
def ada() -> Person:
    return with_pin("E-0417")


def with_pin(number: str, pin: str = PIN, **fields: Any) -> Person:
    person = make_person(number, **fields)
    set_pin(person=person, pin=TypedPin(pin), duress=TypedPin(DURESS), by="hana")
    return person


def listed(kiosk: Kiosk) -> PinList:
    """The list as the kiosk opens it."""
    key = X25519PrivateKey.generate()
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    sealed = offline_pins(kiosk=kiosk, seal_key=public, now=timezone.now())
    return open_list(sealed, key, kiosk=str(kiosk.pk))


def names(kiosk: Kiosk) -> set[str]:
    return {str(person.id) for person in listed(kiosk).people.values()}


def typed_offline(
    kiosk: Kiosk,
    pin: str = PIN,
    *,
    number: str = "E-0417",
    at: datetime | None = None,
    entry_id: uuid.UUID | None = None,
    pins: PinList | None = None,
) -> CheckIn:
    """Type number and PIN at a kiosk that is cut off, and return what the server decides later."""
    at, pins = at or timezone.now() - HOUR, pins or listed(kiosk)
    claimed = pins.claimed(number)
    made, right = pins.made(Digits(pin), claimed, number)
    word = OfflineWord(None)
    if right and claimed is not None:
        proof = proof_of(made, kiosk=str(kiosk.pk), person=claimed.id, entered_at=at)
        word = OfflineWord(claimed.id, True, proof)
    return told(kiosk, word, number=number, at=at, entry_id=entry_id)


def told(
    kiosk: Kiosk,
    word: OfflineWord,
    *,
    number: str = "E-0417",
    at: datetime,
    entry_id: uuid.UUID | None = None,
) -> CheckIn:
    key = entry_id or uuid.uuid4()
    given = Given(capture=None, number=number, pin=None, challenge="", how=(), offline=word)
    times = KioskTimes(captured_at=at, sent_at=timezone.now(), capture_skew_ms=0)
    _stored, is_new = accept_entry(entry_id=key, kiosk=kiosk, times=times, given=given)
    if is_new:
        decide_entry(entry_id=key, kiosk=kiosk, given=given)
    return CheckIn.objects.get(capture=key)


def outcome(check_in: CheckIn) -> tuple[bool, str, str]:
    return check_in.accepted, str(check_in.reason), str(check_in.offline)


class TestTheList:
    """Who is on it, and who is not."""

    @pytest.mark.parametrize("mode", OfflineMode)
    def test_only_a_door_that_may_gets_one(
        self, kiosk: Kiosk, ada: Person, mode: OfflineMode
    ) -> None:
        change(kiosk.door, offline=mode)
        key = base64.b64encode(X25519PrivateKey.generate().public_key().public_bytes_raw())
        made = offline_pins(kiosk=kiosk, seal_key=key.decode(), now=timezone.now())
        assert bool(made) == (mode in (OfflineMode.PINS, OfflineMode.FACES_AND_PINS))

    @pytest.mark.parametrize("mode", DoorMode)
    def test_whoever_may_enter_by_number_and_pin_is_on_it_with_hours_and_an_end(
        self, cut_off: Kiosk, ada: Person, mode: DoorMode
    ) -> None:
        change(cut_off.door, mode=mode)
        make_person("E2", "Wang Fang")
        pins, now = listed(cut_off), timezone.now()
        found = pins.claimed("E-0417")
        assert found is not None
        assert (found.id, found.windows.hold(now)) == (ada.pk, True)
        assert not found.windows.hold(now + 9 * HOUR)
        assert now + 7 * HOUR < pins.validity.end <= now + 8 * HOUR
        assert names(cut_off) == {str(ada.pk)}

    def test_whoever_may_not_is_not(self, cut_off: Kiosk, ada: Person) -> None:
        with_pin("V1", visitor=True)
        with_pin("E2", active=False)
        with_pin("E3", valid_until=timezone.now() - HOUR)
        change(with_pin("E4").pin, expires_at=timezone.now())
        assert names(cut_off) == {str(ada.pk)}
        make_override(cut_off.site)
        assert names(cut_off) == set()
        DoorOverride.objects.all().delete()
        only(cut_off.door, make_group("Staff", ada), never())
        assert names(cut_off) == set()

    def test_a_pin_that_expires_ends_its_hours(self, cut_off: Kiosk, ada: Person) -> None:
        now = timezone.now()
        change(ada.pin, expires_at=now + HOUR)
        found = listed(cut_off).claimed("E-0417")
        assert found is not None
        assert found.windows.hold(now + HOUR / 2)
        assert not found.windows.hold(now + 2 * HOUR)

    def test_the_digits_of_a_number_do_where_they_are_one_persons(
        self, cut_off: Kiosk, ada: Person
    ) -> None:
        assert listed(cut_off).claimed("0417") is not None
        make_person("F0417", "Wang Fang")
        assert listed(cut_off).claimed("0417") is None

    def test_it_is_bounded_to_those_who_came_last(
        self, cut_off: Kiosk, ada: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(defaults, "MOST_OFFLINE_PINS", 1)
        wang = with_pin("E2", name="Wang Fang")
        for person, ago in ((ada, 2 * HOUR), (wang, HOUR)):
            Passage.objects.create(
                check_in=make_check_in(cut_off, person=person),
                person=person,
                door=cut_off.door,
                direction="in",
                happened_at=timezone.now() - ago,
            )
        assert names(cut_off) == {str(wang.pk)}

    def test_wrong_pins_so_far_and_locks_are_on_it(self, cut_off: Kiosk, ada: Person) -> None:
        for _ in range(2):
            typed_offline(cut_off, WRONG)
        found = listed(cut_off).claimed("E-0417")
        assert found is not None
        assert (found.wrong, listed(cut_off).wrong) == (2, 2)
        PinCounter.objects.filter(person=ada).update(locked_until=timezone.now() + HOUR)
        found = listed(cut_off).claimed("E-0417")
        assert found is not None
        assert found.wrong == defaults.PIN_LIMIT_PERSON.allowed

    @pytest.mark.parametrize("key", ["", "x", base64.b64encode(bytes(32)).decode()])
    def test_what_is_no_key_is_refused(self, cut_off: Kiosk, ada: Person, key: str) -> None:
        with pytest.raises(CaptureRefused):
            offline_pins(kiosk=cut_off, seal_key=key, now=timezone.now())


class TestAfterwards:
    """What a kiosk decided by itself arrives, once, and is looked at again."""

    def test_the_right_pin_becomes_a_check_in_of_its_own_time(
        self, cut_off: Kiosk, ada: Person
    ) -> None:
        at = timezone.now() - HOUR
        check_in = typed_offline(cut_off, at=at)
        assert outcome(check_in) == (True, "matched", OfflineVerdict.CONFIRMED)
        assert (check_in.person, check_in.factors) == (ada, "pin+number")
        assert check_in.happened_at == at
        assert Passage.objects.get().happened_at == at

    def test_it_arrives_once(self, cut_off: Kiosk, ada: Person) -> None:
        key, at, pins = uuid.uuid4(), timezone.now() - HOUR, listed(cut_off)
        once = typed_offline(cut_off, entry_id=key, at=at, pins=pins)
        assert typed_offline(cut_off, entry_id=key, at=at, pins=pins) == once
        assert CheckIn.objects.count() == 1

    @pytest.mark.parametrize("may_enter", [True, False])
    def test_decided_here_and_its_answer_lost_and_then_there_it_is_one_event_and_says_so(
        self, cut_off: Kiosk, ada: Person, may_enter: bool
    ) -> None:
        """The same entry in both ways; a second one would have an id of its own."""
        key, at, pins = uuid.uuid4(), timezone.now(), listed(cut_off)
        if not may_enter:
            only(cut_off.door, make_group("Staff", ada), never())
        given = Given(None, "E-0417", TypedPin(PIN), "")
        accept_entry(entry_id=key, kiosk=cut_off, times=KioskTimes(at, at), given=given)
        decide_entry(entry_id=key, kiosk=cut_off, given=given)
        check_in = typed_offline(cut_off, entry_id=key, at=at, pins=pins)
        assert CheckIn.objects.count() == 1
        verdict = OfflineVerdict.CONFIRMED if may_enter else OfflineVerdict.CONTRADICTED
        assert (check_in.accepted, check_in.offline) == (may_enter, verdict)

    def test_a_duress_pin_alarms_when_it_arrives_and_looks_the_same(
        self, cut_off: Kiosk, ada: Person
    ) -> None:
        check_in = typed_offline(cut_off, DURESS)
        assert outcome(check_in) == (True, "matched", OfflineVerdict.CONFIRMED)
        assert raise_alarms(now=timezone.now()) == 1
        assert DuressAlarm.objects.get().person == ada

    def test_wrong_ones_are_counted_and_lock(self, cut_off: Kiosk, ada: Person) -> None:
        for _ in range(5):
            assert outcome(typed_offline(cut_off, WRONG)) == (False, "wrong_pin", "")
        counter = PinCounter.objects.get(person=ada)
        assert counter.failures == 5
        assert counter.locked_until is not None
        typed_offline(cut_off)
        assert not PinCounter.objects.filter(person=ada).exists()

    @pytest.mark.parametrize("number", ["E404", "E-0417"])
    def test_wrong_number_and_wrong_pin_are_one_refusal(
        self, cut_off: Kiosk, ada: Person, number: str
    ) -> None:
        check_in = typed_offline(cut_off, WRONG, number=number)
        assert outcome(check_in) == (False, "wrong_pin", "")
        assert (check_in.person, check_in.factors) == (None, "")

    def test_whoever_holds_the_kiosks_key_alone_proves_nothing(
        self, cut_off: Kiosk, ada: Person
    ) -> None:
        at = timezone.now() - HOUR
        forged = [b"", bytes(32)]
        forged.append(proof_of(bytes(32), kiosk=str(cut_off.pk), person=ada.pk, entered_at=at))
        for proof in forged:
            check_in = told(cut_off, OfflineWord(ada.pk, True, proof), at=at)
            assert outcome(check_in) == (False, "wrong_pin", OfflineVerdict.CONTRADICTED)

    def test_a_proof_serves_for_its_own_moment_and_person(
        self, cut_off: Kiosk, ada: Person
    ) -> None:
        wang, at = with_pin("E2", name="Wang Fang"), timezone.now() - HOUR
        pins = listed(cut_off)
        made, _ = pins.made(Digits(PIN), pins.claimed("E-0417"), "E-0417")
        proof = proof_of(made, kiosk=str(cut_off.pk), person=ada.pk, entered_at=at)
        later = told(cut_off, OfflineWord(ada.pk, True, proof), at=at + HOUR / 2)
        other = told(cut_off, OfflineWord(wang.pk, True, proof), at=at, number="E2")
        crossed = told(cut_off, OfflineWord(ada.pk, True, proof), at=at, number="E2")
        assert {c.reason for c in (later, other, crossed)} == {"wrong_pin"}

    def test_a_pin_changed_meanwhile_contradicts(self, cut_off: Kiosk, ada: Person) -> None:
        pins = listed(cut_off)
        set_pin(person=ada, pin=TypedPin("58302"), by="hana")
        assert outcome(typed_offline(cut_off, pins=pins)) == (
            False,
            "wrong_pin",
            OfflineVerdict.CONTRADICTED,
        )
        assert not PinCounter.objects.filter(person=ada, failures__gt=0).exists()

    def test_the_policy_of_that_time_decides_again(self, cut_off: Kiosk, ada: Person) -> None:
        pins = listed(cut_off)
        only(cut_off.door, make_group("Staff", ada), never())
        assert outcome(typed_offline(cut_off, pins=pins)) == (
            False,
            "outside_hours",
            OfflineVerdict.CONTRADICTED,
        )

    def test_what_the_kiosk_refused_is_no_contradiction(self, cut_off: Kiosk, ada: Person) -> None:
        pins, at = listed(cut_off), timezone.now() - HOUR
        only(cut_off.door, make_group("Staff", ada), never())
        made, _ = pins.made(Digits(DURESS), pins.claimed("E-0417"), "E-0417")
        proof = proof_of(made, kiosk=str(cut_off.pk), person=ada.pk, entered_at=at)
        check_in = told(cut_off, OfflineWord(ada.pk, False, proof), at=at)
        assert outcome(check_in) == (False, "outside_hours", OfflineVerdict.NONE)
        assert raise_alarms(now=timezone.now()) == 1

    def test_pin_and_word_together_are_refused(self, cut_off: Kiosk, ada: Person) -> None:
        now = timezone.now()
        both = Given(None, "E-0417", TypedPin(PIN), "", offline=OfflineWord(None))
        with pytest.raises(CaptureRefused):
            accept_entry(
                entry_id=uuid.uuid4(), kiosk=cut_off, times=KioskTimes(now, now), given=both
            )
        assert not Capture.objects.exists()
