from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attendance.access_choices import AntiPassback

from .person import Person
from .site import Site

# Minutes: a long shift. Whoever went out by a door without a kiosk is not inside for ever.
RESET_AFTER_MIN = 16 * 60


class Area(models.Model):
    """What lies behind one or more doors: how many may be in it, and whether one may enter twice.

    Who is inside is never stored: it follows from the passages and what was forgiven.
    """

    site = models.ForeignKey(Site, models.PROTECT, verbose_name=_("site"), related_name="areas")
    name = models.CharField(_("name"), max_length=100)
    limit = models.PositiveIntegerField(
        _("most people inside"),
        null=True,
        blank=True,
        help_text=_("Empty: no limit."),
    )
    anti_passback = models.CharField(
        _("anti-passback"),
        max_length=8,
        choices=AntiPassback,
        default=AntiPassback.OFF,
        help_text=_("What happens to whoever comes in twice without having left."),
    )
    reset_after_min = models.PositiveIntegerField(
        _("taken to have left after, minutes"),
        null=True,
        blank=True,
        default=RESET_AFTER_MIN,
        validators=[MinValueValidator(1), MaxValueValidator(7 * 24 * 60)],
        help_text=_("Empty: never. Set it where people can leave without a kiosk."),
    )

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["site__name", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "name"],
                name="area_once_per_site",
                violation_error_message=_("This site has an area of that name already."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="area_has_a_name"),
            models.CheckConstraint(
                condition=Q(anti_passback__in=AntiPassback.values), name="area_anti_passback_known"
            ),
            models.CheckConstraint(
                condition=Q(reset_after_min=None)
                | Q(reset_after_min__gte=1, reset_after_min__lte=7 * 24 * 60),
                name="area_reset_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.site})"


class Forgiveness(models.Model):
    """A guard took somebody to have left an area; what they entered before counts no more."""

    area = models.ForeignKey(Area, models.CASCADE, verbose_name=_("area"), related_name="forgiven")
    person = models.ForeignKey(
        Person, models.CASCADE, verbose_name=_("person"), related_name="forgiven"
    )
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    by = models.CharField(_("by"), max_length=150, editable=False)
    why = models.CharField(_("why"), max_length=500)

    class Meta:
        verbose_name = _("forgiven passback")
        verbose_name_plural = _("forgiven passbacks")
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(condition=~Q(by=""), name="forgiveness_says_by_whom"),
            models.CheckConstraint(condition=~Q(why=""), name="forgiveness_says_why"),
        ]
        indexes = [models.Index(fields=["area", "person", "-at"], name="forgiveness_newest")]

    def __str__(self) -> str:
        return f"{self.person} · {self.area}"
