from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from attendance import defaults
from attendance.access_choices import ChallengeRule, DoorMode, Effect, OfflineMode

from .area import Area
from .group import Group
from .schedule import Schedule
from .site import Site


class Door(models.Model):
    """A door of a site: what it asks for, and what lies behind it. Kiosks stand at it."""

    site = models.ForeignKey(Site, models.PROTECT, verbose_name=_("site"), related_name="doors")
    name = models.CharField(_("name"), max_length=100)
    area = models.ForeignKey(
        Area,
        models.PROTECT,
        verbose_name=_("leads into"),
        related_name="doors",
        null=True,
        blank=True,
        help_text=_("Needed for anti-passback and for counting who is inside."),
    )
    mode = models.CharField(
        _("asks for"),
        max_length=16,
        choices=DoorMode,
        default=DoorMode.FACE,
        help_text=_("Employee number and PIN are a way in at every door."),
    )
    challenge = models.CharField(
        _("random digits by sign"),
        max_length=16,
        choices=ChallengeRule,
        default=ChallengeRule.NEVER,
        help_text=_("Proof that a living person stands there."),
    )
    challenge_digits = models.PositiveSmallIntegerField(
        _("how many digits"),
        default=defaults.CHALLENGE_DIGITS,
        validators=[MinValueValidator(1), MaxValueValidator(defaults.MOST_CHALLENGE_DIGITS)],
        help_text=_("One to three. More take longer, and are harder to have ready beforehand."),
    )
    step_up = models.BooleanField(
        _("PIN for a doubtful face"),
        default=False,
        help_text=_("Ask for the PIN where a face is nearly, but not certainly, recognised."),
    )
    two_person_s = models.PositiveSmallIntegerField(
        _("two people within, seconds"),
        null=True,
        blank=True,
        validators=[MinValueValidator(2), MaxValueValidator(600)],
        help_text=_("Opens only when a second person comes within this time. Empty: one may go."),
    )

    offline = models.CharField(
        _("while the server is away"),
        max_length=16,
        choices=OfflineMode,
        default=OfflineMode.NOTHING,
        help_text=_(
            "By face: the kiosk holds a sealed list of those who may enter here by face alone, "
            "with their hours. By PIN: it holds the means to check their PINs, in its memory "
            "alone. A lockdown does not reach a kiosk that is cut off."
        ),
    )
    offline_hours = models.PositiveSmallIntegerField(
        _("for at most, hours"),
        default=8,
        validators=[MinValueValidator(1), MaxValueValidator(72)],
        help_text=_("Whoever is taken off the list is off the kiosk's within this time."),
    )

    class Meta:
        verbose_name = _("door")
        verbose_name_plural = _("doors")
        ordering = ["site__name", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "name"],
                name="door_once_per_site",
                violation_error_message=_("This site has a door of that name already."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="door_has_a_name"),
            models.CheckConstraint(condition=Q(mode__in=DoorMode.values), name="door_mode_known"),
            models.CheckConstraint(
                condition=Q(challenge__in=ChallengeRule.values), name="door_challenge_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    challenge_digits__gte=1, challenge_digits__lte=defaults.MOST_CHALLENGE_DIGITS
                ),
                name="door_challenge_digits_in_range",
            ),
            models.CheckConstraint(
                condition=Q(offline__in=OfflineMode.values), name="door_offline_known"
            ),
            models.CheckConstraint(
                condition=Q(offline_hours__gte=1, offline_hours__lte=72),
                name="door_offline_hours_in_range",
            ),
            models.CheckConstraint(
                condition=Q(two_person_s=None) | Q(two_person_s__gte=2, two_person_s__lte=600),
                name="door_two_person_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.site})"

    def clean(self) -> None:
        """Refuse an area of another site; the database does as well."""
        if self.area is not None and self.site_id is not None and self.area.site_id != self.site_id:
            raise ValidationError({"area": _("This area belongs to another site.")})


class DoorModeRule(models.Model):
    """What a door asks for at certain hours, instead of what it asks for otherwise."""

    door = models.ForeignKey(Door, models.CASCADE, related_name="mode_rules")
    schedule = models.ForeignKey(
        Schedule, models.PROTECT, verbose_name=_("when"), related_name="mode_rules"
    )
    mode = models.CharField(_("asks for"), max_length=16, choices=DoorMode)
    position = models.PositiveSmallIntegerField(
        _("order"),
        default=1,
        help_text=_("Where several hold at once, the smallest number counts."),
    )

    class Meta:
        verbose_name = _("mode at certain hours")
        verbose_name_plural = _("modes at certain hours")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["door", "schedule"],
                name="mode_rule_once",
                violation_error_message=_("The door has a mode for this schedule already."),
            ),
            models.CheckConstraint(
                condition=Q(mode__in=DoorMode.values), name="mode_rule_mode_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.schedule}: {self.get_mode_display()}"


class AccessRule(models.Model):
    """Who may enter a door, and when. Who is granted nothing stays outside."""

    door = models.ForeignKey(Door, models.CASCADE, verbose_name=_("door"), related_name="rules")
    group = models.ForeignKey(
        Group, models.PROTECT, verbose_name=_("group of people"), related_name="rules"
    )
    schedule = models.ForeignKey(
        Schedule, models.PROTECT, verbose_name=_("when"), related_name="rules"
    )
    effect = models.CharField(
        _("effect"),
        max_length=8,
        choices=Effect,
        default=Effect.GRANT,
        help_text=_("“May not enter” beats every “may enter”."),
    )

    class Meta:
        verbose_name = _("access rule")
        verbose_name_plural = _("access rules")
        ordering = ["door__site__name", "door__name", "-effect", "group__name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["door", "group", "schedule", "effect"],
                name="rule_once",
                violation_error_message=_("The door has this rule already."),
            ),
            models.CheckConstraint(condition=Q(effect__in=Effect.values), name="rule_effect_known"),
        ]

    def __str__(self) -> str:
        return f"{self.group}, {self.schedule}"
