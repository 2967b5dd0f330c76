"""A person's PIN: typed by the person at this console, or made by chance and shown once."""

import uuid
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from attendance.errors import PinRefused
from attendance.models import Person
from attendance.pins.typed import TypedPin
from attendance.selectors.pins import PinState, pin_state
from attendance.services.pin_attempts import unlock
from attendance.services.pins import change_expiry, remove_pin, reset_pin, set_pin

from .access import staff_only


class PinField(forms.CharField):
    """Digits that the page never shows again."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.PasswordInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 8}
        )
        super().__init__(widget=widget, max_length=64, **kwargs)

    def clean(self, value: Any) -> Any:
        """Return the typed PIN, or None for an empty field."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return TypedPin(text)
        except ValueError as error:
            raise forms.ValidationError(_("A PIN is made of digits.")) from error


class ExpiryForm(forms.Form):
    """Until when a PIN serves."""

    expires = forms.DateField(
        label=_("Serves until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The last day. Empty: without an end."),
    )

    def clean_expires(self) -> date | None:
        """Refuse a day that is over: whoever means to end a PIN removes it."""
        day: date | None = self.cleaned_data["expires"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError(_("This day is over. To end a PIN now, remove it."))
        return day

    def until(self) -> datetime | None:
        """Return the end of the last day."""
        day = self.cleaned_data.get("expires")
        if day is None:
            return None
        return datetime.combine(day, time.max, tzinfo=timezone.get_current_timezone())


class PinForm(ExpiryForm):
    """A PIN and a duress PIN, each typed twice by the person."""

    pin = PinField(label=_("PIN"), help_text=_("4 to 8 digits, typed by the person."))
    pin_again = PinField(label=_("PIN again"))
    duress = PinField(
        label=_("Duress PIN"),
        required=False,
        help_text=_(
            "For use under threat: it opens like the other and raises a silent alarm. May stay "
            "empty."
        ),
    )
    duress_again = PinField(label=_("Duress PIN again"), required=False)
    field_order = ["pin", "pin_again", "duress", "duress_again", "expires"]

    def clean(self) -> dict[str, Any]:
        """Refuse what was not typed alike twice."""
        typed = super().clean() or {}
        for name in ("pin", "duress"):
            one, again = typed.get(name), typed.get(f"{name}_again")
            if (one and one.reveal()) != (again and again.reveal()):
                self.add_error(f"{name}_again", _("Typed differently the second time."))
        return typed


@never_cache
@sensitive_post_parameters()
@staff_only
@permission_required("attendance.change_pin", raise_exception=True)
def page(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Set, reset, prolong, remove or unlock a person's PIN."""
    person = get_object_or_404(Person, pk=person_id)
    by = request.user.get_username()
    asked = request.POST.get("do") if request.method == "POST" else None
    form = PinForm(request.POST) if asked == "set" else PinForm()
    if asked == "reset":
        return _page(request, person, form, shown=reset_pin(person=person, by=by))
    if asked is None or (asked == "set" and not _set(form, person, by)):
        return _page(request, person, form)
    if asked == "expiry":
        expiry = ExpiryForm(request.POST, auto_id="expiry_%s")
        if not expiry.is_valid():
            return _page(request, person, form, expiry=expiry)
        change_expiry(person=person, expires_at=expiry.until(), by=by)
    elif asked != "set":
        _do(asked, person, by)
    messages.success(request, _("Done."))
    return redirect(request.path)


def _do(asked: str, person: Person, by: str) -> None:
    if asked == "remove":
        remove_pin(person=person, by=by)
    elif asked == "unlock" and (counter := pin_state(person=person).counter) is not None:
        unlock(counter=counter, by=by)


def _set(form: PinForm, person: Person, by: str) -> bool:
    """Set what was typed; return False, with the reason in the form, where it is refused."""
    if not form.is_valid():
        return False
    typed = form.cleaned_data
    try:
        set_pin(
            person=person,
            pin=typed["pin"],
            duress=typed["duress"],
            by=by,
            expires_at=form.until(),
        )
    except PinRefused as refused:
        form.add_error(None, refused.message)
        return False
    return True


def _page(
    request: HttpRequest,
    person: Person,
    form: PinForm,
    *,
    shown: TypedPin | None = None,
    expiry: ExpiryForm | None = None,
) -> HttpResponse:
    state: PinState = pin_state(person=person)
    context = {
        **admin.site.each_context(request),
        "title": _("PIN of %s") % person,
        "person": person,
        "form": form,
        "state": state,
        "expiry": expiry
        or ExpiryForm(initial={"expires": state.pin and state.pin.expires_at}, auto_id="expiry_%s"),
        "shown": shown.reveal() if shown else None,
        "opts": Person._meta,
    }
    return TemplateResponse(request, "console/pin.html", context)
