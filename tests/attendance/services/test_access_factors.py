"""What a door asks for beside a face, within a check-in."""

import pytest
from django.utils import timezone

from attendance.access import Factor
from attendance.access_choices import (
    ChallengeRule,
    DoorMode,
)
from attendance.choices import ReasonCode
from attendance.models import FactorRequest, Kiosk, Person
from attendance.selectors.attendance_day import attendance_day
from attendance.selectors.door_rules import kiosk_at_door
from attendance.selectors.live import live_summary
from attendance.services.access import ask_access, split_factors
from recognition import Reason
from tests.attendance.access_rows import (
    change,
    make_group,
    make_pin,
    never,
    only,
)
from tests.attendance.coming import comes, resembles
from tests.attendance.rows import make_person, new_policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Person:
    return make_person()


class TestFactors:
    """What is missing is told, so that it can be asked for."""

    def test_a_face_at_a_door_for_face_and_pin(self, kiosk: Kiosk, ada: Person) -> None:
        change(kiosk.door, mode=DoorMode.FACE_AND_PIN, challenge=ChallengeRule.INSTEAD_OF_PIN)
        make_pin(ada)
        check_in = comes(kiosk, ada)
        assert check_in.reason == ReasonCode.FACTOR_MISSING
        assert split_factors(check_in.wanted) == {Factor.PIN, Factor.CHALLENGE}

    def test_nobody_without_a_pin_is_asked_for_one(self, kiosk: Kiosk, ada: Person) -> None:
        change(kiosk.door, mode=DoorMode.FACE_AND_PIN)
        check_in = comes(kiosk, ada)
        assert (check_in.reason, check_in.person) == (ReasonCode.NO_PIN, ada)
        assert (check_in.wanted, FactorRequest.objects.count()) == ("", 0)
        change(kiosk.door, challenge=ChallengeRule.INSTEAD_OF_PIN)
        assert comes(kiosk, ada).wanted == "challenge"

    def test_a_doubtful_face_without_a_pin_is_nobodys(self, kiosk: Kiosk, ada: Person) -> None:
        change(kiosk.door, step_up=True)
        check_in = resembles(kiosk, ada, distance=0.3, reason=Reason.AMBIGUOUS)
        assert (check_in.reason, check_in.person) == (ReasonCode.AMBIGUOUS, None)

    def test_a_face_on_its_way_to_the_pin_is_no_refusal_in_the_days_numbers(
        self, kiosk: Kiosk, ada: Person
    ) -> None:
        change(kiosk.door, mode=DoorMode.FACE_AND_PIN)
        make_pin(ada)
        comes(kiosk, ada)
        now = timezone.now()
        assert attendance_day(site=kiosk.site, on=now.date(), now=now).refused_total == 0
        assert live_summary(site=kiosk.site, at=now).refused == 0

    def test_what_is_shown_afterwards_is_asked_about_by_the_same_policy(
        self, kiosk: Kiosk, ada: Person
    ) -> None:
        change(kiosk.door, mode=DoorMode.FACE_AND_PIN)
        make_pin(ada)
        now = timezone.now()
        answer = ask_access(
            person=ada,
            kiosk=kiosk_at_door(kiosk_id=kiosk.pk),
            factors=frozenset({Factor.FACE, Factor.PIN}),
            happened_at=now,
            now=now,
        )
        assert answer.allowed

    @pytest.mark.parametrize(
        ("distance", "reason"), [(0.3, Reason.AMBIGUOUS), (0.49, Reason.NOT_RECOGNISED)]
    )
    def test_a_doubtful_face_may_confirm_by_pin_where_the_door_says_so(
        self, kiosk: Kiosk, ada: Person, distance: float, reason: Reason
    ) -> None:
        change(kiosk.door, step_up=True)
        make_pin(ada)
        check_in = resembles(kiosk, ada, distance=distance, reason=reason)
        assert (check_in.reason, check_in.person) == (ReasonCode.FACTOR_MISSING, ada)
        assert check_in.wanted == "pin"

    @pytest.mark.parametrize(
        ("distance", "step_up"), [(0.49, False), (0.6, True)], ids=["door says no", "too far"]
    )
    def test_otherwise_it_is_nobody(
        self, kiosk: Kiosk, ada: Person, distance: float, step_up: bool
    ) -> None:
        change(kiosk.door, step_up=step_up)
        check_in = resembles(kiosk, ada, distance=distance, reason=Reason.NOT_RECOGNISED)
        assert (check_in.reason, check_in.person) == (ReasonCode.NOT_RECOGNISED, None)

    def test_what_is_doubtful_is_the_policys_to_say(self, kiosk: Kiosk, ada: Person) -> None:
        change(kiosk.door, step_up=True)
        make_pin(ada)
        new_policy(doubt_band=1.0)
        far = resembles(kiosk, ada, distance=0.49, reason=Reason.NOT_RECOGNISED)
        new_policy(doubt_band=1.5)
        near = resembles(kiosk, ada, distance=0.6, reason=Reason.NOT_RECOGNISED)
        assert (far.reason, near.reason) == (ReasonCode.NOT_RECOGNISED, ReasonCode.FACTOR_MISSING)

    def test_a_pin_that_would_not_help_is_not_asked_for_and_nobody_is_named(
        self, kiosk: Kiosk, ada: Person
    ) -> None:
        change(kiosk.door, step_up=True)
        only(kiosk.door, make_group("Staff", ada), never())
        check_in = resembles(kiosk, ada, distance=0.49, reason=Reason.NOT_RECOGNISED)
        assert (check_in.reason, check_in.person) == (ReasonCode.NOT_RECOGNISED, None)
