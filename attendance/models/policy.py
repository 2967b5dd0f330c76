from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MatchPolicy(models.Model):
    """The rules of a match. A change is a new row; the newest row is in force."""

    threshold = models.FloatField(
        _("threshold"),
        validators=[MinValueValidator(0.2), MaxValueValidator(0.6)],
        help_text=_("Largest distance at which a face counts as the enrolled person (0.2 to 0.6)."),
    )
    margin = models.FloatField(
        _("margin"),
        validators=[MinValueValidator(0.0), MaxValueValidator(0.3)],
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
    repeat_window_s = models.PositiveSmallIntegerField(
        _("repeat window, seconds"),
        validators=[MaxValueValidator(3600)],
        help_text=_("The same person seen again within this time opens the door, counts once."),
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
            models.CheckConstraint(
                condition=Q(threshold__gte=0.2) & Q(threshold__lte=0.6),
                name="policy_threshold_in_range",
            ),
            models.CheckConstraint(
                condition=Q(margin__gte=0) & Q(margin__lte=0.3), name="policy_margin_in_range"
            ),
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
            models.CheckConstraint(condition=~Q(why=""), name="policy_says_why"),
            models.CheckConstraint(condition=~Q(created_by=""), name="policy_says_by_whom"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}: {self.threshold:.3f} / {self.margin:.3f}"
