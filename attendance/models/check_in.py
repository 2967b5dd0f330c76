from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from attendance.choices import ACCESS_REASONS, OfflineVerdict, ReasonCode

from .capture import Capture
from .door import Door
from .person import Person
from .policy import MatchPolicy


class CheckIn(models.Model):
    """One decision at a door, accepted or refused, as it fell. Rows never change."""

    # Keys are handed out under a lock, so a reader who has seen key n missed none below it.
    id = models.BigAutoField(primary_key=True)
    capture = models.OneToOneField(
        Capture, models.PROTECT, verbose_name=_("capture"), related_name="check_in"
    )
    person = models.ForeignKey(
        Person,
        models.SET_NULL,
        verbose_name=_("person"),
        null=True,
        blank=True,
        related_name="check_ins",
    )
    happened_at = models.DateTimeField(
        _("time"), help_text=_("The kiosk's time of capture, corrected by its measured skew.")
    )
    decided_at = models.DateTimeField(_("decided"))
    accepted = models.BooleanField(_("accepted"))
    reason = models.CharField(_("reason"), max_length=32, choices=ReasonCode)
    repeat_of = models.ForeignKey(
        "self",
        models.SET_NULL,
        verbose_name=_("repeat of"),
        null=True,
        blank=True,
        related_name="repeats",
        help_text=_(
            "Set when the same person had just checked in: the door opens, nothing counts."
        ),
    )
    # Of the time of the event; a kiosk may be moved to another door later.
    door = models.ForeignKey(
        Door,
        models.PROTECT,
        verbose_name=_("door"),
        null=True,
        editable=False,
        related_name="check_ins",
    )
    rule = models.CharField(
        _("rule"),
        max_length=300,
        blank=True,
        help_text=_("The rule of the access policy that decided; empty where none was asked."),
    )
    factors = models.CharField(
        _("shown"), max_length=64, blank=True, help_text=_("What the person showed.")
    )
    wanted = models.CharField(
        _("wanted"), max_length=64, blank=True, help_text=_("What may be asked for next.")
    )
    noted = models.CharField(
        _("noted"), max_length=64, blank=True, help_text=_("What was let pass, but noted.")
    )
    best_distance = models.FloatField(_("best distance"), null=True, blank=True)
    second_distance = models.FloatField(_("second distance"), null=True, blank=True)
    frames_used = models.PositiveSmallIntegerField(_("frames used"), default=0)
    quality = models.FloatField(_("quality"), null=True, blank=True)
    engine_name = models.CharField(_("engine"), max_length=64)
    engine_version = models.CharField(_("engine version"), max_length=64)
    threshold = models.FloatField(_("threshold"))
    margin = models.FloatField(_("margin"))
    policy = models.ForeignKey(
        MatchPolicy, models.PROTECT, verbose_name=_("match policy"), related_name="check_ins"
    )
    gallery_version = models.BigIntegerField(_("gallery version"))
    gallery_size = models.PositiveIntegerField(_("people in the gallery"))

    offline = models.CharField(
        _("decided offline"),
        max_length=16,
        choices=OfflineVerdict,
        default=OfflineVerdict.NONE,
        blank=True,
        help_text=_("The kiosk had opened by itself; what the server decided when it heard."),
    )

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted=True, reason=ReasonCode.MATCHED)
                | Q(accepted=False) & ~Q(reason=ReasonCode.MATCHED),
                name="check_in_accepted_exactly_when_matched",
            ),
            models.CheckConstraint(
                # Whoever was not recognised is nobody; whom the access policy refuses is known.
                condition=Q(accepted=True)
                | Q(person=None, repeat_of=None)
                | Q(reason__in=ACCESS_REASONS, repeat_of=None),
                name="check_in_refused_names_nobody",
            ),
            models.CheckConstraint(
                # A distance that is missing is not within anything; a PIN needs none.
                condition=Q(accepted=False)
                | Q(factors__contains="pin")
                | Q(best_distance__isnull=False) & Q(best_distance__lte=models.F("threshold")),
                name="check_in_accepted_within_threshold",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=ReasonCode.values), name="check_in_reason_known"
            ),
            models.CheckConstraint(
                condition=Q(offline__in=OfflineVerdict.values), name="check_in_offline_known"
            ),
        ]
        indexes = [
            models.Index(fields=["happened_at"], name="check_in_time"),
            models.Index(fields=["person", "happened_at"], name="check_in_person_time"),
            models.Index(
                fields=["door", "happened_at"],
                name="check_in_waiting",
                condition=Q(reason=ReasonCode.SECOND_PERSON),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.get_reason_display()}"
