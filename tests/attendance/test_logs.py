import logging

from attendance.logs import CaptureFilter, capture_context


def marked(**extra: object) -> str:
    """Return the capture that a line of the log would name."""
    record = logging.makeLogRecord(extra)
    assert CaptureFilter().filter(record)
    return str(record.__dict__["capture"])


def test_a_line_outside_of_any_capture_has_a_dash() -> None:
    assert marked() == "-"


def test_a_line_within_a_capture_names_it() -> None:
    with capture_context("one"):
        assert marked() == "one"
        with capture_context("two"):
            assert marked() == "two"
        assert marked() == "one"
    assert marked() == "-"


def test_a_line_that_names_a_capture_itself_keeps_it() -> None:
    with capture_context("one"):
        assert marked(capture="its own") == "its own"
