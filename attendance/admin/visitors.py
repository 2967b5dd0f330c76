from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from attendance.models import VisitorPass

from .moments import DaysWillDo
from .time_range import TimeRange


@admin.register(VisitorPass)
class VisitorPassAdmin(DaysWillDo, ModelAdmin):
    """Visits: who, to whom, when and where."""

    empty_hint = _(
        "Add a person marked as visitor first, then the pass: host, time, and where they may go."
    )

    list_display = ["person", "host", "begins_at", "ends_at", "group", "created_by"]
    list_filter = ["group", ("begins_at", TimeRange), ("ends_at", TimeRange)]
    list_filter_submit = True
    list_select_related = ["person", "host", "group"]
    search_fields = ["person__full_name", "host__full_name"]
    fields = ["person", "host", "begins_at", "ends_at", "group"]
    autocomplete_fields = ["person", "host", "group"]

    def save_model(self, request: HttpRequest, obj: VisitorPass, form: Any, change: bool) -> None:
        """Write down who made it."""
        if not obj.created_by:
            obj.created_by = request.user.get_username()
        super().save_model(request, obj, form, change)
