from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from attendance.choices import CaptureFailure, CaptureState

from .kiosk import Kiosk


class Capture(models.Model):
    """One burst of frames from a kiosk. Its pictures are never in this table."""

    # The kiosk makes this key, so the same capture sent twice is the same row.
    id = models.UUIDField(_("number"), primary_key=True, editable=False)
    kiosk = models.ForeignKey(
        Kiosk, models.PROTECT, verbose_name=_("kiosk"), related_name="captures"
    )
    captured_at = models.DateTimeField(_("captured (kiosk's clock)"))
    received_at = models.DateTimeField(_("received (server's clock)"), db_index=True)
    clock_skew_ms = models.IntegerField(
        _("clock skew, ms"), help_text=_("How far the kiosk's clock was ahead of the server's.")
    )
    capture_skew_ms = models.IntegerField(
        _("clock skew when taken, ms"),
        null=True,
        help_text=_("By the kiosk's own measurement; for captures that were sent later."),
    )
    offline_person = models.UUIDField(
        _("let in without the server"),
        null=True,
        editable=False,
        help_text=_("Whom the kiosk let in by itself; no name is kept here."),
    )
    frame_count = models.PositiveSmallIntegerField(
        _("frames"),
        validators=[MaxValueValidator(5)],
        help_text=_("An entry of number or PIN has none."),
    )
    frames_digest = models.CharField(max_length=64, editable=False)
    state = models.CharField(
        _("state"), max_length=16, choices=CaptureState, default=CaptureState.QUEUED
    )
    failure = models.CharField(
        _("failure"), max_length=32, choices=CaptureFailure, default="", blank=True
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    queued_at = models.DateTimeField(_("queued"))
    closed_at = models.DateTimeField(_("closed"), null=True)

    class Meta:
        verbose_name = _("capture")
        verbose_name_plural = _("captures")
        ordering = ["-received_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(frame_count__gte=0) & Q(frame_count__lte=5),
                name="capture_at_most_five_frames",
            ),
            models.CheckConstraint(
                condition=Q(state__in=CaptureState.values), name="capture_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=CaptureState.QUEUED, closed_at=None)
                | ~Q(state=CaptureState.QUEUED) & Q(closed_at__isnull=False),
                name="capture_closed_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state=CaptureState.FAILED) & ~Q(failure="")
                | ~Q(state=CaptureState.FAILED) & Q(failure=""),
                name="capture_failed_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["queued_at"],
                name="capture_open",
                condition=Q(state=CaptureState.QUEUED),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
