from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextareaWidget

from attendance.models import AccessRule, Door, DoorModeRule, Kiosk, Site
from attendance.selectors.overrides import with_state
from attendance.services.bells import call_kiosks
from attendance.services.doors import give_door
from attendance.services.history import write_down
from attendance.services.provisioning import (
    code_waits,
    demand_rotation,
    issue_code,
    key_fingerprint,
    revoke_key,
)

from .deletion import CountedDeletion
from .overrides import OverrideActions


@admin.register(Site)
class SiteAdmin(CountedDeletion, OverrideActions, ModelAdmin):
    """Places with doors."""

    list_display = ["name", "time_zone", "holidays", "report_time", "told_of_alarms"]
    list_select_related = ["holidays"]
    search_fields = ["name"]
    actions_detail = ["lockdown", "emergency"]
    # Mail addresses, one a line: there are few.
    formfield_overrides: ClassVar = {
        models.TextField: {"widget": UnfoldAdminTextareaWidget(attrs={"rows": 3})}
    }

    @display(
        description=_("told of alarms"),
        label={"all": "success", "some": "warning", "nobody": "danger"},
    )
    def told_of_alarms(self, site: Site) -> tuple[str, str]:
        """Say of which alarms anybody is mailed: one that nobody hears of helps nobody."""
        match bool(site.alarm_addresses), bool(site.door_alarm_addresses):
            case True, True:
                return "all", str(_("of all"))
            case True, False:
                return "some", str(_("of duress only"))
            case False, True:
                return "some", str(_("of doors only"))
        return "nobody", str(_("nobody"))


class AccessRuleInline(TabularInline):
    """Who may enter a door, and when."""

    model = AccessRule
    extra = 0
    fields = ["group", "schedule", "effect"]


class DoorModeRuleInline(TabularInline):
    """What a door asks for at certain hours."""

    model = DoorModeRule
    extra = 0
    fields = ["position", "schedule", "mode"]


@admin.register(Door)
class DoorAdmin(CountedDeletion, OverrideActions, ModelAdmin):
    """Doors: what they ask for, who may enter and when."""

    list_display = ["name", "site", "area", "mode", "state"]
    list_filter = ["site", "mode"]
    list_select_related = ["site", "area__site"]
    search_fields = ["name", "site__name"]
    inlines = [AccessRuleInline, DoorModeRuleInline]
    actions_detail = ["ask", "lockdown", "emergency"]
    fieldsets = [
        (None, {"fields": ["name", "site", "area"]}),
        (
            _("What it asks for"),
            {"fields": ["mode", "step_up", "challenge", "challenge_digits", "two_person_s"]},
        ),
        (_("Cut off from the server"), {"fields": ["offline", "offline_hours"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Door | None = None) -> list[str]:
        """A door does not move to another site: its kiosks and its area would stay behind."""
        return ["site"] if obj else []

    def get_queryset(self, request: HttpRequest) -> QuerySet[Door]:
        """Add what the list says of each door, in the same query."""
        doors: QuerySet[Door] = super().get_queryset(request)
        return with_state(doors=doors, at=timezone.now())

    @display(
        description=_("state"),
        label={
            "normal": "success",
            "lockdown": "danger",
            "emergency_open": "warning",
            "nobody": "danger",
        },
    )
    def state(self, door: Any) -> tuple[str, str]:
        """Say what stands over it, or that nobody was given a way in yet."""
        if door.emergency_open:
            return "emergency_open", str(_("emergency open"))
        if door.lockdown:
            return "lockdown", str(_("lockdown"))
        if not door.opens_for_somebody:
            return "nobody", str(_("opens for nobody yet"))
        return "normal", str(_("by its rules"))

    @action(description=_("Who may enter?"), icon="help", url_path="ask", permissions=["view"])
    def ask(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Go to the page that answers for this door."""
        door = self.get_object(request, object_id)
        if door is None:
            raise Http404
        return redirect(f"{reverse('access-question')}?door={door.pk}")


@admin.register(Kiosk)
class KioskAdmin(CountedDeletion, ModelAdmin):
    """Kiosks and their keys."""

    list_display = ["name", "site", "zone", "active", "key", "last_seen_at"]
    list_filter = ["active", "site"]
    list_select_related = ["site"]
    search_fields = ["name", "zone"]
    fields = [
        *("name", "site", "door", "direction", "zone", "active"),
        *("key", "fingerprint", "key_since", "last_seen_at", "clock_skew_ms"),
    ]
    readonly_fields = [
        "key",
        "fingerprint",
        "key_since",
        "last_seen_at",
        *("clock_skew_ms", "camera", "spool_waiting", "spool_aside", "spool_full"),
        "door_faults",
    ]
    actions_detail = ["new_code", "rotate", "revoke"]

    def save_model(self, request: HttpRequest, obj: Kiosk, form: Any, change: bool) -> None:
        """Give a kiosk without a door one of its own, and tell it what was changed."""
        give_door(kiosk=obj)
        super().save_model(request, obj, form, change)
        transaction.on_commit(call_kiosks)

    def response_post_save_add(self, request: HttpRequest, obj: Kiosk) -> HttpResponse:
        """Go on to the code: without one a new kiosk is nothing but a name."""
        return redirect(reverse("admin:attendance_kiosk_new_code", args=[obj.pk]))

    @display(
        description=_("key"),
        label={
            "in use": "success",
            "wanted": "info",
            "code": "info",
            "revoked": "danger",
            "none": "warning",
        },
    )
    def key(self, kiosk: Kiosk) -> tuple[str, str]:
        """Say how the kiosk stands with its key."""
        if kiosk.rotation_wanted:
            return "wanted", str(_("new key wanted"))
        if kiosk.public_key:
            return "in use", str(_("in use"))
        if code_waits(kiosk=kiosk):
            return "code", str(_("code made"))
        return ("revoked", str(_("revoked"))) if kiosk.key_revoked else ("none", str(_("none")))

    @display(description=_("fingerprint of its key"))
    def fingerprint(self, kiosk: Kiosk) -> str:
        """Show what the kiosk shows of its own key, to compare."""
        return key_fingerprint(kiosk=kiosk) or "–"

    @action(
        description=_("Make one-time code"), icon="key", url_path="code", permissions=["change"]
    )
    def new_code(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Make a code, after asking, and show it this once."""
        kiosk = self._kiosk(request, object_id)
        question = _(
            "The code works once and within an hour. It is shown only once. The key in use, if "
            "there is one, works until the code is used."
        )
        if request.method != "POST":
            return self._ask(request, kiosk, _("Make one-time code"), question)
        context = {"kiosk": kiosk, "code": issue_code(kiosk=kiosk), "title": str(kiosk)}
        write_down(by=request.user.pk, rows=[kiosk], what=_("One-time code made"))
        return self._page(request, "admin/attendance/kiosk/code.html", context)

    @action(
        description=_("Ask for new key"), icon="sync", url_path="rotate", permissions=["change"]
    )
    def rotate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Have the kiosk change its key, after asking."""
        kiosk = self._kiosk(request, object_id)
        if request.method != "POST":
            question = _("The kiosk makes a new key within seconds and goes on working.")
            return self._ask(request, kiosk, _("Ask for new key"), question)
        demand_rotation(kiosk=kiosk)
        write_down(by=request.user.pk, rows=[kiosk], what=_("New key asked for"))
        messages.success(request, _("%s is asked for a new key.") % kiosk)
        return redirect(reverse("admin:attendance_kiosk_change", args=[object_id]))

    @action(description=_("Revoke key"), icon="key_off", url_path="revoke", permissions=["change"])
    def revoke(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Leave the kiosk without a key, after asking."""
        kiosk = self._kiosk(request, object_id)
        if request.method != "POST":
            question = _("The kiosk is refused from now on, until it gets a new code.")
            return self._ask(request, kiosk, _("Revoke key"), question)
        revoke_key(kiosk=kiosk)
        write_down(by=request.user.pk, rows=[kiosk], what=_("Key revoked"))
        messages.success(request, _("%s has no key now.") % kiosk)
        return redirect(reverse("admin:attendance_kiosk_change", args=[object_id]))

    def _kiosk(self, request: HttpRequest, object_id: str) -> Kiosk:
        kiosk: Kiosk | None = self.get_object(request, object_id)
        if kiosk is None:
            raise Http404
        return kiosk

    def _ask(self, request: HttpRequest, kiosk: Kiosk, title: Any, text: Any) -> HttpResponse:
        context = {"title": title, "text": text, "kiosk": kiosk}
        return self._page(request, "admin/attendance/kiosk/ask.html", context)

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        every = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        response = TemplateResponse(request, template, every)
        response["Cache-Control"] = "no-store"
        return response
