from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from attendance.models import Group, Membership, VisitorPass

from .time_range import TimeRange


class MembershipInline(TabularInline):
    """The members of a group."""

    model = Membership
    extra = 0
    fields = ["person"]
    autocomplete_fields = ["person"]


@admin.register(Group)
class GroupAdmin(ModelAdmin):
    """People who may go to the same places."""

    list_display = ["__str__", "how_many"]
    search_fields = ["name"]
    fields = ["name"]
    inlines = [MembershipInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        """Count the members in the same query."""
        groups: QuerySet[Group] = super().get_queryset(request)
        return groups.annotate(member_count=Count("memberships"))

    def get_readonly_fields(self, request: HttpRequest, obj: Group | None = None) -> list[str]:
        """Leave the group of everybody as it is."""
        return ["name"] if obj and obj.everybody else []

    def get_inlines(self, request: HttpRequest, obj: Group | None = None) -> Any:
        """List no members where everybody is one."""
        return [] if obj and obj.everybody else self.inlines

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep the group of everybody: new doors begin with it."""
        if isinstance(obj, Group) and obj.everybody:
            return False
        return bool(super().has_delete_permission(request, obj))

    @display(description=_("members"), ordering="member_count")
    def how_many(self, group: Any) -> str:
        """Count the members."""
        return str(_("all but visitors")) if group.everybody else str(group.member_count)


@admin.register(VisitorPass)
class VisitorPassAdmin(ModelAdmin):
    """Visits: who, to whom, when and where."""

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
