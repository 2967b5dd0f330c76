"""A schedule as the grid of a week that people read."""

from dataclasses import dataclass

from attendance.access_choices import Day
from attendance.models import Schedule, SchedulePeriod

DAY_MIN = 24 * 60


@dataclass(frozen=True)
class Bar:
    """A stretch of a day, in minutes from midnight."""

    begin: int
    length: int


@dataclass(frozen=True)
class DayRow:
    """One line of the grid."""

    day: Day
    bars: tuple[Bar, ...]
    texts: tuple[str, ...]
    """Its periods as clock times, the part that lies on the next day included."""


def week_of(*, schedule: Schedule) -> list[DayRow]:
    """Return the eight lines of a schedule; one that minds no holidays has seven."""
    periods = list(schedule.periods.all())
    days = [day for day in Day if day is not Day.HOLIDAY or schedule.minds_holidays]
    if schedule.always:
        whole = (Bar(0, DAY_MIN),)
        return [DayRow(day, whole, ("00:00 – 24:00",)) for day in days]
    return [_row(day, periods) for day in days]


def _row(day: Day, periods: list[SchedulePeriod]) -> DayRow:
    own = [period for period in periods if period.day == day]
    before = [p for p in periods if _next(p.day) == day and _crosses(p)]
    bars = [Bar(0, _minute(period, "end")) for period in before]
    for period in own:
        begin = _minute(period, "begin")
        end = DAY_MIN if _crosses(period) else _minute(period, "end")
        bars.append(Bar(begin, end - begin))
    texts = tuple(_text(period) for period in own)
    return DayRow(day, tuple(bar for bar in bars if bar.length), texts)


def _next(day: int) -> int | None:
    """The day after; what a holiday is followed by, nobody can say."""
    return None if day == Day.HOLIDAY else (day + 1) % 7


def _crosses(period: SchedulePeriod) -> bool:
    return period.end <= period.begin


def _minute(period: SchedulePeriod, end: str) -> int:
    clock = getattr(period, end)
    return int(clock.hour * 60 + clock.minute)


def _text(period: SchedulePeriod) -> str:
    if _crosses(period) and period.end.hour == period.end.minute == 0:
        return f"{period.begin:%H:%M} – 24:00"
    return f"{period.begin:%H:%M} – {period.end:%H:%M}" + (" ⁺¹" if _crosses(period) else "")
