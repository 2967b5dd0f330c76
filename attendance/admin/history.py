"""The history of a row, for what is done to it by buttons and lists and not by its form."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import Model
from django.http import HttpRequest


def write_down(request: HttpRequest, rows: Iterable[Model], what: Any) -> None:
    """Note in the history of some rows what whoever is signed in has done to them."""
    LogEntry.objects.log_actions(str(request.user.pk), list(rows), CHANGE, str(what))
