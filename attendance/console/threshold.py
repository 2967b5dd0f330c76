"""How often a stranger may be let in, chosen as a promise; the distance follows from it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attendance.services import thresholds
from attendance.services.policies import current_policy
from recognition.calibration.calibration import Calibration

from .access import staff_only

# Of so many strangers who try, one is let in.
ONE_IN = (100, 300, 1_000, 10_000)
MOST_PEOPLE = 10_000_000


class PlanForm(forms.Form):
    """For how many people the promise shall hold."""

    people = forms.IntegerField(
        label=_("People the promise shall hold for"),
        min_value=1,
        max_value=MOST_PEOPLE,
        help_text=_("Those enrolled now, and those who will join."),
    )


class ThresholdForm(PlanForm):
    """A promise, and why it is changed."""

    one_in = forms.TypedChoiceField(
        label=_("One stranger let in"), choices=[(n, n) for n in ONE_IN], coerce=int
    )
    why = forms.CharField(
        label=_("Why"), max_length=500, help_text=_("Kept in the history of the policy.")
    )


@staff_only
@permission_required("attendance.view_matchpolicy", raise_exception=True)
def page(request: HttpRequest) -> HttpResponse:
    """Show the promise in force and what others would cost; put one of them in force."""
    calibration = thresholds.calibration_in_force()
    may_change = request.user.has_perm("attendance.add_matchpolicy")
    form = ThresholdForm(request.POST) if request.method == "POST" and may_change else None
    if form is not None and calibration is not None and form.is_valid() and _set(request, form):
        return redirect("threshold")
    context = {
        **admin.site.each_context(request),
        "title": _("Strangers and threshold"),
        "policy": current_policy(),
        "calibration": calibration,
        "kept": thresholds.review_promise(at=timezone.now()),
        "may_change": may_change,
        "form": form,
        **({} if calibration is None else _choices(request, calibration)),
    }
    return TemplateResponse(request, "console/threshold.html", context)


def _choices(request: HttpRequest, calibration: Calibration) -> dict[str, Any]:
    """What each promise takes and costs, for those enrolled or the number planned for."""
    enrolled = thresholds.people_enrolled(calibration=calibration, at=timezone.now())
    plan = PlanForm(request.POST or (request.GET if "people" in request.GET else None))
    planned = plan.cleaned_data["people"] if plan.is_bound and plan.is_valid() else max(1, enrolled)
    if not plan.is_bound:
        plan = PlanForm(initial={"people": planned})
    reviews = [
        (n, thresholds.review_threshold(calibration=calibration, fpir=1 / n, people=planned))
        for n in ONE_IN
    ]
    return {"plan": plan, "planned": planned, "enrolled": enrolled, "reviews": reviews}


def _set(request: HttpRequest, form: ThresholdForm) -> bool:
    calibration = thresholds.calibration_in_force()
    if calibration is None:
        return False
    review = thresholds.review_threshold(
        calibration=calibration,
        fpir=1 / form.cleaned_data["one_in"],
        people=form.cleaned_data["people"],
    )
    try:
        thresholds.set_threshold(
            review=review, by=request.user.get_username(), why=form.cleaned_data["why"]
        )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, _("The new threshold is in force from the next face on."))
    return True
