from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from attendance.models import Kiosk, Site
from attendance.services.kiosks import issue_token, revoke_token


@admin.register(Site)
class SiteAdmin(ModelAdmin):
    """Places with doors."""

    list_display = ["name", "time_zone", "report_time"]
    search_fields = ["name"]


@admin.register(Kiosk)
class KioskAdmin(ModelAdmin):
    """Kiosks and their tokens."""

    list_display = ["name", "site", "zone", "active", "token", "last_seen_at"]
    list_filter = ["active", "site"]
    list_select_related = ["site"]
    search_fields = ["name", "zone"]
    fields = ["name", "site", "zone", "active", "token", "last_seen_at"]
    readonly_fields = ["token", "last_seen_at"]
    actions_detail = ["new_token", "revoke"]

    @display(description=_("token"), label={_("issued"): "success", _("none"): "warning"})
    def token(self, kiosk: Kiosk) -> Any:
        """Say whether there is a token; the token itself is not kept."""
        return _("issued") if kiosk.token_hash else _("none")

    @action(description=_("Issue new token"), icon="key", url_path="token", permissions=["change"])
    def new_token(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Issue a token, after asking, and show it this once."""
        kiosk = self._kiosk(request, object_id)
        question = _("The token in use stops working at once. The new one is shown only once.")
        if request.method != "POST":
            return self._ask(request, kiosk, _("Issue new token"), question)
        context = {"kiosk": kiosk, "token": issue_token(kiosk=kiosk), "title": str(kiosk)}
        return self._page(request, "admin/attendance/kiosk/token.html", context)

    @action(
        description=_("Revoke token"), icon="key_off", url_path="revoke", permissions=["change"]
    )
    def revoke(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Leave the kiosk without a token, after asking."""
        kiosk = self._kiosk(request, object_id)
        if request.method != "POST":
            question = _("The kiosk is refused from now on, until a new token is issued.")
            return self._ask(request, kiosk, _("Revoke token"), question)
        revoke_token(kiosk=kiosk)
        messages.success(request, _("%s has no token now.") % kiosk)
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
