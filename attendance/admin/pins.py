from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from attendance.choices import PinScope
from attendance.models import DuressAlarm, Kiosk, Pin, PinCounter, PinEvent, Site
from attendance.services.duress import see_alarm
from attendance.services.pin_attempts import unlock

from .read_only import ReadOnly
from .time_range import TimeRange


class Expiry(admin.SimpleListFilter):
    """PINs that serve, and those that have expired."""

    title = _("expiry")
    parameter_name = "expiry"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer the two sides."""
        return [("serves", _("in force")), ("expired", _("expired"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Pin]) -> QuerySet[Pin]:
        """Keep one side."""
        now = timezone.now()
        if self.value() == "expired":
            return queryset.filter(expires_at__lte=now)
        if self.value() == "serves":
            return queryset.exclude(expires_at__lte=now)
        return queryset


@admin.register(Pin)
class PinAdmin(ReadOnly, ModelAdmin):
    """Who has a PIN, never what it is. It is set on the person's own page."""

    empty_hint = _("A PIN is set on the page of a person.")

    list_display = ["person", "state", "set_at", "expires_at"]
    list_filter = ["must_change", Expiry, ("set_at", TimeRange)]
    list_filter_submit = True
    list_select_related = ["person"]
    search_fields = ["person__full_name", "person__employee_number"]
    fields = ["person", "state", "set_at", "expires_at"]
    readonly_fields = fields

    @display(
        description=_("state"),
        label={"expired": "danger", "to change": "warning", "in force": "success"},
    )
    def state(self, pin: Pin) -> tuple[str, str]:
        """Say whether it opens anything."""
        if pin.expires_at is not None and pin.expires_at <= timezone.now():
            return "expired", str(_("expired"))
        if pin.must_change:
            return "to change", str(_("to be changed"))
        return "in force", str(_("in force"))


@admin.register(PinCounter)
class PinCounterAdmin(ReadOnly, ModelAdmin):
    """Whom too many wrong PINs have locked, and how to let them try again."""

    empty_hint = _("Nobody is locked.")

    list_display = ["whom", "scope", "failures", "last_at", "locked_until"]
    list_filter = ["scope"]
    list_select_related = ["person"]
    search_fields = ["person__full_name", "person__employee_number"]
    fields = list_display
    readonly_fields = fields
    ordering = ["-locked_until"]
    actions = ["unlock"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PinCounter]:
        """List those that are locked now; a link to another one still opens."""
        counters: QuerySet[PinCounter] = super().get_queryset(request)
        at = request.resolver_match
        if at is None or not str(at.url_name).endswith("changelist"):
            return counters
        return counters.filter(locked_until__gt=timezone.now())

    @display(description=_("locked"))
    def whom(self, counter: PinCounter) -> str:
        """Name the person, kiosk or site."""
        if counter.scope == PinScope.KIOSK:
            return str(Kiosk.objects.filter(pk=counter.key).first() or "–")
        if counter.scope == PinScope.SITE:
            return str(Site.objects.filter(pk=counter.key).first() or "–")
        return str(counter.person or _("a number that nobody has"))

    def has_unlock_permission(self, request: HttpRequest) -> bool:
        """Whoever may set PINs may unlock them."""
        return request.user.has_perm("attendance.change_pin")

    @admin.action(description=_("Unlock"), permissions=["unlock"])
    def unlock(self, request: HttpRequest, queryset: QuerySet[PinCounter]) -> None:
        """Let them try again at once."""
        counters = list(queryset)
        for counter in counters:
            unlock(counter=counter, by=request.user.get_username())
        self.message_user(request, _("%d unlocked.") % len(counters))


@admin.register(PinEvent)
class PinEventAdmin(ReadOnly, ModelAdmin):
    """What was done to PINs, and by whom."""

    empty_hint = _("What is done to PINs is listed here.")

    list_display = ["at", "kind", "person", "kiosk", "by"]
    list_filter = ["kind", ("at", TimeRange)]
    list_filter_submit = True
    list_select_related = ["person", "kiosk"]
    search_fields = ["person__full_name", "person__employee_number", "by"]


@admin.register(DuressAlarm)
class DuressAlarmAdmin(ReadOnly, ModelAdmin):
    """Duress PINs that were used. Only whoever has the right to see this table knows of them."""

    empty_hint = _("Nobody has used a duress PIN.")

    list_display = ["raised_at", "person", "kiosk", "state", "seen_by"]
    list_filter = [("raised_at", TimeRange)]
    list_filter_submit = True
    list_select_related = ["person", "check_in__capture__kiosk"]
    search_fields = ["person__full_name", "person__employee_number"]
    fields = ["raised_at", "person", "kiosk", "mailed_at", "seen_at", "seen_by"]
    readonly_fields = fields
    actions = ["take_notice"]

    @display(description=_("kiosk"))
    def kiosk(self, alarm: DuressAlarm) -> str:
        """Name the door."""
        return alarm.check_in.capture.kiosk.name

    @display(description=_("state"), label={"new": "danger", "seen": "success"})
    def state(self, alarm: DuressAlarm) -> tuple[str, str]:
        """Say whether somebody has taken notice."""
        return ("new", str(_("new"))) if alarm.seen_at is None else ("seen", str(_("seen")))

    def has_notice_permission(self, request: HttpRequest) -> bool:
        """Whoever may change alarms may take notice of them."""
        return request.user.has_perm("attendance.change_duressalarm")

    @admin.action(description=_("Take notice"), permissions=["notice"])
    def take_notice(self, request: HttpRequest, queryset: QuerySet[DuressAlarm]) -> None:
        """Write down who saw them."""
        for alarm in queryset:
            see_alarm(alarm=alarm, by=request.user.get_username())
        self.message_user(request, _("Done."))
