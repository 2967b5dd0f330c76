"""Failures fade, delays grow."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from attendance import defaults
from attendance.pins.limits import Count, Limit

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LIMIT = Limit(5, MINUTE, timedelta(hours=1), timedelta(hours=12))


def after(failures: int, limit: Limit = LIMIT, start: Count | None = None) -> Count:
    count = start or Count()
    for _ in range(failures):
        count = count.failed(limit, NOW)
    return count


def test_four_failures_delay_nobody_and_the_fifth_does() -> None:
    assert not after(4).locked(NOW)
    assert after(5).locked(NOW)
    assert after(5).locked_until == NOW + MINUTE


def test_it_unlocks_by_the_clock_alone() -> None:
    assert after(5).locked(NOW + MINUTE - timedelta(microseconds=1))
    assert not after(5).locked(NOW + MINUTE)


def test_delays_double_up_to_the_longest() -> None:
    delays = [LIMIT.delay(failures) / MINUTE for failures in range(4, 14)]
    assert delays == [0, 1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_thousand_failures_delay_no_longer_than_the_longest() -> None:
    assert LIMIT.delay(10**6) == timedelta(hours=1)


def test_failures_fade_one_by_one() -> None:
    count = after(4)
    assert count.standing(LIMIT, NOW + timedelta(hours=11)) == 4
    assert count.standing(LIMIT, NOW + timedelta(hours=24)) == 2
    assert count.standing(LIMIT, NOW + timedelta(days=9)) == 0


def test_a_clock_that_was_set_back_forgives_nothing() -> None:
    assert after(4).standing(LIMIT, NOW - timedelta(days=30)) == 4


def test_what_was_counted_in_advance_is_taken_back() -> None:
    fifth = after(5).taken_back(LIMIT)
    assert (fifth.failures, fifth.locked(NOW)) == (4, False)
    assert after(7).taken_back(LIMIT).locked_until == after(6).locked_until
    assert Count().taken_back(LIMIT) == Count()


@given(st.lists(st.timedeltas(timedelta(0), timedelta(days=2)), max_size=60))
def test_nobody_gets_more_tries_than_the_limit_gives(gaps: list[timedelta]) -> None:
    """Whoever tries as soon as they may: by day ten thousand PINs take years."""
    count, now, tries = Count(), NOW, 0
    for gap in gaps:
        now += gap
        if not count.locked(now):
            count = count.failed(LIMIT, now)
            tries += 1
    days = (now - NOW) / timedelta(days=1)
    assert tries <= LIMIT.allowed + 24 * days + 6


def test_the_shipped_limit_makes_four_digits_last_a_year() -> None:
    limit = defaults.PIN_LIMIT_PERSON
    assert 10_000 * limit.longest_delay > timedelta(days=365)
