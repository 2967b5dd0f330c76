"""Rows that are looked at and never changed by hand."""

from typing import Any

from django.http import HttpRequest


class ReadOnly:
    """Takes adding, changing and deleting out of an admin page."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse; looking stays allowed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False
