"""Tests what a door's contact says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.doors import EventKind
from kiosk.doors.contact import AFTER_LOCKING_S, Contact

HELD_S = 30.0


def contact() -> Contact:
    return Contact(held_open_s=HELD_S)


def test_a_door_that_opens_while_it_is_locked_was_forced() -> None:
    assert contact().moved(100.0, is_open=True) is EventKind.FORCED


def test_a_door_that_opens_while_it_is_unlocked_was_not() -> None:
    door = contact()
    door.unlocked(100.0, 5.0)
    assert door.moved(104.0, is_open=True) is None
    assert door.moved(110.0, is_open=False) is None
    assert door.moved(105.0 + AFTER_LOCKING_S - 0.1, is_open=True) is None


def test_it_was_forced_once_the_unlocking_is_over() -> None:
    door = contact()
    door.unlocked(100.0, 5.0)
    assert door.moved(105.0 + AFTER_LOCKING_S + 0.1, is_open=True) is EventKind.FORCED


def test_a_door_that_stands_open_is_said_once_for_each_opening() -> None:
    door = contact()
    door.unlocked(100.0, 5.0)
    door.moved(101.0, is_open=True)
    assert door.due(105.0 + HELD_S) is None
    assert door.due(105.0 + HELD_S + 0.1) is EventKind.HELD_OPEN
    assert door.due(1000.0) is None
    door.moved(1001.0, is_open=False)
    assert door.due(2000.0) is None
    door.unlocked(2000.0, 5.0)
    door.moved(2001.0, is_open=True)
    assert door.due(2100.0) is EventKind.HELD_OPEN


def test_a_door_that_stood_open_when_the_kiosk_started_is_not_forced_but_held_open() -> None:
    door = contact()
    door.found_open(100.0)
    assert door.moved(101.0, is_open=True) is None
    assert door.due(100.0 + HELD_S) is None
    assert door.due(100.0 + HELD_S + 0.1) is EventKind.HELD_OPEN
    door.moved(200.0, is_open=False)
    assert door.moved(201.0, is_open=True) is EventKind.FORCED


def test_the_same_word_twice_is_one_opening() -> None:
    door = contact()
    assert door.moved(100.0, is_open=True) is EventKind.FORCED
    assert door.moved(101.0, is_open=True) is None
    assert door.due(100.0 + HELD_S + 0.1) is EventKind.HELD_OPEN


@given(st.lists(st.tuples(st.floats(0, 100), st.sampled_from(["open", "closed", "unlock"]))))
def test_nobody_is_accused_while_the_door_is_unlocked(
    moves: list[tuple[float, str]],
) -> None:
    door, now_s, until_s = contact(), 0.0, float("-inf")
    for step_s, what in moves:
        now_s += step_s
        if what == "unlock":
            door.unlocked(now_s, 5.0)
            until_s = now_s + 5.0
        elif door.moved(now_s, is_open=what == "open") is EventKind.FORCED:
            assert now_s > until_s


@pytest.mark.parametrize(("after_s", "said"), [(1.0, None), (3.0, EventKind.FORCED)])
def test_opened_after_it_was_locked_before_its_time_it_was_forced(
    after_s: float, said: EventKind | None
) -> None:
    contact = Contact(held_open_s=30.0)
    contact.unlocked(0.0, 3600.0)
    contact.locked(10.0)
    assert contact.moved(10.0 + after_s, is_open=True) is said
