"""Enrolment by upload: pictures of one person, judged one by one."""

import uuid
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from attendance.choices import TemplateSource
from attendance.models import Person
from attendance.selectors.permitted import valid_consents
from attendance.services.enrolment import Picture, PictureOutcome, enrol_pictures
from attendance.services.history import write_down
from attendance.services.people import record_consent
from recognition import EngineError

from .access import staff_only

MOST_PICTURES = 20


class PicturesInput(forms.ClearableFileInput):
    """A file input that hands over all its files."""

    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Several pictures in one field."""

    widget = PicturesInput(attrs={"accept": "image/jpeg,image/png,image/webp"})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the files; refuse none, and more than a person needs."""
        files = data if isinstance(data, list) else [data] if data else []
        if not files:
            raise forms.ValidationError(_("Choose at least one picture."))
        if len(files) > MOST_PICTURES:
            raise forms.ValidationError(_("Choose at most %d pictures.") % MOST_PICTURES)
        return [super(PicturesField, self).clean(file, initial) for file in files]


class EnrolForm(forms.Form):
    """Pictures, and the consent they need."""

    pictures = PicturesField(
        label=_("Pictures"),
        help_text=_("JPEG, PNG or WebP. One face, near and sharp, looking into the camera."),
        allow_empty_file=True,
    )
    consent = forms.BooleanField(
        label=_("This person agreed to be recognised by face"),
        required=False,
        error_messages={"required": _("Without consent nobody is enrolled.")},
    )

    keep = forms.BooleanField(
        label=_("The faces may stay here, sealed, so that a better engine needs no new pictures"),
        required=False,
    )

    def __init__(self, *args: Any, ask_consent: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if ask_consent:
            self.fields["consent"].required = True
        else:
            del self.fields["consent"]


@staff_only
@permission_required("attendance.change_person", raise_exception=True)
def page(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Take pictures of a person and say what became of each."""
    person = get_object_or_404(Person, pk=person_id)
    has_consent = valid_consents(at=timezone.now()).filter(person=person).exists()
    outcomes: list[PictureOutcome] = []
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = EnrolForm(*sent, ask_consent=not has_consent)
    if sent and form.is_valid():
        try:
            outcomes = _enrol(person, form, by=request.user.get_username())
            _note(request, person, outcomes)
            form = EnrolForm(ask_consent=False)
        except EngineError as error:
            form.add_error(None, str(error))
    context = {
        **admin.site.each_context(request),
        "title": _("Enrol pictures of %s") % person,
        "person": person,
        "form": form,
        "outcomes": outcomes,
        "accepted": sum(outcome.accepted for outcome in outcomes),
        "template_count": person.templates.count(),
        "opts": Person._meta,
    }
    return TemplateResponse(request, "console/enrol.html", context)


def _enrol(person: Person, form: EnrolForm, *, by: str) -> list[PictureOutcome]:
    keep = form.cleaned_data["keep"]
    if keep or "consent" in form.cleaned_data:
        record_consent(person=person, recorded_by=by, keeps_pictures=keep)
    pictures = (Picture(file.name or "", file.read()) for file in form.cleaned_data["pictures"])
    return enrol_pictures(person=person, pictures=pictures, source=TemplateSource.UPLOAD)


def _note(request: HttpRequest, person: Person, outcomes: list[PictureOutcome]) -> None:
    """Write into the person's history how many pictures are new; nothing where none is."""
    new = sum(outcome.code == "enrolled" for outcome in outcomes)
    if new:
        said = ngettext("%d picture enrolled by upload", "%d pictures enrolled by upload", new)
        write_down(by=request.user.pk, rows=[person], what=said % new)
