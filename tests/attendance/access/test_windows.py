"""When somebody may enter in the hours to come."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from attendance.access import AccessQuestion, decide_access
from attendance.access.windows import windows
from tests.attendance.access.test_properties import questions
from tests.attendance.access.world import DOORS, STAFF

HOURS = timedelta(hours=1)


@given(questions, st.integers(1, 72), st.lists(st.floats(0, 1, exclude_max=True), max_size=30))
def test_at_every_moment_they_say_what_the_policy_says(
    question: AccessQuestion, hours: int, shares: list[float]
) -> None:
    from dataclasses import replace

    until = question.moment + hours * HOURS
    found = windows(question, until=until)
    for share in shares:
        # Whole microseconds, rounded down: a share just below 1 is not yet the end.
        moment = question.moment + timedelta(microseconds=int(share * hours * 3_600_000_000))
        allowed = decide_access(replace(question, at=moment.astimezone(question.at.tzinfo))).allowed
        assert any(window.begin <= moment < window.end for window in found) == allowed


def test_the_hours_of_an_office_are_two_windows_in_two_days() -> None:
    from dataclasses import replace

    from attendance.access import Factor

    monday = datetime(2026, 3, 2, 6, tzinfo=UTC)
    question = AccessQuestion(STAFF, DOORS["office"], monday, frozenset({Factor.FACE}))
    found = windows(question, until=monday + 48 * HOURS)
    assert [(w.begin.hour, w.end.hour) for w in found] == [(8, 18), (8, 18)]
    assert windows(replace(question, factors=frozenset()), until=monday + 48 * HOURS) == ()
