"""Who is inside, and who waits for a second person, within a check-in."""

from datetime import timedelta

import pytest
from django.utils import timezone

from attendance.access_choices import (
    AntiPassback,
    Direction,
)
from attendance.choices import ReasonCode
from attendance.models import Kiosk, Person
from attendance.selectors.attendance_day import attendance_day
from attendance.selectors.live import live_summary
from attendance.selectors.presence import people_inside
from tests.attendance.access_rows import (
    change,
    lead_into,
    make_forgiveness,
)
from tests.attendance.coming import comes
from tests.attendance.rows import make_kiosk, make_person

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
