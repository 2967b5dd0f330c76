from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .policy import PROMISE_WHOLE


class SiteEngine(models.Model):
    """A recognition engine that was installed here, and whether a door may use it.

    Which engine decides is told by the policy in force; templates name the engine they are of.
    """

    name = models.CharField(_("name"), max_length=64, unique=True, editable=False)
    version = models.CharField(_("version"), max_length=64, editable=False)
    model_sha256 = models.CharField(_("SHA-256 of the model"), max_length=64, editable=False)
    dimension = models.PositiveIntegerField(_("dimension"), editable=False)
    licence = models.CharField(_("licence"), max_length=2000, editable=False)
    installed_at = models.DateTimeField(_("installed"), default=timezone.now, editable=False)
    installed_by = models.CharField(_("installed by"), max_length=150, editable=False)
    # Measured at this site; both or neither. Without them no door may use the engine.
    threshold = models.FloatField(_("threshold"), null=True, editable=False)
    margin = models.FloatField(_("margin"), null=True, editable=False)
    # What the threshold was taken for; both or neither, and neither before they were kept.
    promised_fpir = models.FloatField(_("promised share of strangers"), null=True, editable=False)
    promised_people = models.PositiveIntegerField(
        _("promised for so many people"), null=True, editable=False
    )
    calibrated_at = models.DateTimeField(_("calibrated"), null=True, editable=False)
    calibrated_by = models.CharField(_("calibrated by"), max_length=150, editable=False)
    calibrated_why = models.CharField(_("why"), max_length=500, editable=False)

    class Meta:
        verbose_name = _("installed engine")
        verbose_name_plural = _("installed engines")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(calibrated_at=None, threshold=None, margin=None)
                | Q(
                    calibrated_at__isnull=False,
                    threshold__gt=0,
                    threshold__lte=100,
                    margin__gte=0,
                    margin__lte=100,
                ),
                name="engine_calibrated_whole",
            ),
            models.CheckConstraint(condition=PROMISE_WHOLE, name="engine_promise_whole"),
            models.CheckConstraint(condition=~Q(installed_by=""), name="engine_says_by_whom"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"

    @property
    def calibrated(self) -> bool:
        """Return whether a threshold was measured for it."""
        return self.calibrated_at is not None


class EngineSwitch(models.Model):
    """A switch to another engine that waits until everybody is enrolled for it.

    At most one is open. While it is, templates are made of kept faces in the background, each
    enrolment makes templates of both engines, and the engine in force decides alone.
    """

    engine_name = models.CharField(_("engine"), max_length=64, editable=False)
    begun_at = models.DateTimeField(_("begun"), default=timezone.now, editable=False)
    begun_by = models.CharField(_("begun by"), max_length=150, editable=False)
    why = models.CharField(_("why"), max_length=500, default="", editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)

    class Meta:
        verbose_name = _("switch of engine")
        verbose_name_plural = _("switches of engine")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                models.ExpressionWrapper(Q(ended_at=None), output_field=models.BooleanField()),
                condition=Q(ended_at=None),
                name="engine_switch_one_open",
            ),
            models.CheckConstraint(condition=~Q(begun_by=""), name="engine_switch_says_by_whom"),
        ]

    def __str__(self) -> str:
        return self.engine_name


class EngineFault(models.Model):
    """Why a worker cannot use an engine, as last seen; gone as soon as one can.

    Of any engine that is asked for: the one in force, or one that a switch waits for.
    """

    engine_name = models.CharField(_("engine"), max_length=64, unique=True, editable=False)
    fault = models.CharField(_("fault"), max_length=500, editable=False)
    noted_at = models.DateTimeField(_("noted"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("fault of an engine")
        verbose_name_plural = _("faults of engines")
        ordering = ["engine_name"]

    def __str__(self) -> str:
        return f"{self.engine_name}: {self.fault}"
