"""Tests a capture as bytes, and what is known of its time later."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.capture import Capture
from kiosk.clock import running_s, wall_time
from kiosk.errors import SpoolError
from kiosk.spool import parcel_of, reading_of, unpacked

SECOND = timedelta(seconds=1)


def capture(*frames: bytes) -> Capture:
    """A capture taken now."""
    return Capture(uuid4(), wall_time(), running_s(), frames or (b"one", b"two"))


@given(
    st.lists(st.binary(max_size=50), min_size=1, max_size=5),
    st.none() | st.timedeltas(-timedelta(days=9), timedelta(days=9)),
)
def test_a_capture_comes_back_as_it_was(frames: list[bytes], skew: timedelta | None) -> None:
    made = capture(*frames)
    reading = reading_of(made.captured_at, made.taken_s, skew)
    assert unpacked(made.id, parcel_of(made, reading)) == (made, reading)


@pytest.mark.parametrize("content", [b"", b"{}\n", b"null\nx", b"\xff\n"])
def test_what_is_no_capture_is_said_to_be_none(content: bytes) -> None:
    with pytest.raises(SpoolError):
        unpacked(uuid4(), content)


def test_a_capture_that_is_not_whole_is_none() -> None:
    made = capture()
    content = parcel_of(made, reading_of(made.captured_at, made.taken_s, None))
    with pytest.raises(SpoolError, match="not whole"):
        unpacked(made.id, content[:-1])


def test_a_clock_that_was_set_meanwhile_is_seen_by_the_running_clock() -> None:
    wrong = replace(capture(), captured_at=datetime(2020, 1, 1, tzinfo=UTC))
    reading = reading_of(wrong.captured_at, wrong.taken_s, None)
    skew = reading.skew_then(timedelta(0))
    assert skew is not None
    assert abs((wrong.captured_at - skew) - wall_time()) < SECOND


def test_after_a_restart_only_what_was_measured_then_counts() -> None:
    made = capture()
    measured = reading_of(made.captured_at, made.taken_s, 3 * SECOND)
    reading = replace(measured, boot="another")
    assert reading.age_s() is None
    assert reading.skew_then(timedelta(0)) == 3 * SECOND
    assert replace(reading, skew=None).skew_then(timedelta(0)) is None
