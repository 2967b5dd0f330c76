from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from attendance.models import Holiday, HolidayCalendar, Schedule, SchedulePeriod
from attendance.selectors.week import week_of

from .deletion import CountedDeletion


class ClockInput(UnfoldAdminTextInputWidget):
    """A clock time of any site: no zone, and no warning that the browser's is another."""

    input_type = "time"


class SchedulePeriodInline(TabularInline):
    """The periods of a schedule."""

    model = SchedulePeriod
    extra = 0
    fields = ["day", "begin", "end"]
    formfield_overrides = {models.TimeField: {"widget": ClockInput}}


@admin.register(Schedule)
class ScheduleAdmin(CountedDeletion, ModelAdmin):
    """Hours of the week."""

    list_display = ["__str__", "minds_holidays", "used_by"]
    ordering = ["name"]
    search_fields = ["name"]
    inlines = [SchedulePeriodInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Schedule]:
        """Count the rules in the same query."""
        schedules: QuerySet[Schedule] = super().get_queryset(request)
        return schedules.annotate(rule_count=Count("rules"))

    def get_fields(self, request: HttpRequest, obj: Schedule | None = None) -> list[str]:
        """Show the week of a schedule that is there."""
        return ["name", "minds_holidays", *(["week"] if obj else [])]

    def get_readonly_fields(self, request: HttpRequest, obj: Schedule | None = None) -> list[str]:
        """Leave the schedule that always holds as it is."""
        return ["name", "minds_holidays", "week"] if obj and obj.always else ["week"]

    def get_inlines(self, request: HttpRequest, obj: Schedule | None = None) -> Any:
        """Offer no periods where they would not be looked at."""
        return [] if obj and obj.always else self.inlines

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep the schedule that always holds: new doors begin with it."""
        if isinstance(obj, Schedule) and obj.always:
            return False
        return bool(super().has_delete_permission(request, obj))

    @display(description=_("week"))
    def week(self, schedule: Schedule) -> SafeString:
        """Draw the week."""
        context = {"week": week_of(schedule=schedule)}
        page = render_to_string("admin/attendance/access/week.html", context)
        return mark_safe(page)  # noqa: S308 - our own template, which escapes what it is given

    @display(description=_("access rules"), ordering="rule_count")
    def used_by(self, schedule: Any) -> int:
        """Count the rules that go by it."""
        return int(schedule.rule_count)


class HolidayInline(TabularInline):
    """The days of a calendar."""

    model = Holiday
    extra = 0
    fields = ["date", "name", "every_year"]


@admin.register(HolidayCalendar)
class HolidayCalendarAdmin(CountedDeletion, ModelAdmin):
    """Holidays, one calendar for all sites that keep them."""

    list_display = ["name"]
    search_fields = ["name"]
    inlines = [HolidayInline]
