"""What a kiosk is told when the access policy has a say."""

from datetime import timedelta

import pytest
from django.utils import timezone

from attendance.access_choices import DoorMode
from attendance.api.render import answer_of
from attendance.api.schemas import Decided, NeedsPin
from attendance.models import CheckIn, Kiosk
from attendance.services.overrides import begin_emergency, begin_lockdown, end_override
from tests.attendance.access_rows import (
    change,
    make_group,
    make_mode_rule,
    make_pin,
    make_schedule,
    only,
)
from tests.attendance.coming import comes
from tests.attendance.rows import make_person

pytestmark = pytest.mark.django_db


def told(check_in: CheckIn) -> Decided:
    answer = answer_of(check_in.capture)
    assert isinstance(answer, Decided)
    return answer


def test_a_refusal_has_its_reason_and_a_sentence_and_no_name(kiosk: Kiosk) -> None:
    only(kiosk.door, make_group())
    answer = told(comes(kiosk, make_person()))
    assert (answer.accepted, answer.open_door, answer.reason) == (False, False, "no_grant")
    assert answer.message == "This is not one of your doors."
    assert answer.person is None


def test_what_is_missing_is_told_and_nobody_is_let_in(kiosk: Kiosk) -> None:
    change(kiosk.door, mode=DoorMode.FACE_AND_PIN)
    person = make_person()
    make_pin(person)
    answer = answer_of(comes(kiosk, person).capture)
    assert isinstance(answer, NeedsPin)
    assert (answer.reason, answer.wanted) == ("factor_missing", ["pin"])


def test_a_lockdown_begun_after_the_decision_keeps_the_door_shut(kiosk: Kiosk) -> None:
    check_in = comes(kiosk, make_person())
    assert told(check_in).open_door
    site, door = kiosk.site, kiosk.door
    lockdown = begin_lockdown(site=site, door=None, by="guard", why="smoke")
    assert not told(check_in).open_door
    emergency = begin_emergency(
        site=site, door=door, by="guard", why="smoke", lasts=timedelta(hours=1)
    )
    assert told(check_in).open_door
    end_override(override=emergency, by="guard")
    assert not told(check_in).open_door
    end_override(override=lockdown, by="guard")
    assert told(check_in).open_door


def test_a_decision_of_a_while_ago_opens_nothing(kiosk: Kiosk) -> None:
    a_minute_ago = timezone.now() - timedelta(minutes=1)
    answer = told(comes(kiosk, make_person(), a_minute_ago))
    assert (answer.accepted, answer.open_door) == (True, False)


def test_a_mode_for_certain_hours_holds_at_these_hours_only(kiosk: Kiosk) -> None:
    ada = make_person()
    make_mode_rule(kiosk.door, make_schedule("Never", days=()))
    assert told(comes(kiosk, ada)).accepted
