"""Consents are withdrawn after a question: from their list, and on the page of one or a person."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attendance.models import Consent, Person
from attendance.selectors.permitted import standing_consents
from attendance.selectors.withdrawal import Withdrawal, withdrawal_of
from attendance.services.history import write_down
from attendance.services.people import withdraw_consents


def withdraw_in_list(
    model_admin: Any, request: HttpRequest, consents: QuerySet[Consent]
) -> HttpResponse | None:
    """Ask about the consents chosen in a list; withdraw those that the question was about."""
    asked_about = request.POST.get("consents")
    if asked_about is None:
        withdrawal = withdrawal_of(consents=consents, at=timezone.now())
        if not withdrawal.consents:
            messages.info(request, _nothing())
            return None
        # The keys in one field, for there may be more than a form may have fields; the rest is
        # what the list wants to see before it runs an action on rows of more than one page.
        sent = {
            "consents": ",".join(str(key) for key in withdrawal.consents),
            "action": "withdraw",
            "index": "0",
            "select_across": "1",
            "_selected_action": str(withdrawal.consents[0]),
        }
        return _ask(model_admin, request, withdrawal, back=request.get_full_path(), sent=sent)
    keys = set(asked_about.split(","))
    known = [key for key in consents.values_list("pk", flat=True) if str(key) in keys]
    _withdraw(request, Consent.objects.filter(pk__in=known))
    return None


def withdraw_on_page(
    model_admin: Any, request: HttpRequest, consents: QuerySet[Consent], *, back: str
) -> HttpResponse:
    """Ask about one consent, or those of one person; withdraw them when that was answered."""
    if request.method == "POST":
        _withdraw(request, consents)
        return redirect(back)
    withdrawal = withdrawal_of(consents=consents, at=timezone.now())
    if not withdrawal.consents:
        messages.info(request, _nothing())
        return redirect(back)
    return _ask(model_admin, request, withdrawal, back=back, sent={})


def _withdraw(request: HttpRequest, consents: QuerySet[Consent]) -> None:
    with transaction.atomic():
        standing = standing_consents(at=timezone.now()).filter(
            pk__in=consents.order_by().values("pk")
        )
        # As keys, for what is withdrawn stands no longer.
        rows = Consent.objects.filter(pk__in=list(standing.values_list("pk", flat=True)))
        count = withdraw_consents(consents=rows)
        write_down(by=request.user.pk, rows=rows.select_related("person"), what=_("Withdrawn"))
        people = Person.objects.filter(pk__in=rows.values("person"))
        write_down(by=request.user.pk, rows=people, what=_("Consent withdrawn"))
    if count:
        messages.success(request, _done(count))
    else:
        messages.info(request, _nothing())


def _done(count: int) -> str:
    return ngettext("%d consent withdrawn.", "%d consents withdrawn.", count) % count


def _nothing() -> str:
    return _("Nothing has changed: no consent was in force.")


def _ask(
    model_admin: Any,
    request: HttpRequest,
    withdrawal: Withdrawal,
    *,
    back: str,
    sent: Mapping[str, str],
) -> HttpResponse:
    people = withdrawal.people.count
    title = ngettext(
        "Withdraw the consent of %d person?", "Withdraw the consents of %d people?", people
    )
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": title % people,
        "text": _(
            "Kiosks no longer recognise them by face; one that is cut off from the server stops "
            "when it reaches the server again or its list runs out."
        ),
        "withdrawal": withdrawal,
        "sent": sent,
        "button": _("Withdraw now"),
        "back": back,
    }
    response = TemplateResponse(request, "admin/attendance/consent/withdraw.html", context)
    response["Cache-Control"] = "no-store"
    return response
