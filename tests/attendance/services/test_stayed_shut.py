"""Nobody is taken to have come in through a door that stayed shut, whatever was decided."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from attendance import defaults
from attendance.access_choices import AntiPassback
from attendance.choices import DoorEventKind, ReasonCode
from attendance.errors import CaptureRefused
from attendance.models import Area, Capture, CheckIn, DoorEvent, Kiosk, Passage, Person
from attendance.selectors.presence import people_inside
from attendance.services.door_events import record_door_event
from tests.attendance.access_rows import change, lead_into
from tests.attendance.coming import comes
from tests.attendance.rows import make_capture, make_kiosk, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Person:
    return make_person()


@pytest.fixture
def hall(kiosk: Kiosk) -> Area:
    """What lies behind the kiosk's door: nobody goes in twice."""
    return lead_into(kiosk, anti_passback=AntiPassback.HARD)


def tell(kiosk: Kiosk, capture_id: uuid.UUID | None, kind: str = "stayed_shut") -> DoorEvent:
    return record_door_event(
        event_id=uuid.uuid4(),
        kiosk=kiosk,
        kind=DoorEventKind(kind),
        reported_at=timezone.now(),
        skew_ms=None,
        capture_id=capture_id,
    )


def inside(area: Area) -> list[Person]:
    return list(people_inside(area=area, at=timezone.now()))


def test_whoever_was_let_in_and_found_it_shut_is_outside_and_may_try_again(
    kiosk: Kiosk, hall: Area, ada: Person
) -> None:
    check_in = comes(kiosk, ada)
    assert inside(hall) == [ada]
    tell(kiosk, check_in.capture_id)
    assert inside(hall) == []
    assert CheckIn.objects.get(pk=check_in.pk).accepted, "they were there, and might enter"
    assert comes(kiosk, ada).accepted


def test_told_before_it_was_decided_it_counts_as_well(
    kiosk: Kiosk, hall: Area, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kiosk gives up and says so while the decision is being written."""
    made = make_capture(kiosk)
    tell(kiosk, made.pk)
    monkeypatch.setattr("tests.attendance.coming.make_capture", lambda *_: made)
    assert comes(kiosk, ada).accepted
    assert inside(hall) == []


def test_of_two_who_wait_for_each_other_neither_is_in(
    kiosk: Kiosk, hall: Area, ada: Person
) -> None:
    change(kiosk.door, two_person_s=30)
    comes(kiosk, ada)
    second = comes(kiosk, make_person("E2", "Wang Fang"))
    assert Passage.objects.count() == 2
    tell(kiosk, second.capture_id)
    assert inside(hall) == []
    assert not Passage.objects.exists()


def test_another_kiosk_says_nothing_about_it(kiosk: Kiosk, hall: Area, ada: Person) -> None:
    check_in = comes(kiosk, ada)
    tell(make_kiosk(kiosk.site, "Back door")[0], check_in.capture_id)
    assert inside(hall) == [ada]


def test_other_people_stay_where_they_are(kiosk: Kiosk, hall: Area, ada: Person) -> None:
    comes(kiosk, ada)
    wang = make_person("E2", "Wang Fang")
    tell(kiosk, comes(kiosk, wang).capture_id)
    assert inside(hall) == [ada]


def test_what_never_reached_the_server_is_kept_and_changes_nothing(
    kiosk: Kiosk, hall: Area, ada: Person
) -> None:
    comes(kiosk, ada)
    event = tell(kiosk, uuid.uuid4())
    assert event.kind == DoorEventKind.STAYED_SHUT
    assert inside(hall) == [ada]


@pytest.mark.parametrize(("kind", "with_capture"), [("forced", True), ("stayed_shut", False)])
def test_a_capture_belongs_to_a_door_that_stayed_shut(
    kiosk: Kiosk, kind: str, with_capture: bool
) -> None:
    with pytest.raises(CaptureRefused) as refused:
        tell(kiosk, uuid.uuid4() if with_capture else None, kind)
    assert refused.value.code == "capture_out_of_place"
    assert not DoorEvent.objects.exists()


class TestLate:
    """What is decided after an outage opens nothing any more."""

    LATE = defaults.DOOR_OPEN_WITHIN + timedelta(seconds=5)

    def late(self) -> datetime:
        return timezone.now() - self.LATE

    def test_it_counts_as_a_check_in_and_nobody_has_come_in(
        self, kiosk: Kiosk, hall: Area, ada: Person
    ) -> None:
        assert comes(kiosk, ada, self.late()).reason == ReasonCode.MATCHED
        assert inside(hall) == []

    def test_but_whom_the_kiosk_had_let_in_by_itself_has(
        self, kiosk: Kiosk, hall: Area, ada: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = make_capture(kiosk, self.late(), offline_person=ada.pk)
        monkeypatch.setattr("tests.attendance.coming.make_capture", lambda *_: made)
        check_in = comes(kiosk, ada)
        assert Capture.objects.get().offline_person == ada.pk
        assert inside(hall) == [ada]
        tell(kiosk, check_in.capture_id)
        assert inside(hall) == [ada], "that door did open"
