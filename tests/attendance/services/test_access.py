"""The access policy within a check-in: asked with what the database says, written down with it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from attendance.access import Factor
from attendance.access_choices import (
    AntiPassback,
    ChallengeRule,
    Day,
    Direction,
    DoorMode,
    Effect,
    OverrideKind,
)
from attendance.choices import ReasonCode
from attendance.models import CheckIn, FactorRequest, Kiosk, Passage, Person, Schedule
from attendance.selectors.attendance_day import attendance_day
from attendance.selectors.door_rules import kiosk_at_door
from attendance.selectors.live import live_summary
from attendance.selectors.presence import people_inside
from attendance.services.access import ask_access, split_factors
from recognition import Reason
from tests.attendance.access_rows import (
    EVERY_DAY,
    change,
    lead_into,
    make_forgiveness,
    make_group,
    make_holiday,
    make_mode_rule,
    make_override,
    make_pass,
    make_pin,
    make_schedule,
    never,
    only,
    rule,
)
from tests.attendance.coming import comes, resembles
from tests.attendance.rows import make_kiosk, make_person, new_policy

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def ada() -> Person:
    return make_person()


@pytest.fixture
def exit_kiosk(kiosk: Kiosk) -> Kiosk:
    """The kiosk on the other side of the same door."""
    inside = make_kiosk(kiosk.site, "Inside")[0]
    change(inside, door=kiosk.door, direction=Direction.OUT)
    return inside


def outcome(check_in: CheckIn) -> tuple[bool, str, str]:
    return check_in.accepted, str(check_in.reason), check_in.rule


def test_a_new_kiosk_lets_everybody_in_and_says_by_which_rule(kiosk: Kiosk, ada: Person) -> None:
    check_in = comes(kiosk, ada)
    assert outcome(check_in) == (True, "matched", "grant: Everybody, Always")
    assert (check_in.door, check_in.factors, check_in.wanted) == (kiosk.door, "face", "")


def test_a_door_without_rules_lets_nobody_in(kiosk: Kiosk, ada: Person) -> None:
    kiosk.door.rules.all().delete()
    check_in = comes(kiosk, ada)
    assert outcome(check_in) == (False, "no_grant", "grant")
    assert check_in.person == ada


def wants(
    kiosk: Kiosk, mode: DoorMode | None, *, pin_of: Person, hours: Schedule | None = None
) -> None:
    """Have a kiosk's door ask for face and PIN, of somebody who has one."""
    make_pin(pin_of)
    if hours is not None:
        make_mode_rule(kiosk.door, hours)
    if mode is not None:
        change(kiosk.door, mode=mode)


SETTINGS: dict[str, tuple[Callable[[Kiosk, Person], object], str]] = {
    "not of the group": (lambda k, p: only(k.door, make_group()), "no_grant"),
    "out of hours": (lambda k, p: only(k.door, make_group("Staff", p), never()), "outside_hours"),
    "on a holiday": (
        lambda k, p: [
            make_holiday(k.site, timezone.now()),
            only(
                k.door,
                make_group("Staff", p),
                make_schedule("Days", "00:00", "00:00", EVERY_DAY),
            ),
        ],
        "holiday",
    ),
    "refused by a rule": (
        lambda k, p: rule(k.door, make_group("Interns", p), effect=Effect.REFUSE),
        "refused_by_rule",
    ),
    "before the first day": (
        lambda k, p: change(p, valid_from=timezone.now() + MINUTE),
        "not_yet_valid",
    ),
    "after the last day": (
        lambda k, p: change(p, valid_until=timezone.now() - MINUTE),
        "no_longer_valid",
    ),
    "a visitor without a pass": (lambda k, p: change(p, visitor=True), "no_visit"),
    "face and PIN wanted": (
        lambda k, p: wants(k, DoorMode.FACE_AND_PIN, pin_of=p),
        "factor_missing",
    ),
    "face and PIN wanted at this hour": (
        lambda k, p: wants(
            k, None, pin_of=p, hours=make_schedule("Days", "00:00", "00:00", EVERY_DAY)
        ),
        "factor_missing",
    ),
    "face and PIN wanted of somebody without one": (
        lambda k, p: change(k.door, mode=DoorMode.FACE_AND_PIN),
        "no_pin",
    ),
    "two must come": (lambda k, p: change(k.door, two_person_s=30), "second_person"),
    "nobody may be inside": (lambda k, p: lead_into(k, limit=0), "occupancy_full"),
    "lockdown of the site": (lambda k, p: make_override(k.site), "lockdown"),
    "lockdown of the door": (lambda k, p: make_override(k.site, k.door), "lockdown"),
}


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_refusal_is_stored_with_its_reason_and_the_person(
    kiosk: Kiosk, ada: Person, setting: str
) -> None:
    arrange, reason = SETTINGS[setting]
    arrange(kiosk, ada)
    check_in = comes(kiosk, ada)
    assert (check_in.accepted, check_in.reason, check_in.person) == (False, reason, ada)
    assert check_in.rule
    assert not Passage.objects.exists()


def test_somebody_of_the_group_is_let_in_during_the_hours(kiosk: Kiosk, ada: Person) -> None:
    only(kiosk.door, make_group("Staff", ada), make_schedule("Days", "00:00", "00:00", EVERY_DAY))
    assert outcome(comes(kiosk, ada)) == (True, "matched", "grant: Staff, Days")


def test_the_hours_are_the_sites_own_and_of_the_time_of_the_event(
    kiosk: Kiosk, ada: Person
) -> None:
    change(kiosk.site, time_zone="Asia/Shanghai")
    monday = datetime.fromisoformat("2026-03-02T09:59:30+00:00")
    only(
        kiosk.door,
        make_group("Staff", ada),
        make_schedule("Hours", "08:00", "18:00", (Day.MONDAY,)),
    )
    assert comes(kiosk, ada, monday).accepted
    assert comes(kiosk, ada, monday + MINUTE).reason == ReasonCode.OUTSIDE_HOURS


def test_an_emergency_opens_a_locked_door_for_whoever_is_recognised(
    kiosk: Kiosk, ada: Person
) -> None:
    kiosk.door.rules.all().delete()
    make_override(kiosk.site)
    make_override(kiosk.site, kiosk.door, OverrideKind.EMERGENCY_OPEN)
    assert outcome(comes(kiosk, ada)) == (True, "matched", f"emergency_open: {kiosk.door.name}")


def test_a_lockdown_that_ended_or_of_another_door_refuses_nobody(kiosk: Kiosk, ada: Person) -> None:
    back = make_kiosk(kiosk.site, "Back door")[0]
    make_override(kiosk.site, back.door)
    now = timezone.now()
    make_override(kiosk.site, begun_at=now - MINUTE, ended_at=now, ended_by="HR")
    assert comes(kiosk, ada).accepted


def test_an_event_that_comes_in_late_is_judged_by_the_lockdown_of_its_time(
    kiosk: Kiosk, ada: Person
) -> None:
    now = timezone.now()
    begun, ended = now - 60 * MINUTE, now - 50 * MINUTE
    make_override(kiosk.site, begun_at=begun, ended_at=ended, ended_by="HR")
    assert comes(kiosk, ada, now - 55 * MINUTE).reason == ReasonCode.LOCKDOWN
    make_override(kiosk.site)
    assert comes(kiosk, ada, now - 45 * MINUTE).accepted


class TestVisitors:
    """A pass lets a visitor into what its group may enter, and nowhere else."""

    @pytest.fixture
    def vera(self) -> Person:
        return make_person("V1", "Vera Guest", visitor=True)

    def test_everybody_does_not_mean_visitors(
        self, kiosk: Kiosk, vera: Person, ada: Person
    ) -> None:
        make_pass(vera, ada, make_group("Elsewhere"))
        assert comes(kiosk, vera).reason == ReasonCode.NO_GRANT

    def test_a_pass_opens_the_doors_of_its_group(
        self, kiosk: Kiosk, vera: Person, ada: Person
    ) -> None:
        guests = make_group("Guests")
        only(kiosk.door, guests)
        make_pass(vera, ada, guests)
        assert comes(kiosk, vera).accepted

    def test_a_pass_of_yesterday_lends_no_group(
        self, kiosk: Kiosk, vera: Person, ada: Person
    ) -> None:
        guests, now = make_group("Guests"), timezone.now()
        only(kiosk.door, guests)
        make_pass(vera, ada, guests, begins_at=now - 3 * MINUTE, ends_at=now - MINUTE)
        make_pass(vera, ada, make_group("Elsewhere"))
        assert comes(kiosk, vera).reason == ReasonCode.NO_GRANT

    def test_without_the_host_the_pass_is_worth_nothing(
        self, kiosk: Kiosk, vera: Person, ada: Person
    ) -> None:
        guests = make_group("Guests")
        only(kiosk.door, guests)
        make_pass(vera, ada, guests)
        change(ada, active=False)
        assert comes(kiosk, vera).reason == ReasonCode.HOST_INACTIVE


class TestAreas:
    """Who is inside follows from who went through the doors."""

    def test_nobody_enters_twice_under_hard_anti_passback(
        self, kiosk: Kiosk, exit_kiosk: Kiosk, ada: Person
    ) -> None:
        area = lead_into(kiosk, anti_passback=AntiPassback.HARD)
        assert comes(kiosk, ada).accepted
        assert list(people_inside(area=area, at=timezone.now())) == [ada]
        again = comes(kiosk, ada)
        assert (again.reason, again.rule) == (ReasonCode.ANTI_PASSBACK, "anti_passback: Hall")
        assert comes(exit_kiosk, ada).accepted
        assert not people_inside(area=area, at=timezone.now()).exists()
        assert comes(kiosk, ada).accepted

    def test_soft_anti_passback_lets_in_and_notes(self, kiosk: Kiosk, ada: Person) -> None:
        lead_into(kiosk, anti_passback=AntiPassback.SOFT)
        assert [comes(kiosk, ada).noted for _ in range(2)] == ["", "anti_passback"]

    def test_two_doors_of_one_area_count_together(self, kiosk: Kiosk, ada: Person) -> None:
        area = lead_into(kiosk, anti_passback=AntiPassback.HARD)
        back = make_kiosk(kiosk.site, "Back door")[0]
        change(back.door, area=area)
        assert comes(kiosk, ada).accepted
        assert comes(back, ada).reason == ReasonCode.ANTI_PASSBACK

    def test_a_guard_forgives(self, kiosk: Kiosk, ada: Person) -> None:
        area = lead_into(kiosk, anti_passback=AntiPassback.HARD, limit=1)
        comes(kiosk, ada)
        make_forgiveness(area, ada)
        assert not people_inside(area=area, at=timezone.now()).exists()
        assert comes(kiosk, ada).accepted

    def test_after_the_reset_an_entry_is_forgotten(self, kiosk: Kiosk, ada: Person) -> None:
        lead_into(kiosk, anti_passback=AntiPassback.HARD, reset_after_min=30)
        now = timezone.now()
        assert comes(kiosk, ada, now - 31 * MINUTE).accepted
        assert comes(kiosk, ada, now).accepted
        assert comes(kiosk, ada, now + MINUTE / 4).reason == ReasonCode.ANTI_PASSBACK

    def test_a_full_area_lets_nobody_in_until_somebody_leaves(
        self, kiosk: Kiosk, exit_kiosk: Kiosk, ada: Person
    ) -> None:
        lead_into(kiosk, limit=2)
        wang, noam = make_person("E2", "Wang Fang"), make_person("E3", "Noam Alon")
        assert [comes(kiosk, who).accepted for who in (ada, wang)] == [True, True]
        assert comes(kiosk, noam).reason == ReasonCode.OCCUPANCY_FULL
        assert comes(kiosk, ada).accepted, "who is inside takes no second place"
        assert comes(exit_kiosk, wang).accepted
        assert comes(kiosk, noam).accepted


class TestTwoPeople:
    """A door for two opens when the second comes, and both have gone in."""

    @pytest.fixture
    def vault(self, kiosk: Kiosk) -> Kiosk:
        change(kiosk.door, two_person_s=30)
        return kiosk

    def test_the_second_opens_for_both(self, vault: Kiosk, ada: Person) -> None:
        wang = make_person("E2", "Wang Fang")
        area = lead_into(vault)
        first, second = comes(vault, ada), comes(vault, wang)
        assert (first.accepted, first.reason) == (False, ReasonCode.SECOND_PERSON)
        assert second.accepted
        assert set(people_inside(area=area, at=timezone.now())) == {ada, wang}
        assert first.passage.happened_at == second.passage.happened_at == second.happened_at

    def test_both_have_come_by_the_days_report(self, vault: Kiosk, ada: Person) -> None:
        wang, now = make_person("E2", "Wang Fang"), timezone.now()
        comes(vault, ada)
        alone = attendance_day(site=vault.site, on=now.date(), now=now)
        assert (list(alone.people), alone.refused_total) == ([], 1)
        comes(vault, wang)
        day = attendance_day(site=vault.site, on=now.date(), now=now)
        assert {row.person for row in day.people} == {ada, wang}
        assert day.refused_total == 0
        assert live_summary(site=vault.site, at=now).accepted == 2

    def test_coming_twice_is_not_two(self, vault: Kiosk, ada: Person) -> None:
        assert [comes(vault, ada).accepted for _ in range(2)] == [False, False]

    def test_a_third_needs_another(self, vault: Kiosk, ada: Person) -> None:
        comes(vault, ada)
        comes(vault, make_person("E2", "Wang Fang"))
        assert comes(vault, make_person("E3", "Noam Alon")).reason == ReasonCode.SECOND_PERSON

    def test_who_waited_too_long_does_not_count(self, vault: Kiosk, ada: Person) -> None:
        now = timezone.now()
        comes(vault, ada, now - timedelta(seconds=31))
        assert comes(vault, make_person("E2", "Wang Fang"), now).reason == ReasonCode.SECOND_PERSON

    def test_who_was_switched_off_meanwhile_does_not_count(self, vault: Kiosk, ada: Person) -> None:
        comes(vault, ada)
        change(ada, active=False)
        assert comes(vault, make_person("E2", "Wang Fang")).reason == ReasonCode.SECOND_PERSON

    def test_who_waits_at_another_door_does_not_count(self, vault: Kiosk, ada: Person) -> None:
        back = make_kiosk(vault.site, "Back door")[0]
        change(back.door, two_person_s=30)
        comes(back, ada)
        assert comes(vault, make_person("E2", "Wang Fang")).reason == ReasonCode.SECOND_PERSON


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
