from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin
from unfold.decorators import display

from attendance.models import Area, Forgiveness
from attendance.selectors.presence import people_inside, with_count_inside
from attendance.services.forgiveness import forgive

from .deletion import CountedDeletion
from .time_range import TimeRange

# More names than this help nobody on the page of an area.
MOST_NAMES = 200


@admin.register(Area)
class AreaAdmin(CountedDeletion, ModelAdmin):
    """What lies behind doors, and who is in it."""

    empty_hint = _("An area counts who is inside, and can refuse whoever comes in twice.")

    list_display = ["name", "site", "limit", "anti_passback", "inside_now"]
    list_filter = ["site"]
    list_select_related = ["site"]
    search_fields = ["name"]

    def get_fields(self, request: HttpRequest, obj: Area | None = None) -> list[str]:
        """Name those inside an area that is there."""
        fields = ["name", "site", "limit", "anti_passback", "reset_after_min"]
        return [*fields, *(["inside"] if obj else [])]

    def get_readonly_fields(self, request: HttpRequest, obj: Area | None = None) -> list[str]:
        """An area does not move to another site: its doors would stay behind."""
        return ["inside", "site"] if obj else ["inside"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Area]:
        """Count who is inside each, in the same query."""
        areas: QuerySet[Area] = super().get_queryset(request)
        return with_count_inside(areas=areas, at=timezone.now())

    @display(description=_("inside now"))
    def inside_now(self, area: Any) -> int:
        """Say how many are inside."""
        return int(area.count_inside)

    @display(description=_("inside now"))
    def inside(self, area: Area) -> SafeString:
        """Name who is inside, each with the way to put it right."""
        everybody = people_inside(area=area, at=timezone.now())
        people = list(everybody[:MOST_NAMES])
        if not people:
            return format_html("{}", _("Nobody."))
        more = everybody.count() - len(people) if len(people) == MOST_NAMES else 0
        add = reverse("admin:attendance_forgiveness_add")
        rows = ((p, f"{add}?area={area.pk}&person={p.pk}", _("Has left")) for p in people)
        items = format_html_join("", '<li>{} · <a class="lintel-link" href="{}">{}</a></li>', rows)
        rest = ngettext("And %d more.", "And %d more.", more) % more if more else ""
        return format_html("<ul>{}</ul>{}", items, rest)


@admin.register(Forgiveness)
class ForgivenessAdmin(ModelAdmin):
    """What guards put right, by whom and why."""

    empty_hint = _("Whoever left without a kiosk is taken to have left on the page of the area.")

    list_display = ["at", "person", "area", "by", "why"]
    list_filter = ["area", ("at", TimeRange)]
    list_filter_submit = True
    list_select_related = ["person", "area__site"]
    search_fields = ["person__full_name", "person__employee_number", "by", "why"]
    fields = ["area", "person", "why"]
    autocomplete_fields = ["area", "person"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: history is not rewritten."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: history is not rewritten."""
        return False

    def save_model(self, request: HttpRequest, obj: Forgiveness, form: Any, change: bool) -> None:
        """Forgive in the name of who is signed in."""
        saved = forgive(
            area=obj.area, person=obj.person, by=request.user.get_username(), why=obj.why
        )
        obj.pk = saved.pk
