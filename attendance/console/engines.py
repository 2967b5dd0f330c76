"""Which engine decides, which are installed, and a switch to another one with its progress."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from attendance.errors import LintelError
from attendance.selectors.engines import engine_rows, renewal_state, switch_state
from attendance.services.engines import cancel_switch, switch_engine
from recognition import RecognitionError

from .access import staff_only


class SwitchForm(forms.Form):
    """Which engine, and why."""

    engine = forms.CharField(max_length=64)
    why = forms.CharField(label=_("Why"), max_length=500)
    leave_behind = forms.BooleanField(required=False)


@staff_only
@permission_required("attendance.view_siteengine", raise_exception=True)
def page(request: HttpRequest) -> HttpResponse:
    """Show the engines; begin a switch, give it up, or make it at once."""
    may_change = request.user.has_perm("attendance.change_siteengine")
    if request.method == "POST" and may_change:
        try:
            _act(request)
        except (LintelError, RecognitionError) as error:
            messages.error(request, str(error))
        return redirect("engines")
    rows = engine_rows()
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Engines"),
        "may_change": may_change,
        "engines": rows,
        "broken": next((row for row in rows if row.decides and row.fault), None),
        "targets": [row for row in rows if row.usable and not row.decides],
        "switch": switch_state(),
        "renewal": renewal_state(),
    }
    return TemplateResponse(request, "console/engines.html", context)


def _act(request: HttpRequest) -> None:
    if request.POST.get("do") == "cancel":
        cancel_switch()
        messages.success(request, _("The switch was given up; nothing has changed."))
        return
    form = SwitchForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why the engine is switched: it is kept in the history."))
        return
    progress = switch_engine(
        name=form.cleaned_data["engine"],
        by=request.user.get_username(),
        why=form.cleaned_data["why"],
        force=form.cleaned_data["leave_behind"],
    )
    if progress.policy is not None:
        messages.success(request, _("%s decides from now on.") % progress.policy.engine_name)
