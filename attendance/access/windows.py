"""When somebody may enter in the hours to come: what a door that is cut off may go by.

Between two moments at which any rule can change its mind the answer is the same; so it is asked
for once between each two, and the windows are exact.
"""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from .policy import decide_access
from .values import AccessQuestion, Schedule

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time, its end not included."""

    begin: datetime
    end: datetime


def windows(question: AccessQuestion, *, until: datetime) -> tuple[Window, ...]:
    """When the question is answered with yes, from its own time on until another.

    Everything but the time stays as the question has it: who is inside, what is locked down.
    """
    zone = question.at.tzinfo
    edges = sorted(
        {question.moment, until.astimezone(UTC)}
        | {
            edge
            for edge in _edges(question, until)
            if question.moment < edge < until.astimezone(UTC)
        }
    )
    found: list[Window] = []
    for begin, end in itertools.pairwise(edges):
        middle = (begin + (end - begin) / 2).astimezone(zone)
        if not decide_access(replace(question, at=middle)).allowed:
            continue
        if found and found[-1].end == begin:
            found[-1] = Window(found[-1].begin, end)
        else:
            found.append(Window(begin, end))
    return tuple(found)


def _edges(question: AccessQuestion, until: datetime) -> Iterator[datetime]:
    """Every moment, in UTC, at which an answer may change by the clock alone."""
    door, person, area = question.door, question.person, question.area
    schedules = [rule.schedule for rule in door.rules]
    schedules += [rule.schedule for rule in door.mode_rules]
    yield from _clock_edges(question, schedules, until)
    moments = [person.valid_from, person.valid_until]
    for visit in person.visits:
        moments += [visit.begins, visit.ends]
    if area is not None and area.last is not None and area.reset_after is not None:
        moments.append(area.last.at + area.reset_after)
    if door.two_person_within is not None:
        moments += [waits.at + door.two_person_within for waits in question.companions]
    yield from (moment.astimezone(UTC) for moment in moments if moment is not None)


def _clock_edges(
    question: AccessQuestion, schedules: Iterable[Schedule], until: datetime
) -> Iterator[datetime]:
    zone = question.at.tzinfo
    clocks = {time(0)}
    for schedule in schedules:
        for period in schedule.periods:
            clocks |= {period.begin, period.end}
    day, last = question.at.date() - DAY, until.astimezone(zone).date() + DAY
    while day <= last:
        for clock in clocks:
            # An hour that comes twice has each of its clock times twice, and a change of the
            # clock itself falls on a full hour: both sides of it are edges as well.
            for fold in (0, 1):
                yield datetime.combine(day, clock, tzinfo=zone).replace(fold=fold).astimezone(UTC)
        for hour in range(24):
            yield datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)
            yield datetime.combine(day, time(hour), tzinfo=zone).replace(fold=1).astimezone(UTC)
        day += DAY
