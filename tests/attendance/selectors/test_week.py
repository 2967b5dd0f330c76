"""A schedule as a grid of the week."""

import pytest

from attendance.access_choices import Day
from attendance.selectors.week import Bar, week_of
from attendance.services.doors import always
from tests.attendance.access_rows import make_schedule

pytestmark = pytest.mark.django_db


def test_a_night_reaches_into_the_next_day() -> None:
    week = week_of(schedule=make_schedule("Nights", "22:00", "06:00", (Day.SUNDAY,)))
    assert week[Day.SUNDAY].bars == (Bar(1320, 120),)
    assert week[Day.SUNDAY].texts == ("22:00 – 06:00 ⁺¹",)
    assert (week[Day.MONDAY].bars, week[Day.MONDAY].texts) == ((Bar(0, 360),), ())


def test_a_whole_day_ends_at_midnight() -> None:
    week = week_of(schedule=make_schedule("Mondays", "00:00", "00:00", (Day.MONDAY,)))
    assert (week[Day.MONDAY].bars, week[Day.TUESDAY].bars) == ((Bar(0, 1440),), ())
    assert week[Day.MONDAY].texts == ("00:00 – 24:00",)


def test_a_schedule_that_minds_no_holidays_has_no_line_for_them() -> None:
    lines = week_of(schedule=make_schedule(minds_holidays=False))
    assert [row.day for row in lines] == list(range(7))
    assert len(week_of(schedule=make_schedule("Other"))) == 8


def test_always_is_every_hour_of_every_day() -> None:
    assert all(row.bars == (Bar(0, 1440),) for row in week_of(schedule=always()))
