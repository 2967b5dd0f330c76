"""What holds for every question that can be asked."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attendance.access import (
    ALWAYS,
    AccessQuestion,
    AccessReason,
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
    decide_access,
    holds,
)

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata")
GROUPS = st.sampled_from(["staff", "cleaners", "guests"])
MINUTE = timedelta(minutes=1)
WEEK_BEGIN = datetime(2026, 3, 23, tzinfo=UTC)

clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
periods = st.builds(WeeklyPeriod, st.sampled_from(Day), clocks, clocks)
schedules = st.just(ALWAYS) | st.builds(
    Schedule, st.just("S"), st.lists(periods, max_size=3).map(tuple), st.booleans()
)
rules = st.builds(AccessRule, st.just("R"), GROUPS, schedules, st.sampled_from(Effect))
holidays = st.builds(
    Holidays, st.frozensets(st.dates(date(2026, 3, 20), date(2026, 4, 5)), max_size=3)
)
moments = st.builds(
    lambda zone, seconds: (WEEK_BEGIN + timedelta(seconds=seconds)).astimezone(ZoneInfo(zone)),
    st.sampled_from(ZONES),
    st.integers(0, 10 * 86_400),
)
times = st.datetimes(datetime(2026, 3, 22), datetime(2026, 4, 4), timezones=st.just(UTC))  # noqa: DTZ001
maybe_times = st.none() | times
spans = st.sampled_from([timedelta(seconds=30), timedelta(hours=8)])
visits = st.builds(Visit, st.just("Wang"), st.booleans(), times, times)
people = st.builds(
    PersonFacts,
    st.sampled_from(["ada", "wang"]),
    st.sampled_from([True, True, True, False]),
    st.none() | times,
    st.none() | times,
    st.frozensets(GROUPS, min_size=1),
    st.sampled_from([False, False, True]),
    st.lists(visits, max_size=2).map(tuple),
)
doors = st.builds(
    DoorFacts,
    st.just("Front"),
    st.sampled_from(DoorMode),
    st.lists(st.builds(ModeRule, schedules, st.sampled_from(DoorMode)), max_size=2).map(tuple),
    st.lists(rules, max_size=4).map(tuple),
    st.sampled_from(ChallengeRule),
    st.none() | spans,
    st.sampled_from(["", "", "", "Main site"]),
    st.sampled_from(["", "", "", "Main site"]),
)
areas = st.builds(
    AreaFacts,
    st.just("Hall"),
    st.sampled_from(AntiPassback),
    st.none() | spans,
    st.none() | st.integers(0, 3),
    st.integers(0, 3),
    st.none() | st.builds(Passage, st.sampled_from(Direction), times),
    maybe_times,
)
factors = st.frozensets(st.sampled_from(Factor))
STANDARD = AccessRule("Staff", "staff", ALWAYS)
# Half of all doors let staff in at any time, and half of all people are staff and valid: among
# people and doors of any kind hardly a question would come as far as the last rules.
likely_people = st.builds(PersonFacts, st.just("ada"), groups=st.just(frozenset({"staff"})))
likely_doors = doors.map(
    lambda door: replace(door, lockdown="", emergency_open="", rules=(STANDARD, *door.rules[:1]))
)
questions = st.builds(
    AccessQuestion,
    person=likely_people | people,
    door=likely_doors | doors,
    at=moments,
    factors=factors | st.just(frozenset(Factor)),
    doubtful=st.booleans(),
    direction=st.sampled_from(Direction),
    holidays=holidays,
    area=st.none() | areas,
    companions=st.lists(
        st.builds(Companion, st.sampled_from(["ada", "wang", "noam"]), times), max_size=2
    ).map(tuple),
)
everyone = settings(max_examples=100, deadline=None)


def minutes_of_week(schedule: Schedule, holiday: frozenset[date], day: date) -> set[datetime]:
    """Every minute of one date's clock at which the schedule holds, counted one by one."""
    found = set()
    for begun in (day - timedelta(days=1), day):
        kind = Day.HOLIDAY if schedule.minds_holidays and begun in holiday else begun.weekday()
        for period in schedule.periods:
            if period.day != kind:
                continue
            minute = datetime.combine(begun, period.begin)
            end = datetime.combine(begun, period.end)
            end += timedelta(days=1) if end <= minute else timedelta(0)
            while minute < end:
                found.add(minute)
                minute += MINUTE
    return {minute for minute in found if minute.date() == day}


@everyone
@given(schedules, holidays, moments)
def test_a_schedule_holds_in_the_minutes_that_its_periods_are_made_of(
    schedule: Schedule, holiday: Holidays, at: datetime
) -> None:
    on_the_wall = at.replace(tzinfo=None, second=0)
    minutes = minutes_of_week(schedule, holiday.dates, at.date())
    assert holds(schedule, at, holiday) == (on_the_wall in minutes)


@everyone
@given(questions)
def test_nobody_enters_outside_every_schedule_of_a_grant(question: AccessQuestion) -> None:
    answer = decide_access(question)
    open_now = [
        rule
        for rule in question.door.rules
        if rule.effect is Effect.GRANT
        and rule.group in question.person.groups
        and holds(rule.schedule, question.at, question.holidays)
    ]
    if not open_now and not question.door.emergency_open:
        assert not answer.allowed


@everyone
@given(questions, rules)
def test_a_refusal_more_never_lets_anybody_in(question: AccessQuestion, rule: AccessRule) -> None:
    refusal = replace(rule, effect=Effect.REFUSE)
    for more in ((refusal, *question.door.rules), (*question.door.rules, refusal)):
        stricter = replace(question, door=replace(question.door, rules=more))
        assert decide_access(stricter).allowed <= decide_access(question).allowed


@everyone
@given(questions, rules)
def test_a_grant_more_never_shuts_anybody_out(question: AccessQuestion, rule: AccessRule) -> None:
    grant = replace(rule, effect=Effect.GRANT)
    wider = replace(question, door=replace(question.door, rules=(*question.door.rules, grant)))
    assert decide_access(question).allowed <= decide_access(wider).allowed


@everyone
@given(questions)
def test_lockdown_beats_everything_but_emergency_open(question: AccessQuestion) -> None:
    shut = replace(question, door=replace(question.door, lockdown="Main site"))
    answer = decide_access(shut)
    assert answer.allowed == bool(question.door.emergency_open)
    expected = AccessReason.EMERGENCY_OPEN if answer.allowed else AccessReason.LOCKDOWN
    assert answer.reason == expected


@everyone
@given(questions, factors)
def test_fewer_factors_never_grant_more(question: AccessQuestion, fewer: frozenset[Factor]) -> None:
    less = replace(question, factors=question.factors & fewer)
    assert decide_access(less).allowed <= decide_access(question).allowed


@everyone
@given(questions)
def test_doubt_about_the_face_never_grants_more(question: AccessQuestion) -> None:
    sure, unsure = (replace(question, doubtful=doubtful) for doubtful in (False, True))
    assert decide_access(unsure).allowed <= decide_access(sure).allowed


@everyone
@given(questions)
def test_a_face_in_doubt_is_never_enough_without_a_pin(question: AccessQuestion) -> None:
    unsure = replace(question, doubtful=True, factors=question.factors - {Factor.PIN})
    assert decide_access(unsure).allowed == bool(question.door.emergency_open)


@everyone
@given(questions)
def test_whoever_shows_what_is_wanted_gets_nearer_until_nothing_is_missing(
    question: AccessQuestion,
) -> None:
    for _ in Factor:
        answer = decide_access(question)
        if answer.reason != AccessReason.FACTOR_MISSING:
            break
        assert answer.wanted
        assert not answer.wanted & question.factors
        question = replace(question, factors=question.factors | {min(answer.wanted)})
    assert decide_access(question).reason != AccessReason.FACTOR_MISSING


@everyone
@given(questions)
def test_nobody_without_a_pin_is_asked_for_one_or_let_in_for_having_none(
    question: AccessQuestion,
) -> None:
    without = replace(question, person=replace(question.person, has_pin=False))
    answer = decide_access(without)
    assert Factor.PIN not in answer.wanted
    assert answer.allowed <= decide_access(question).allowed


@everyone
@given(questions)
def test_number_and_pin_are_a_way_in_at_every_door(question: AccessQuestion) -> None:
    shown = replace(question, factors=frozenset({Factor.NUMBER, Factor.PIN}))
    assert decide_access(shown).reason != AccessReason.FACTOR_MISSING


@everyone
@given(questions)
def test_leaving_is_never_refused_by_what_happened_inside(question: AccessQuestion) -> None:
    leaving = replace(question, direction=Direction.OUT)
    without = replace(leaving, area=None, door=replace(leaving.door, two_person_within=None))
    assert decide_access(leaving).allowed == decide_access(without).allowed


@everyone
@given(questions)
def test_somebody_more_inside_never_makes_room(question: AccessQuestion) -> None:
    area = question.area or AreaFacts("Hall", limit=2)
    fuller = replace(area, others_inside=area.others_inside + 1)
    now, then = (decide_access(replace(question, area=a)) for a in (area, fuller))
    assert then.allowed <= now.allowed


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("month", [3, 4, 10, 11])
def test_on_no_night_of_the_year_a_clock_time_decides_otherwise_than_the_wall_says(
    zone: str, month: int
) -> None:
    """Every five minutes of the months in which clocks change, both hours of the doubled one."""
    night = Schedule("Nights", tuple(WeeklyPeriod(d, time(22), time(2, 30)) for d in Day))
    at = datetime(2026, month, 1, tzinfo=UTC)
    while at.month == month:
        local = at.astimezone(ZoneInfo(zone))
        assert holds(night, local) == (local.time() >= time(22) or local.time() < time(2, 30))
        at += timedelta(minutes=5)


@pytest.mark.parametrize(
    ("zone", "evening", "hours"),
    [
        ("Europe/Berlin", datetime(2026, 3, 28, 12, tzinfo=UTC), 7.0),
        ("Europe/Berlin", datetime(2026, 10, 24, 12, tzinfo=UTC), 9.0),
        ("Europe/Berlin", datetime(2026, 6, 6, 12, tzinfo=UTC), 8.0),
        ("America/New_York", datetime(2026, 3, 7, 18, tzinfo=UTC), 7.0),
        ("America/New_York", datetime(2026, 10, 31, 18, tzinfo=UTC), 9.0),
        ("Australia/Lord_Howe", datetime(2026, 10, 3, 3, tzinfo=UTC), 7.5),
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 3, tzinfo=UTC), 8.5),
        ("Asia/Shanghai", datetime(2026, 10, 24, 4, tzinfo=UTC), 8.0),
    ],
)
def test_a_night_shift_lasts_as_long_as_the_night_does(
    zone: str, evening: datetime, hours: float
) -> None:
    night = Schedule("Nights", (WeeklyPeriod(Day.SATURDAY, time(22), time(6)),))
    open_minutes = sum(
        holds(night, (evening + n * MINUTE).astimezone(ZoneInfo(zone))) for n in range(36 * 60)
    )
    assert open_minutes / 60 == hours


def test_a_time_without_a_zone_is_no_question() -> None:
    with pytest.raises(ValueError, match="zone"):
        AccessQuestion(PersonFacts("ada"), DoorFacts("Front"), datetime(2026, 3, 2), frozenset())  # noqa: DTZ001


def test_the_questions_asked_here_are_answered_with_yes_and_with_no() -> None:
    """Otherwise nothing above would say anything."""
    seen = set()

    @settings(max_examples=400, deadline=None, derandomize=True, database=None)
    @given(questions)
    def ask(question: AccessQuestion) -> None:
        seen.add(decide_access(question).reason)

    ask()
    assert {
        AccessReason.ALLOWED,
        AccessReason.EMERGENCY_OPEN,
        AccessReason.LOCKDOWN,
        AccessReason.NO_GRANT,
        AccessReason.OCCUPANCY_FULL,
        AccessReason.FACTOR_MISSING,
        AccessReason.SECOND_PERSON,
    } <= seen
