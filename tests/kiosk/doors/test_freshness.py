"""Tests when the door may open."""

import logging
from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.answers import Decided
from kiosk.doors import FRESH_S, LogDoor, may_open

YES = Decided(uuid4(), True, "matched", "", "Ada", repeat=False, open_door=True)


def test_a_fresh_acceptance_opens() -> None:
    assert may_open(YES, 0.3)
    assert may_open(replace(YES, repeat=True), FRESH_S)


def test_an_old_acceptance_opens_nothing() -> None:
    assert not may_open(YES, FRESH_S + 0.01)


def test_a_decision_from_the_future_opens_nothing() -> None:
    assert not may_open(YES, -1.0)


@given(st.booleans(), st.booleans(), st.floats(allow_nan=True))
def test_nothing_but_a_fresh_acceptance_with_the_servers_word_opens(
    accepted: bool, open_door: bool, age_s: float
) -> None:
    opens = may_open(replace(YES, accepted=accepted, open_door=open_door), age_s)
    assert opens == (accepted and open_door and 0 <= age_s <= FRESH_S)


async def test_the_written_door_says_that_it_is_open(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        await LogDoor().unlock(5)
    assert "unlocked for 5 s" in caplog.text
