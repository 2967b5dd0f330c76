"""Tests the reading of what the server says."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.answers import Decided, Failed, Policy, Queued, parse_answer, parse_greeting
from kiosk.errors import ServerAwayError

CAPTURE = UUID("9b2f5a86-8d0c-4b34-9a3e-1c8a5b6f0f11")
YES = {
    "capture": str(CAPTURE),
    "state": "decided",
    "accepted": True,
    "reason": "matched",
    "message": "Welcome",
    "person": {"display_name": "王小明", "employee_number": "7"},
    "repeat": False,
    "open_door": True,
}
GREETING = {
    "name": "Front door",
    "site": "Head office",
    "time_zone": "Asia/Shanghai",
    "server_time": "2026-03-01T08:00:00+00:00",
    "policy": {"min_face_px": 120, "max_frames": 3},
}
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def test_it_reads_an_acceptance() -> None:
    answer = parse_answer(YES, CAPTURE)
    assert isinstance(answer, Decided)
    assert (answer.accepted, answer.name, answer.open_door) == (True, "王小明", True)


@pytest.mark.parametrize("value", ["true", 1, "yes", None, [True]])
def test_only_a_plain_true_accepts(value: object) -> None:
    answer = parse_answer(YES | {"accepted": value}, CAPTURE)
    assert isinstance(answer, Decided)
    assert not answer.accepted
    assert not answer.open_door
    assert answer.name is None


@pytest.mark.parametrize("value", ["true", 1, None])
def test_only_a_plain_true_opens_the_door(value: object) -> None:
    answer = parse_answer(YES | {"open_door": value}, CAPTURE)
    assert isinstance(answer, Decided)
    assert answer.accepted
    assert not answer.open_door


def test_an_answer_about_another_capture_is_none() -> None:
    with pytest.raises(ServerAwayError, match="another capture"):
        parse_answer(YES, uuid4())


def test_the_time_of_the_check_in_is_the_servers_where_it_says_one() -> None:
    said = parse_answer(YES | {"happened_at": "2026-03-01T08:00:00+01:00"}, CAPTURE)
    assert isinstance(said, Decided)
    assert said.happened_at == datetime(2026, 3, 1, 7, 0, tzinfo=UTC)
    for odd in (None, 5, "today", "2026-03-01T08:00:00"):
        unsaid = parse_answer(YES | {"happened_at": odd}, CAPTURE)
        assert isinstance(unsaid, Decided)
        assert unsaid.happened_at is None


def test_it_reads_the_other_states() -> None:
    queued = {"capture": str(CAPTURE), "state": "queued", "status_url": "/x"}
    assert parse_answer(queued, CAPTURE) == Queued(CAPTURE, "/x")
    assert parse_answer(queued | {"status_url": 5}, CAPTURE) == Queued(CAPTURE, None)
    assert parse_answer(queued | {"state": "failed"}, CAPTURE) == Failed(CAPTURE)


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "yes",
        {},
        {"capture": str(CAPTURE)},
        {"capture": str(CAPTURE), "state": "perhaps"},
        {"capture": str(CAPTURE), "state": "decided", "accepted": True},
    ],
)
def test_anything_else_is_no_answer(body: object) -> None:
    with pytest.raises(ServerAwayError):
        parse_answer(body, CAPTURE)


@given(anything)
def test_no_body_does_anything_but_fail_plainly(body: object) -> None:
    with pytest.raises(ServerAwayError):
        parse_answer(body, CAPTURE)
    with pytest.raises(ServerAwayError):
        parse_greeting(body)


@given(st.dictionaries(st.sampled_from([*YES, "other"]), anything))
def test_no_spoilt_answer_opens_a_door_that_was_not_to_open(changes: dict[str, Any]) -> None:
    body = YES | {"accepted": False, "open_door": False} | changes
    try:
        answer = parse_answer(body, CAPTURE)
    except ServerAwayError:
        return
    if isinstance(answer, Decided) and answer.open_door:
        assert body["accepted"] is True
        assert body["open_door"] is True


def test_it_reads_a_greeting() -> None:
    greeting = parse_greeting(GREETING)
    assert greeting.time_zone == "Asia/Shanghai"
    assert greeting.policy == Policy(min_face_px=120, max_frames=3)


def test_a_greeting_without_a_policy_means_the_usual_one() -> None:
    assert parse_greeting({**GREETING, "policy": None}).policy == Policy()
    odd = {"min_face_px": "large", "max_frames": True}
    assert parse_greeting({**GREETING, "policy": odd}).policy == Policy()


def test_a_policy_beyond_reason_is_held_within_it() -> None:
    wild = {"min_face_px": 10**9, "max_frames": 99}
    assert parse_greeting({**GREETING, "policy": wild}).policy == Policy(2000, 5)


@pytest.mark.parametrize(
    ("door", "locked"),
    [
        ({"state": "lockdown"}, True),
        ({"state": "normal"}, False),
        ({"state": "emergency_open"}, False),
        ({}, False),
        (None, False),
    ],
)
def test_a_greeting_tells_of_a_lockdown(door: object, locked: bool) -> None:
    assert parse_greeting({**GREETING, "door": door}).lockdown is locked


@pytest.mark.parametrize(
    ("door", "left_s"),
    [
        ({"state": "emergency_open", "emergency_until": "2026-03-01T08:00:30+00:00"}, 30),
        ({"state": "emergency_open", "emergency_until": "2026-03-01T07:00:00+00:00"}, 0),
        ({"state": "emergency_open", "emergency_until": "2026-03-01T09:00:00"}, 0),
        ({"state": "emergency_open", "emergency_until": None}, 0),
        ({"state": "emergency_open"}, 0),
        ({"state": "lockdown", "emergency_until": "2026-03-01T08:00:30+00:00"}, 0),
        (["emergency_open"], 0),
    ],
)
def test_an_emergency_without_an_end_to_come_is_none(door: object, left_s: float) -> None:
    assert parse_greeting({**GREETING, "door": door}).emergency_left_s == left_s


@given(st.dictionaries(st.sampled_from(["state", "emergency_until", "name"]), anything))
def test_no_spoilt_greeting_holds_a_door_open(door: dict[str, Any]) -> None:
    assert parse_greeting({**GREETING, "door": door}).emergency_left_s == 0


@pytest.mark.parametrize("time", ["yesterday", "2026-03-01T08:00:00", 12])
def test_a_time_without_a_zone_is_no_time(time: object) -> None:
    with pytest.raises(ServerAwayError):
        parse_greeting({**GREETING, "server_time": time})
