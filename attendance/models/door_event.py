from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from attendance.choices import ALARMING, DoorEventKind

from .kiosk import Kiosk


class DoorEvent(models.Model):
    """Something that happened at a door beside its being opened for somebody.

    What happened never changes; that it was mailed is noted.
    """

    # The kiosk makes this key, so the same event sent twice is the same row.
    id = models.UUIDField(primary_key=True, editable=False)
    kiosk = models.ForeignKey(
        Kiosk, models.PROTECT, verbose_name=_("kiosk"), related_name="door_events"
    )
    kind = models.CharField(_("what"), max_length=32, choices=DoorEventKind)
    # Of a door that stayed shut: what it would have opened on. No foreign key: whether it ever
    # reached the server is what the kiosk could not know.
    capture_id = models.UUIDField(null=True, blank=True, editable=False)
    happened_at = models.DateTimeField(
        _("time"), help_text=_("The kiosk's time, corrected by its measured skew.")
    )
    reported_at = models.DateTimeField(_("time by the kiosk's clock"))
    received_at = models.DateTimeField(_("received (server's clock)"))
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)

    class Meta:
        verbose_name = _("door event")
        verbose_name_plural = _("door events")
        ordering = ["-happened_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=DoorEventKind.values), name="door_event_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(capture_id=None) | Q(kind=DoorEventKind.STAYED_SHUT),
                name="door_event_capture_of_a_shut_door",
            ),
        ]
        indexes = [
            models.Index(fields=["happened_at"], name="door_event_time"),
            models.Index(
                fields=["received_at"],
                name="door_event_to_mail",
                condition=Q(mailed_at=None, kind__in=ALARMING),
            ),
            models.Index(
                fields=["capture_id"],
                name="door_event_capture",
                condition=Q(capture_id__isnull=False),
            ),
            models.Index(
                fields=["mailed_at"],
                name="door_event_mailed",
                condition=Q(mailed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
