"""Lockdown and emergency as they are begun, prolonged, ended, and run out."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attendance.access_choices import OverrideKind
from attendance.models import DoorOverride, Kiosk
from attendance.selectors.overrides import standing_of
from attendance.services.overrides import (
    begin_emergency,
    begin_lockdown,
    close_run_out,
    end_override,
)
from tests.attendance.access_rows import make_override
from tests.attendance.coming import comes
from tests.attendance.rows import make_person

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def emergency(kiosk: Kiosk, lasts: timedelta = HOUR, why: str = "fire") -> DoorOverride:
    return begin_emergency(site=kiosk.site, door=None, by="guard", why=why, lasts=lasts)


def state(kiosk: Kiosk, at: datetime | None = None) -> str:
    return standing_of(door=kiosk.door, at=at or timezone.now()).word


@pytest.mark.parametrize("lasts", [timedelta(0), -HOUR, timedelta(hours=25)])
def test_an_emergency_has_an_end_within_a_day(kiosk: Kiosk, lasts: timedelta) -> None:
    with pytest.raises(ValidationError):
        emergency(kiosk, lasts)
    assert not DoorOverride.objects.exists()


def test_neither_is_begun_without_a_reason(kiosk: Kiosk) -> None:
    with pytest.raises(ValidationError):
        emergency(kiosk, why="")
    with pytest.raises(ValidationError):
        begin_lockdown(site=kiosk.site, door=None, by="guard", why="")


def test_prolonged_it_is_a_row_of_its_own_and_there_is_no_gap(kiosk: Kiosk) -> None:
    first = emergency(kiosk)
    second = emergency(kiosk, 4 * HOUR, "still fire")
    first.refresh_from_db()
    assert first.ended_at == second.begun_at
    assert first.ended_by == "guard"
    assert second.until is not None
    assert second.until - second.begun_at == 4 * HOUR
    assert state(kiosk) == "emergency_open"


def test_it_runs_out_by_itself_and_leaves_the_lockdown_behind(kiosk: Kiosk) -> None:
    begin_lockdown(site=kiosk.site, door=None, by="guard", why="smoke")
    begun = emergency(kiosk)
    assert begun.until is not None
    assert state(kiosk) == "emergency_open"
    assert state(kiosk, begun.until) == "lockdown"


def test_what_ran_out_is_closed_in_nobodys_name_and_once(kiosk: Kiosk) -> None:
    begun = emergency(kiosk)
    assert begun.until is not None
    assert close_run_out(now=begun.until - timedelta(seconds=1)) == 0
    assert close_run_out(now=begun.until) == 1
    assert close_run_out(now=begun.until + HOUR) == 0
    begun.refresh_from_db()
    assert (begun.ended_at, begun.ended_by) == (begun.until, "")


def test_begun_again_after_it_ran_out_the_first_keeps_its_own_end(kiosk: Kiosk) -> None:
    past = timezone.now() - 2 * HOUR
    first = make_override(kiosk.site, kind=OverrideKind.EMERGENCY_OPEN, begun_at=past)
    emergency(kiosk)
    first.refresh_from_db()
    assert (first.ended_at, first.ended_by) == (past + HOUR, "")


def test_ended_twice_the_first_name_stays(kiosk: Kiosk) -> None:
    begun = emergency(kiosk)
    end_override(override=begun, by="ada")
    end_override(override=begun, by="grace")
    begun.refresh_from_db()
    assert begun.ended_by == "ada"
    assert state(kiosk) == "normal"


def test_who_comes_meanwhile_is_let_in_and_written_down(kiosk: Kiosk) -> None:
    kiosk.door.rules.all().delete()
    begin_lockdown(site=kiosk.site, door=None, by="guard", why="smoke")
    emergency(kiosk)
    check_in = comes(kiosk, make_person())
    assert (check_in.accepted, check_in.rule) == (True, f"emergency_open: {kiosk.site.name}")


minutes = st.integers(1, 24 * 60).map(lambda n: timedelta(minutes=n))
moments = st.integers(-60, 26 * 60).map(lambda n: timedelta(minutes=n))


@settings(
    max_examples=15,
    deadline=None,
    # What an example leaves behind the next one deletes.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(lasts=minutes, ended=st.none() | minutes, looked=moments, locked=st.booleans())
def test_the_door_stands_open_from_its_begin_to_the_first_of_its_ends_and_never_else(
    kiosk: Kiosk,
    lasts: timedelta,
    ended: timedelta | None,
    looked: timedelta,
    locked: bool,
) -> None:
    DoorOverride.objects.all().delete()
    begun = datetime(2026, 3, 28, 22, tzinfo=timezone.get_default_timezone())
    end = {} if ended is None else {"ended_at": begun + ended, "ended_by": "guard"}
    times = {"begun_at": begun, "until": begun + lasts, **end}
    make_override(kiosk.site, kiosk.door, OverrideKind.EMERGENCY_OPEN, **times)
    if locked:
        make_override(kiosk.site, begun_at=begun - 3 * HOUR)
    first_end = min(lasts, ended or lasts)
    stands = timedelta(0) <= looked < first_end
    otherwise = "lockdown" if locked else "normal"
    assert state(kiosk, begun + looked) == ("emergency_open" if stands else otherwise)
