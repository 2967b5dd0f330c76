from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from attendance.models import MatchPolicy
from attendance.services.policies import PolicyValues, change_policy, current_policy


@admin.register(MatchPolicy)
class MatchPolicyAdmin(ModelAdmin):
    """The rules of a match: the newest row is in force, a change is a new row."""

    list_display = [
        "id",
        "created_at",
        "engine_name",
        "threshold",
        "margin",
        "min_face_px",
        "enrolment_min_face_px",
        "repeat_window_s",
        "doubt_band",
        "doubt_quality",
        "created_by",
        "why",
    ]
    search_fields = ["why", "created_by"]
    fields = [
        "threshold",
        "margin",
        "min_face_px",
        "enrolment_min_face_px",
        "repeat_window_s",
        "doubt_band",
        "doubt_quality",
        "why",
    ]

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Hold new values to the bounds of the engine in force."""
        base = super().get_form(request, obj, **kwargs)

        class PolicyForm(base):  # type: ignore[misc, valid-type]
            def __init__(self, *args: Any, **named: Any) -> None:
                super().__init__(*args, **named)
                self.instance.engine_name = current_policy().engine_name

        return PolicyForm

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: history is not rewritten."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: history is not rewritten."""
        return False

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin with the values in force."""
        policy = current_policy()
        return {name: getattr(policy, name) for name in self.fields if name != "why"}

    def save_model(self, request: HttpRequest, obj: MatchPolicy, form: Any, change: bool) -> None:
        """Put the new values in force, in the name of who is signed in."""
        values = {name: form.cleaned_data[name] for name in self.fields if name != "why"}
        saved = change_policy(
            values=PolicyValues(**values),
            by=request.user.get_username(),
            why=form.cleaned_data["why"],
        )
        obj.pk = saved.pk
