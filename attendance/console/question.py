"""“May she enter here then, and why?”: asks the policy as a door does, and shows every step."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attendance.access import AccessAnswer, decide_access
from attendance.access import Factor as PolicyFactor
from attendance.access_choices import Direction, Factor
from attendance.access_words import (
    StepWords,
    factors_in_words,
    reason_in_words,
    rule_in_words,
    steps_in_words,
)
from attendance.errors import NoSuchPerson
from attendance.models import Door, Person
from attendance.selectors.access import Attempt, access_question
from attendance.selectors.permitted import permitted_people
from attendance.services.people import find_person

from .access import staff_only

WALL_CLOCK = "%Y-%m-%dT%H:%M"


class QuestionForm(forms.Form):
    """Who, where, when, and with what."""

    who = forms.CharField(
        label=_("Who"), max_length=200, help_text=_("Employee number, or the whole name.")
    )
    door = forms.ModelChoiceField(
        Door.objects.select_related("site"), label=_("Where"), empty_label=None
    )
    when = forms.DateTimeField(
        label=_("When"),
        input_formats=[WALL_CLOCK, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=WALL_CLOCK),
        help_text=_("By the clock at the door."),
    )
    direction = forms.ChoiceField(label=_("Which way"), choices=Direction)
    factors = forms.MultipleChoiceField(
        label=_("Shown"),
        choices=Factor,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    doubtful = forms.BooleanField(label=_("the face was doubtful"), required=False)

    def clean_who(self) -> Person:
        """Find the person."""
        try:
            return find_person(who=self.cleaned_data["who"].strip())
        except NoSuchPerson:
            raise forms.ValidationError(
                _("Nobody, or more than one person, is called that. Use the employee number.")
            ) from None


@dataclass(frozen=True)
class Told:
    """The answer, as the page shows it."""

    person: Person
    door: Door
    at: datetime
    answer: AccessAnswer
    headline: str
    rule: str
    reason: str
    wanted: str
    steps: list[StepWords]
    by_face: bool
    """Whether a face would be recognised at all: active, with a consent in force."""


@staff_only
@permission_required(("attendance.view_door", "attendance.view_person"), raise_exception=True)
def page(request: HttpRequest) -> HttpResponse:
    """Ask, and answer below the question. Nothing is stored, and nothing changes."""
    asked = "who" in request.GET
    form = QuestionForm(request.GET if asked else None, initial=_beginning(request))
    told = _answer(form) if asked and form.is_valid() else None
    context = {
        **admin.site.each_context(request),
        "title": _("May they enter?"),
        "form": form,
        "told": told,
    }
    return TemplateResponse(request, "console/question.html", context)


def _beginning(request: HttpRequest) -> dict[str, Any]:
    doors = Door.objects.select_related("site")
    chosen = request.GET.get("door", "")
    door = (doors.filter(pk=chosen).first() if chosen.isdecimal() else None) or doors.first()
    zone = door.site.zone if door else ZoneInfo("UTC")
    return {
        "door": door,
        "when": timezone.now().astimezone(zone).strftime(WALL_CLOCK),
        "direction": Direction.IN,
        "factors": [Factor.FACE],
    }


def _answer(form: QuestionForm) -> Told:
    person, door = form.cleaned_data["who"], form.cleaned_data["door"]
    # Typed by the clock at the door, whichever zone the form took it to be in.
    at = form.cleaned_data["when"].replace(tzinfo=door.site.zone)
    attempt = Attempt(
        direction=Direction(form.cleaned_data["direction"]),
        factors=frozenset(PolicyFactor(value) for value in form.cleaned_data["factors"]),
        at=at,
        doubtful=form.cleaned_data["doubtful"],
    )
    question = access_question(person=person, door=door, attempt=attempt, overrides_at=at, until=at)
    answer = decide_access(question)
    return Told(
        person=person,
        door=door,
        at=at,
        answer=answer,
        headline=str(_("Yes") if answer.allowed else _("No")),
        rule=rule_in_words(answer),
        reason=reason_in_words(answer.reason),
        wanted=factors_in_words(answer),
        steps=steps_in_words(answer),
        by_face=permitted_people(at=at).filter(pk=person.pk).exists(),
    )
