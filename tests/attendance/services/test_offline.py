"""What a kiosk may go by while it is cut off, and what the server makes of it afterwards."""

import json
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from attendance.access_choices import DoorMode, OfflineMode, OverrideKind
from attendance.choices import OfflineVerdict
from attendance.models import CheckIn, Kiosk, Person
from attendance.services import server_key
from attendance.services.captures import KioskTimes, accept_capture
from attendance.services.decisions import decide_capture
from attendance.services.offline import offline_pack
from kiosk.offline import OfflinePack, parse_pack
from tests.attendance.access_rows import change, make_group, make_override, never, only
from tests.attendance.pictures import ADA, WANG, burst
from tests.attendance.rows import enrolled, make_capture, make_person
from tests.attendance.sending import send

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def offline_door(kiosk: Kiosk) -> Kiosk:
    """Return a kiosk whose door may let in by face while it is cut off."""
    change(kiosk.door, offline=OfflineMode.FACES)
    return kiosk


def packed(kiosk: Kiosk) -> OfflinePack:
    """Return the pack as the kiosk reads it."""
    made = offline_pack(kiosk=kiosk, now=timezone.now())
    key = server_key.public_key()
    return parse_pack(made.pack, made.signature, kiosk=str(kiosk.pk), server_key=key)


def test_a_door_that_may_do_nothing_gets_nothing(kiosk: Kiosk) -> None:
    enrolled(ADA)
    assert offline_pack(kiosk=kiosk, now=timezone.now()).pack == b""


def test_who_may_enter_by_face_is_in_it_with_vectors_and_an_end(offline_door: Kiosk) -> None:
    ada = enrolled(ADA)
    make_person("E9", "Nobody's picture")
    pack = packed(offline_door)
    now = timezone.now()
    assert list(pack.people) == [str(ada.pk)]
    assert pack.people[str(ada.pk)].windows.hold(now)
    assert pack.gallery.people == (str(ada.pk),)
    assert now + timedelta(hours=7) < pack.validity.end <= now + timedelta(hours=8)
    assert pack.validity.holds(now)
    assert not pack.validity.holds(pack.validity.end)
    assert not pack.validity.holds(now - timedelta(hours=1))


def test_whoever_may_not_enter_is_not_in_it(offline_door: Kiosk) -> None:
    ada, wang = enrolled(ADA), enrolled(WANG)
    Person.objects.filter(pk=ada.pk).update(active=False)
    assert list(packed(offline_door).people) == [str(wang.pk)]
    Person.objects.filter(pk=wang.pk).update(valid_until=timezone.now() + timedelta(hours=1))
    held = packed(offline_door).people[str(wang.pk)]
    assert not held.windows.hold(timezone.now() + timedelta(hours=2))
    wang.consents.update(withdrawn_at=timezone.now())
    assert not packed(offline_door).people


def test_a_consent_that_ends_ends_the_pack(offline_door: Kiosk) -> None:
    ada = enrolled(ADA)
    soon = timezone.now() + timedelta(minutes=10)
    ada.consents.update(until=soon)
    assert packed(offline_door).validity.end == soon


@pytest.mark.parametrize("mode", [DoorMode.FACE_AND_PIN, DoorMode.NUMBER_AND_PIN])
def test_a_door_that_wants_a_pin_lets_nobody_in_by_face_alone(
    offline_door: Kiosk, mode: DoorMode
) -> None:
    enrolled(ADA)
    change(offline_door.door, mode=mode)
    assert not packed(offline_door).people


def test_an_emergency_puts_nobody_on_the_list_who_is_not_on_it_otherwise(
    offline_door: Kiosk,
) -> None:
    enrolled(ADA)
    only(offline_door.door, make_group("Nobody"))
    make_override(offline_door.site, offline_door.door, OverrideKind.EMERGENCY_OPEN)
    assert not packed(offline_door).people


def test_outside_all_hours_and_in_a_lockdown_nobody_is_in_it(offline_door: Kiosk) -> None:
    ada = enrolled(ADA)
    assert packed(offline_door).people
    make_override(offline_door.site, offline_door.door, OverrideKind.LOCKDOWN)
    assert not packed(offline_door).people
    from attendance.models import DoorOverride

    DoorOverride.objects.all().delete()
    only(offline_door.door, make_group("Staff", ada), never())
    assert not packed(offline_door).people


def test_another_kiosks_pack_and_a_changed_one_are_no_packs(offline_door: Kiosk) -> None:
    from kiosk.errors import SealError

    enrolled(ADA)
    made = offline_pack(kiosk=offline_door, now=timezone.now())
    key = server_key.public_key()
    later = json.loads(made.pack) | {"expires_at": "2099-01-01T00:00:00+00:00"}
    for content, kiosk in (
        (made.pack, "0"),
        (json.dumps(later).encode(), str(offline_door.pk)),
    ):
        with pytest.raises(SealError):
            parse_pack(content, made.signature, kiosk=kiosk, server_key=key)


@pytest.mark.parametrize(
    ("claims", "verdict"),
    [
        ("ada", OfflineVerdict.CONFIRMED),
        ("nobody", OfflineVerdict.CONTRADICTED),
        (None, OfflineVerdict.NONE),
    ],
)
def test_the_server_looks_again_and_marks_what_it_finds(
    kiosk: Kiosk, claims: str | None, verdict: OfflineVerdict
) -> None:
    ada = enrolled(ADA)
    who = {"ada": ada.pk, "nobody": uuid.uuid4(), None: None}[claims]
    capture = send(kiosk, *burst(ADA.identity))
    type(capture).objects.filter(pk=capture.pk).update(offline_person=who)
    decide_capture(capture_id=capture.pk)
    assert CheckIn.objects.get().offline == verdict


def test_whoever_is_refused_afterwards_is_marked(kiosk: Kiosk) -> None:
    ada = enrolled(ADA)
    capture = send(kiosk, *burst(ADA.identity))
    type(capture).objects.filter(pk=capture.pk).update(offline_person=ada.pk)
    Person.objects.update(active=False)
    decide_capture(capture_id=capture.pk)
    check_in = CheckIn.objects.get()
    assert (check_in.accepted, check_in.offline) == (False, OfflineVerdict.CONTRADICTED)


@pytest.mark.parametrize(
    ("active", "verdict"),
    [(True, OfflineVerdict.CONFIRMED), (False, OfflineVerdict.CONTRADICTED)],
)
def test_decided_here_and_its_answer_lost_and_then_there_it_is_one_event_and_says_so(
    kiosk: Kiosk, active: bool, verdict: OfflineVerdict
) -> None:
    ada, now = enrolled(ADA), timezone.now()
    Person.objects.update(active=active)
    first = send(kiosk, *burst(ADA.identity), captured_at=now, sent_at=now)
    decide_capture(capture_id=first.pk)
    assert CheckIn.objects.get().offline == OfflineVerdict.NONE
    for _ in range(2):
        accept_capture(
            capture_id=first.pk,
            kiosk=kiosk,
            times=KioskTimes(now, timezone.now(), 0, offline_person=ada.pk),
            pictures=burst(ADA.identity),
        )
    check_in = CheckIn.objects.get()
    assert (check_in.accepted, check_in.offline) == (active, verdict)


def test_a_capture_holds_whom_the_kiosk_let_in_without_a_name(kiosk: Kiosk) -> None:
    capture = make_capture(kiosk, offline_person=uuid.uuid4())
    capture.refresh_from_db()
    assert capture.offline_person is not None
