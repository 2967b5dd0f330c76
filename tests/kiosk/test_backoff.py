"""Tests the waiting between tries."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.backoff import Backoff


def test_the_waits_double_until_the_longest() -> None:
    backoff = Backoff(1.0, 10.0, chance=lambda: 1.0)
    assert [backoff.next_s() for _ in range(6)] == [1.0, 2.0, 4.0, 8.0, 10.0, 10.0]


def test_after_a_success_it_begins_anew() -> None:
    backoff = Backoff(1.0, 10.0, chance=lambda: 1.0)
    backoff.next_s()
    backoff.next_s()
    backoff.reset()
    assert backoff.next_s() == 1.0


@given(st.floats(0.0, 0.999), st.integers(0, 5000))
def test_a_wait_is_never_nothing_and_never_more_than_the_longest(
    chance: float, failures: int
) -> None:
    backoff = Backoff(0.5, 10.0, chance=lambda: chance)
    backoff.failures = failures
    assert 0.25 <= backoff.next_s() <= 10.0


def test_two_kiosks_do_not_knock_at_the_same_instant() -> None:
    waits = {Backoff(1.0, 10.0).next_s() for _ in range(20)}
    assert len(waits) > 10
