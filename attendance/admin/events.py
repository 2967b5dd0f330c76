from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from attendance.models import Capture, CheckIn, DoorEvent

from .read_only import ReadOnly
from .time_range import TimeRange


@admin.register(Capture)
class CaptureAdmin(ReadOnly, ModelAdmin):
    """What kiosks sent, without the pictures."""

    empty_hint = _("What kiosks send is listed here, without the pictures.")

    list_display = ["id", "kiosk", "captured_at", "received_at", "clock_skew_ms", "state"]
    list_filter = ["state", "failure", "kiosk", ("received_at", TimeRange)]
    list_filter_submit = True
    list_select_related = ["kiosk"]
    search_fields = ["id"]
    fields = [
        "id",
        "kiosk",
        "captured_at",
        "received_at",
        "clock_skew_ms",
        "capture_skew_ms",
        "frame_count",
        "state",
        "failure",
        "attempts",
        "queued_at",
        "closed_at",
    ]


@admin.register(CheckIn)
class CheckInAdmin(ReadOnly, ModelAdmin):
    """Decisions, as they fell."""

    empty_hint = _("Whoever comes to a kiosk is listed here, let in or not.")

    list_display = [
        "happened_at",
        "who",
        "outcome",
        "kiosk",
        "best_distance_short",
        "second_distance_short",
        "frames_used",
        "offline",
    ]
    list_filter = [
        "accepted",
        "reason",
        "offline",
        "capture__kiosk",
        ("happened_at", TimeRange),
    ]
    list_filter_submit = True
    search_fields = ["person__full_name", "person__employee_number", "capture__id"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[CheckIn]:
        """Fetch names for the page alone: joined, they were fetched for all that it skips."""
        check_ins: QuerySet[CheckIn] = super().get_queryset(request)
        return check_ins.prefetch_related("person", "capture__kiosk", "passage")

    @display(description=_("person"), ordering="person__full_name")
    def who(self, check_in: CheckIn) -> str:
        """Name whoever was let in, or refused by the access policy."""
        return str(check_in.person) if check_in.person else "–"

    @display(
        description=_("outcome"),
        ordering="accepted",
        label={
            "accepted": "success",
            "repeat": "info",
            "shut": "warning",
            "refused": "danger",
        },
    )
    def outcome(self, check_in: CheckIn) -> tuple[str, str]:
        """Say how it ended."""
        if not check_in.accepted:
            return "refused", check_in.get_reason_display()
        if check_in.door_id is not None and not hasattr(check_in, "passage"):
            # Nobody went through: decided too late, or the kiosk says that it did not open.
            return "shut", str(_("might enter, the door stayed shut"))
        if check_in.repeat_of_id is not None:
            return "repeat", str(_("let in again"))
        return "accepted", str(_("let in"))

    @display(description=_("kiosk"), ordering="capture__kiosk__name")
    def kiosk(self, check_in: CheckIn) -> str:
        """Name the door."""
        return check_in.capture.kiosk.name

    @display(description=_("best"), ordering="best_distance")
    def best_distance_short(self, check_in: CheckIn) -> str:
        """Round the distance to the nearest person."""
        return _short(check_in.best_distance)

    @display(description=_("second"), ordering="second_distance")
    def second_distance_short(self, check_in: CheckIn) -> str:
        """Round the distance to the second person."""
        return _short(check_in.second_distance)


def _short(distance: float | None) -> str:
    return "–" if distance is None else f"{distance:.3f}"


@admin.register(DoorEvent)
class DoorEventAdmin(ReadOnly, ModelAdmin):
    """What happened at the doors beside their being opened."""

    empty_hint = _("Doors that are forced or held open are listed here.")

    list_display = ["happened_at", "kind", "kiosk", "who", "received_at", "mailed_at"]
    list_filter = ["kind", "kiosk", ("happened_at", TimeRange)]
    list_filter_submit = True
    list_select_related = ["kiosk"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[DoorEvent]:
        """Add whom a door stayed shut for, in the same query."""
        events: QuerySet[DoorEvent] = super().get_queryset(request)
        named = CheckIn.objects.filter(
            capture=OuterRef("capture_id"), capture__kiosk=OuterRef("kiosk")
        )
        return events.annotate(for_whom=Subquery(named.values("person__full_name")[:1]))

    @display(description=_("for"))
    def who(self, event: Any) -> str:
        """Name whoever found the door shut though they might enter."""
        return event.for_whom or "–"

    search_fields = ["id", "kiosk__name"]
