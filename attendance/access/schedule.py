"""When a schedule holds.

By the clock on the wall of the site. So the hour that comes twice when the clock is set back counts
both times, the hour that is skipped does not exist, and a night from 22:00 to 06:00 has nine hours
or seven. A period belongs to the day on which it begins: a night shift begun before a holiday runs
to its end.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from .reasons import Day
from .values import Holidays, Schedule, WeeklyPeriod

NO_HOLIDAYS = Holidays()


def holds(schedule: Schedule, at: datetime, holidays: Holidays = NO_HOLIDAYS) -> bool:
    """Whether a time, in the site's zone, lies in one of the periods."""
    clock = at.time()
    return any(
        period.begin <= clock and (period.crosses_midnight or clock < period.end)
        for period in _periods(schedule, at.date(), holidays)
    ) or any(
        period.crosses_midnight and clock < period.end
        for period in _periods(schedule, _day_before(at.date()), holidays)
    )


def kind_of_day(schedule: Schedule, day: date, holidays: Holidays) -> Day:
    """The day of the week, or HOLIDAY where the schedule minds it."""
    return Day.HOLIDAY if schedule.minds_holidays and day in holidays else Day(day.weekday())


def _periods(schedule: Schedule, day: date, holidays: Holidays) -> Iterator[WeeklyPeriod]:
    kind = kind_of_day(schedule, day, holidays)
    return (period for period in schedule.periods if period.day == kind)


def _day_before(day: date) -> date:
    return day - timedelta(days=1) if day > date.min else day
