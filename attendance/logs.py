"""The capture's id on every log line that belongs to it, in every process."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_capture: ContextVar[str] = ContextVar("capture", default="-")


@contextmanager
def capture_context(capture_id: object) -> Iterator[None]:
    """Mark every log line of the block with the capture's id."""
    token = _capture.set(str(capture_id))
    try:
        yield
    finally:
        _capture.reset(token)


class NotReadyFilter(logging.Filter):
    """Leaves out that ``/readyz`` answered 503: it is asked every few seconds."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Drop that record alone."""
        request = getattr(record, "request", None)
        return getattr(record, "status_code", 0) != 503 or (
            getattr(request, "path", "") != "/readyz"
        )


class CaptureFilter(logging.Filter):
    """Gives each record a ``capture``: the one it names, the block's, or a dash."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add the field; let every record through."""
        record.capture = str(getattr(record, "capture", _capture.get()))
        return True
