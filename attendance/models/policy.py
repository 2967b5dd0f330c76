from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attendance import defaults
from recognition import BUILT_IN_ENGINE

BUILT_IN = Q(engine_name=BUILT_IN_ENGINE)
# A missing half would make the whole neither true nor false, which passes.
PROMISE_WHOLE = Q(promised_fpir=None, promised_people=None) | Q(
    promised_fpir__isnull=False,
    promised_fpir__gt=0,
    promised_fpir__lt=1,
    promised_people__isnull=False,
    promised_people__gte=1,
)


class MatchPolicy(models.Model):
    """The engine and the rules of a match. A change is a new row; the newest row is in force.

    A distance means something for one engine only, so both stand in one row and change at once.
    """

    engine_name = models.CharField(
        _("engine"), max_length=64, default=BUILT_IN_ENGINE, editable=False
    )
    threshold = models.FloatField(
        _("threshold"),
        help_text=_("Largest distance at which a face counts as the enrolled person (0.2 to 0.6)."),
    )
    margin = models.FloatField(
        _("margin"),
        help_text=_("How much farther away the second person must be (0 to 0.3)."),
    )
    min_face_px = models.PositiveSmallIntegerField(
        _("smallest face at the door, pixels"),
        validators=[MinValueValidator(40), MaxValueValidator(400)],
    )
    enrolment_min_face_px = models.PositiveSmallIntegerField(
        _("smallest face at enrolment, pixels"),
        validators=[MinValueValidator(40), MaxValueValidator(400)],
    )
    promised_fpir = models.FloatField(
        _("promised share of strangers"),
        null=True,
        editable=False,
        help_text=_("Of their searches, how many may end with a name. Empty: chosen by hand."),
    )
    promised_people = models.PositiveIntegerField(
        _("promised for so many people"), null=True, editable=False
    )
    repeat_window_s = models.PositiveSmallIntegerField(
        _("repeat window, seconds"),
        validators=[MaxValueValidator(3600)],
        help_text=_("The same person seen again within this time opens the door, counts once."),
    )
    doubt_band = models.FloatField(
        _("doubtful up to, times the threshold"),
        default=defaults.DOUBT_BAND,
        validators=[MinValueValidator(1.0), MaxValueValidator(1.5)],
        help_text=_(
            "A face that is so much farther away may be confirmed by its PIN, at doors that ask "
            "for the PIN of a doubtful face (1 to 1.5)."
        ),
    )
    doubt_quality = models.FloatField(
        _("doubtful below this quality"),
        default=defaults.DOUBT_QUALITY,
        validators=[MinValueValidator(0.0), MaxValueValidator(1.0)],
        help_text=_("A face that matches by a worse picture needs its PIN there as well (0 to 1)."),
    )
    created_at = models.DateTimeField(_("in force since"), default=timezone.now, editable=False)
    created_by = models.CharField(_("changed by"), max_length=150, editable=False)
    why = models.CharField(_("why"), max_length=500)

    class Meta:
        verbose_name = _("match policy")
        verbose_name_plural = _("match policies")
        ordering = ["-id"]
        get_latest_by = "id"
        constraints = [
            # Distances of the built-in engine are known: below, nobody is recognised; above, nearly
            # everybody is. Engines that a site installs have their own, told by a calibration.
            models.CheckConstraint(
                condition=BUILT_IN & Q(threshold__gte=0.2, threshold__lte=0.6)
                | ~BUILT_IN & Q(threshold__gt=0, threshold__lte=100),
                name="policy_threshold_in_range",
            ),
            models.CheckConstraint(
                condition=BUILT_IN & Q(margin__gte=0, margin__lte=0.3)
                | ~BUILT_IN & Q(margin__gte=0, margin__lte=100),
                name="policy_margin_in_range",
            ),
            models.CheckConstraint(condition=~Q(engine_name=""), name="policy_names_an_engine"),
            models.CheckConstraint(
                condition=Q(min_face_px__gte=40) & Q(min_face_px__lte=400),
                name="policy_min_face_in_range",
            ),
            models.CheckConstraint(
                condition=Q(enrolment_min_face_px__gte=40) & Q(enrolment_min_face_px__lte=400),
                name="policy_enrolment_min_face_in_range",
            ),
            models.CheckConstraint(
                condition=Q(repeat_window_s__lte=3600), name="policy_repeat_window_in_range"
            ),
            models.CheckConstraint(
                condition=Q(doubt_band__gte=1, doubt_band__lte=1.5),
                name="policy_doubt_band_in_range",
            ),
            models.CheckConstraint(
                condition=Q(doubt_quality__gte=0, doubt_quality__lte=1),
                name="policy_doubt_quality_in_range",
            ),
            models.CheckConstraint(condition=~Q(why=""), name="policy_says_why"),
            models.CheckConstraint(condition=PROMISE_WHOLE, name="policy_promise_whole"),
            models.CheckConstraint(condition=~Q(created_by=""), name="policy_says_by_whom"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}: {self.threshold:.3f} / {self.margin:.3f}"

    def clean(self) -> None:
        """Hold the distances of the built-in engine to what is known of it, field by field."""
        built_in = self.engine_name == BUILT_IN_ENGINE
        bounds = {
            "threshold": (0.2, 0.6) if built_in else (1e-6, 100.0),
            "margin": (0.0, 0.3) if built_in else (0.0, 100.0),
        }
        for field, (least, most) in bounds.items():
            value = getattr(self, field)
            if value is not None and not least <= value <= most:
                message = _("This value must lie between %(least)g and %(most)g.")
                raise ValidationError({field: message % {"least": least, "most": most}})
