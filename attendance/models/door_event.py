from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from attendance.choices import DoorEventKind

from .kiosk import Kiosk


class DoorEvent(models.Model):
    """Something that happened at a door beside its being opened for somebody. Rows never change."""

    # The kiosk makes this key, so the same event sent twice is the same row.
    id = models.UUIDField(primary_key=True, editable=False)
    kiosk = models.ForeignKey(Kiosk, models.PROTECT, related_name="door_events")
    kind = models.CharField(_("what"), max_length=32, choices=DoorEventKind)
    happened_at = models.DateTimeField(
        _("time"), help_text=_("The kiosk's time, corrected by its measured skew.")
    )
    reported_at = models.DateTimeField(_("time by the kiosk's clock"))
    received_at = models.DateTimeField(_("received (server's clock)"))

    class Meta:
        verbose_name = _("door event")
        verbose_name_plural = _("door events")
        ordering = ["-happened_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=DoorEventKind.values), name="door_event_kind_known"
            ),
        ]
        indexes = [models.Index(fields=["happened_at"], name="door_event_time")]

    def __str__(self) -> str:
        return self.get_kind_display()
