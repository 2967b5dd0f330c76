"""The people, doors and circumstances that ``cases.md`` speaks of, and how its rows are read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from attendance.access import (
    ALWAYS,
    AccessQuestion,
    AccessRule,
    AntiPassback,
    AreaFacts,
    ChallengeRule,
    Companion,
    Day,
    Direction,
    DoorFacts,
    DoorMode,
    Effect,
    Factor,
    Holidays,
    ModeRule,
    Passage,
    PersonFacts,
    Schedule,
    Visit,
    WeeklyPeriod,
)

CASES = Path(__file__).parent / "cases.md"
WEEKDAYS = (Day.MONDAY, Day.TUESDAY, Day.WEDNESDAY, Day.THURSDAY, Day.FRIDAY)


def schedule(name: str, begin: str, end: str, days: tuple[Day, ...] = WEEKDAYS) -> Schedule:
    """A schedule of one period on each of some days."""
    hours = time.fromisoformat(begin), time.fromisoformat(end)
    return Schedule(name, tuple(WeeklyPeriod(day, *hours) for day in days))


OFFICE = schedule("Office hours", "08:00", "18:00")
NIGHTS = schedule("Nights", "22:00", "06:00")
SMALL_HOURS = schedule("Small hours", "01:00", "02:30", tuple(Day))
LUNCH = schedule("Lunch", "12:00", "13:00")
HOLIDAY_MORNINGS = schedule("Holiday mornings", "09:00", "12:00", (Day.HOLIDAY,))
# Easter Monday of 2026, and New Year of every year.
HOLIDAYS = Holidays(frozenset({date(2026, 4, 6)}), frozenset({(1, 1)}))

STAFF = PersonFacts("ada", groups=frozenset({"staff"}))
MARCH = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
VISIT = Visit(
    "Wang", True, datetime(2026, 3, 2, 10, tzinfo=UTC), datetime(2026, 3, 2, 16, tzinfo=UTC)
)
VISITOR = PersonFacts("vera", groups=frozenset({"staff"}), visitor=True, visits=(VISIT,))
PEOPLE = {
    "staff": STAFF,
    "cleaner": PersonFacts("carl", groups=frozenset({"cleaners"})),
    "both": PersonFacts("bo", groups=frozenset({"staff", "cleaners"})),
    "intern": PersonFacts("ina", groups=frozenset({"staff", "interns"})),
    "nobody": PersonFacts("nemo"),
    "staff without PIN": replace(STAFF, has_pin=False),
    "inactive": replace(STAFF, active=False),
    "march only": replace(STAFF, valid_from=MARCH[0], valid_until=MARCH[1]),
    "visitor": VISITOR,
    "visitor without pass": replace(VISITOR, visits=()),
    "visitor, host gone": replace(VISITOR, visits=(replace(VISIT, host_active=False),)),
    "visitor of two": replace(VISITOR, visits=(replace(VISIT, host_active=False), VISIT)),
    "visitor, inactive": replace(VISITOR, active=False),
}


def _grant(name: str, group: str, when: Schedule, effect: Effect = Effect.GRANT) -> AccessRule:
    return AccessRule(name, group, when, effect)


ANYTIME = (_grant("Staff, always", "staff", ALWAYS),)
DOORS = {
    "office": DoorFacts(
        "Office",
        rules=(
            _grant("Staff, office hours", "staff", OFFICE),
            _grant("Staff, holiday mornings", "staff", HOLIDAY_MORNINGS),
            _grant("Cleaners, nights", "cleaners", NIGHTS),
            _grant("No interns at lunch", "interns", LUNCH, Effect.REFUSE),
        ),
    ),
    "cellar": DoorFacts("Cellar", rules=(_grant("Small hours", "staff", SMALL_HOURS),)),
    "forgotten": DoorFacts("Forgotten"),
    "shut": DoorFacts("Shut", rules=(_grant("Not them", "staff", ALWAYS, Effect.REFUSE),)),
    "front": DoorFacts("Front", rules=ANYTIME),
    "lab": DoorFacts("Lab", mode=DoorMode.FACE_AND_PIN, rules=ANYTIME),
    "stock": DoorFacts("Stock", mode=DoorMode.NUMBER_AND_PIN, rules=ANYTIME),
    "side": DoorFacts("Side", mode=DoorMode.FACE_OR_PIN, rules=ANYTIME),
    "gate": DoorFacts("Gate", challenge=ChallengeRule.WITH_FACE, rules=ANYTIME),
    "server room": DoorFacts(
        "Server room",
        mode=DoorMode.FACE_AND_PIN,
        challenge=ChallengeRule.INSTEAD_OF_PIN,
        rules=ANYTIME,
    ),
    "evening": DoorFacts(
        "Evening",
        mode=DoorMode.FACE_AND_PIN,
        mode_rules=(
            ModeRule(OFFICE, DoorMode.FACE),
            ModeRule(NIGHTS, DoorMode.NUMBER_AND_PIN),
        ),
        rules=ANYTIME,
    ),
    "vault": DoorFacts("Vault", two_person_within=timedelta(seconds=30), rules=ANYTIME),
    "strong room": DoorFacts(
        "Strong room",
        mode=DoorMode.FACE_AND_PIN,
        two_person_within=timedelta(seconds=30),
        rules=ANYTIME,
    ),
}
HARD = AreaFacts("Hall", AntiPassback.HARD, reset_after=timedelta(hours=8))
AREAS = {
    "hard": HARD,
    "hard, no reset": replace(HARD, reset_after=None),
    "soft": replace(HARD, anti_passback=AntiPassback.SOFT),
    "counted": AreaFacts("Hall"),
}


@dataclass(frozen=True)
class Case:
    """One row: a question, and the answer it must have."""

    number: str
    title: str
    question: AccessQuestion
    answer: str
    rule: str
    wanted: frozenset[Factor]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


def read_cases() -> list[Case]:
    """Read the table."""
    return [_case(row) for row in _rows(CASES.read_text(encoding="utf-8"))]


def _rows(text: str) -> Iterator[list[str]]:
    for line in text.splitlines():
        if re.match(r"\|\s*\d", line):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def _case(row: list[str]) -> Case:
    number, title, who, door, when, zone, shown, besides, answer, by = row
    reason, _, wanted = answer.partition(" wants ")
    question = AccessQuestion(
        person=PEOPLE[who],
        door=DOORS[door],
        at=_moment(when, zone),
        factors=_factors(shown),
        holidays=HOLIDAYS,
    )
    for circumstance in filter(None, re.split(r"; *", besides)):
        question = _with(question, circumstance)
    return Case(number, title, question, reason, by, _factors(wanted))


def _moment(when: str, zone: str) -> datetime:
    """A clock time of a zone; “again” is the second time that the clock shows it."""
    clock, again, _ = when.partition(" again")
    named = re.sub(r"^\w{3} ", "", clock)
    at = datetime.fromisoformat(named).replace(tzinfo=ZoneInfo(zone), fold=1 if again else 0)
    assert f"{at:%a}" == clock[:3], f"{when} is a {at:%a}"
    return at


def _factors(cell: str) -> frozenset[Factor]:
    return frozenset(Factor(word) for word in re.split(r"[ +]+", cell) if word)


def _with(question: AccessQuestion, circumstance: str) -> AccessQuestion:  # noqa: PLR0911
    kind, _, rest = circumstance.partition(" ")
    area = question.area or AREAS["counted"]
    match kind:
        case "lockdown":
            return replace(question, door=replace(question.door, lockdown=rest))
        case "open":
            return replace(question, door=replace(question.door, emergency_open=rest))
        case "leaving":
            return replace(question, direction=Direction.OUT)
        case "doubtful":
            return replace(question, doubtful=True)
        case "area":
            return replace(question, area=AREAS[rest])
        case "entered" | "left":
            way = Direction.IN if kind == "entered" else Direction.OUT
            return replace(question, area=replace(area, last=Passage(way, _ago(question, rest))))
        case "forgiven":
            return replace(question, area=replace(area, forgiven_at=_ago(question, rest)))
        case "inside":
            others, limit = map(int, rest.split(" of "))
            return replace(question, area=replace(area, others_inside=others, limit=limit))
        case "waiting":
            who, ago = rest.split(" ", 1)
            waiting = Companion(PEOPLE[who].key, _ago(question, ago))
            return replace(question, companions=(*question.companions, waiting))
    raise ValueError(circumstance)


def _ago(question: AccessQuestion, text: str) -> datetime:
    number, unit = text.split(" ")
    return question.moment - timedelta(**{unit: int(number)})
