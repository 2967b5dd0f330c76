"""The history of a row, for what is done to it by buttons and lists and not by its form."""

from collections.abc import Iterable

from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import Model


def write_down(*, by: object, rows: Iterable[Model], what: object) -> None:
    """Note in the history of some rows what has been done to them; `by` is the user's key."""
    LogEntry.objects.log_actions(str(by), list(rows), CHANGE, str(what))
