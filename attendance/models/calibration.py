from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class EngineCalibration(models.Model):
    """What distances of strangers were measured at this site; the newest of an engine counts."""

    engine_name = models.CharField(_("engine"), max_length=64, editable=False)
    engine_version = models.CharField(_("engine version"), max_length=64, editable=False)
    # Numbers only: shares of pairs and their distances, no vector and no name of anybody.
    form = models.JSONField(editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    created_by = models.CharField(_("created by"), max_length=150, editable=False)

    class Meta:
        verbose_name = _("calibration")
        verbose_name_plural = _("calibrations")
        ordering = ["-id"]
        get_latest_by = "id"

    def __str__(self) -> str:
        return f"{self.engine_name} {self.created_at:%Y-%m-%d}"
