"""The buttons of lockdown and emergency, on the page of a door and of a site; and the history."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from attendance import defaults
from attendance.access_choices import OverrideKind
from attendance.models import Door, DoorOverride, Site
from attendance.services.overrides import begin_emergency, begin_lockdown, end_override

from .read_only import ReadOnly
from .time_range import TimeRange

QUESTIONS = {
    OverrideKind.LOCKDOWN: _(
        "Nobody is let in or out by a kiosk until the lockdown is ended, whatever the rules say. "
        "Only an emergency opening goes before it."
    ),
    OverrideKind.EMERGENCY_OPEN: _(
        "The kiosks hold the doors open for everybody until the emergency is ended or its time is "
        "over, whatever the rules say, a lockdown too. Whoever is recognised meanwhile is noted. "
        "A kiosk that loses the server lets its door lock again after ten seconds."
    ),
}


class WhyForm(forms.Form):
    """The reason, which the history keeps."""

    why = forms.CharField(
        label=_("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
        help_text=_("Kept in the history with your name and the time."),
    )


class EmergencyForm(WhyForm):
    """The reason, and for how long."""

    minutes = forms.TypedChoiceField(
        label=_("For how long"),
        choices=[
            *((15, _("15 minutes")), (60, _("1 hour"))),
            *((240, _("4 hours")), (720, _("12 hours"))),
        ],
        coerce=int,
        initial=defaults.EMERGENCY_MINUTES,
        help_text=_("Then the doors go by their rules again. It can be ended or prolonged before."),
    )


class OverrideActions:
    """Adds the buttons to the page of a door or a site."""

    admin_site: Any
    opts: Any

    def has_override_doors_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Whoever may override the doors, without the right to change them."""
        return request.user.has_perm("attendance.override_doors")

    @action(
        description=_("Lockdown"),
        icon="lock",
        url_path="lockdown",
        permissions=["override_doors"],
    )
    def lockdown(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Shut a door, or a site, to everybody, after asking why."""
        return self._begin(
            request, object_id, _Order(OverrideKind.LOCKDOWN, WhyForm, _("Begin lockdown"))
        )

    @action(
        description=_("Emergency open"),
        icon="emergency_home",
        url_path="emergency",
        permissions=["override_doors"],
    )
    def emergency(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Hold a door, or a site, open for everybody, after asking why and for how long."""
        return self._begin(
            request,
            object_id,
            _Order(OverrideKind.EMERGENCY_OPEN, EmergencyForm, _("Open for everybody")),
        )

    def _begin(self, request: HttpRequest, object_id: str, order: "_Order") -> HttpResponse:
        subject = self.get_object(request, object_id)  # type: ignore[attr-defined]
        if subject is None:
            raise Http404
        form = order.form(request.POST if request.method == "POST" else None)
        if form.is_valid():
            said = {
                "site": subject if isinstance(subject, Site) else subject.site,
                "door": subject if isinstance(subject, Door) else None,
                "by": request.user.get_username(),
                "why": form.cleaned_data["why"],
            }
            if order.kind is OverrideKind.LOCKDOWN:
                begin_lockdown(**said)
            else:
                begin_emergency(**said, lasts=timedelta(minutes=form.cleaned_data["minutes"]))
            messages.warning(request, f"{subject}: {order.kind.label}")
            return redirect(reverse("admin:attendance_dooroverride_changelist"))
        text, button = QUESTIONS[order.kind], order.button
        context = {"title": f"{button}: {subject}", "text": text, "button": button}
        back = reverse(f"admin:attendance_{self.opts.model_name}_change", args=[object_id])
        return _page(self.admin_site, self.opts, request, {**context, "form": form, "back": back})


@dataclass(frozen=True)
class _Order:
    """What one of the two buttons asks and does."""

    kind: OverrideKind
    form: type[WhyForm]
    button: Any


@admin.register(DoorOverride)
class DoorOverrideAdmin(ReadOnly, ModelAdmin):
    """Lockdowns and emergencies, those in force and those of the past."""

    empty_hint = _("A lockdown or an emergency is begun on the page of a door or a site.")

    list_display = ["kind_short", "where", "begun_at", "begun_by", "why", "until", "state"]
    list_filter = ["kind", "site", ("begun_at", TimeRange)]
    list_filter_submit = True
    list_select_related = ["site", "door__site"]
    search_fields = ["why", "begun_by"]
    fields = [
        *("kind", "site", "door", "begun_at", "begun_by", "why"),
        *("until", "ended_at", "ended_by"),
    ]
    actions_detail = ["end"]

    @display(description=_("kind"), ordering="kind", label={"l": "danger", "e": "warning"})
    def kind_short(self, override: DoorOverride) -> tuple[str, str]:
        """Say which of the two."""
        if override.kind == OverrideKind.LOCKDOWN:
            return "l", str(_("lockdown"))
        return "e", str(_("emergency open"))

    @display(description=_("where"))
    def where(self, override: DoorOverride) -> str:
        """Name the door, or the site with all its doors."""
        if override.door is not None:
            return str(override.door)
        return str(_("%s, every door") % override.site)

    @display(description=_("state"), label={"now": "danger", "ended": "success"})
    def state(self, override: DoorOverride) -> tuple[str, str]:
        """Say whether it is in force."""
        over = override.until is not None and override.until <= timezone.now()
        if override.ended_at is None and not over:
            return "now", str(_("in force"))
        if override.ended_by:
            return "ended", str(_("ended by %s") % override.ended_by)
        return "ended", str(_("its time was over"))

    def has_override_doors_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Whoever may begin one may end it."""
        return request.user.has_perm("attendance.override_doors")

    @action(
        description=_("End it"), icon="lock_open", url_path="end", permissions=["override_doors"]
    )
    def end(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Go back to the rules, after asking."""
        override = self.get_object(request, object_id)
        if override is None:
            raise Http404
        if request.method == "POST":
            end_override(override=override, by=request.user.get_username())
            messages.success(request, _("The doors go by their rules again."))
            return redirect(reverse("admin:attendance_dooroverride_changelist"))
        back = reverse("admin:attendance_dooroverride_change", args=[object_id])
        text = _("The doors go by their rules again.")
        context = {"title": str(override), "text": text, "button": _("End it"), "back": back}
        return _page(self.admin_site, self.opts, request, context)


def _page(site: Any, opts: Any, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    every = {**site.each_context(request), "opts": opts, **context}
    response = TemplateResponse(request, "admin/attendance/ask.html", every)
    response["Cache-Control"] = "no-store"
    return response
