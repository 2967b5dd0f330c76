"""Decisions are written down by the state of the database at that moment."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from attendance.choices import ReasonCode
from attendance.models import Capture, CheckIn, Consent, Kiosk, Person
from attendance.services.check_ins import check_in_record, event_time
from attendance.services.decisions import engine, gallery_cache
from attendance.services.people import withdraw_consent
from recognition import Decision, Match, Reason
from tests.attendance.rows import make_capture, make_person, make_template

pytestmark = pytest.mark.django_db(transaction=True)

TOO_LATE: dict[str, Callable[[Person], object]] = {
    "was deactivated": lambda p: Person.objects.filter(pk=p.pk).update(active=False),
    "withdrew consent": lambda p: withdraw_consent(person=p),
    "whose consent ended": lambda p: Consent.objects.update(
        given_at=timezone.now() - timedelta(days=2), until=timezone.now()
    ),
    "lost the consent's row": lambda p: Consent.objects.all().delete(),
    "was deleted": lambda p: p.delete(),
}


def record(kiosk: Kiosk, person: Person, meanwhile: Callable[[], object]) -> CheckIn:
    """Write down a match that a worker found before something else happened."""
    capture = make_capture(kiosk)
    loaded = gallery_cache().current(now=timezone.now())
    match = Match(str(person.pk), 0.1, None, float("inf"))
    meanwhile()
    check_in = check_in_record(
        capture_id=capture.pk,
        decision=Decision(accepted=True, reason=Reason.MATCHED, match=match),
        probe=None,
        loaded=loaded,
        engine=engine().id,
    )
    assert check_in is not None
    return check_in


@pytest.mark.parametrize("change", TOO_LATE)
def test_a_person_is_refused_who_in_the_meantime(kiosk: Kiosk, change: str) -> None:
    person = make_person()
    make_template(person)
    check_in = record(kiosk, person, lambda: TOO_LATE[change](person))
    assert (check_in.accepted, check_in.reason) == (False, ReasonCode.NOT_PERMITTED)
    assert check_in.person is None


def test_a_person_is_let_in_whose_consent_ends_later(kiosk: Kiosk) -> None:
    person = make_person()
    tomorrow = timezone.now() + timedelta(days=1)
    check_in = record(kiosk, person, lambda: Consent.objects.update(until=tomorrow))
    assert (check_in.accepted, check_in.person) == (True, person)


def test_the_time_of_an_event_is_the_kiosks_less_its_skew(kiosk: Kiosk) -> None:
    now = timezone.now()
    capture = Capture(kiosk=kiosk, captured_at=now, clock_skew_ms=90_000)
    assert event_time(capture) == now - timedelta(seconds=90)
