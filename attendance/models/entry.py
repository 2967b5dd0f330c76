from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .capture import Capture
from .check_in import CheckIn
from .person import Person


class FactorRequest(models.Model):
    """What a door still wants of somebody whose face it has seen. Lives for less than a minute."""

    check_in = models.OneToOneField(
        CheckIn, models.CASCADE, primary_key=True, related_name="factor_request"
    )
    doubtful = models.BooleanField(default=False)
    shown = models.CharField(max_length=64)
    wanted = models.CharField(max_length=64)
    # Emptied when it is answered, rightly or wrongly: it serves once.
    challenge = models.CharField(max_length=3, blank=True)
    challenges = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("request for more")
        verbose_name_plural = _("requests for more")

    def __str__(self) -> str:
        return f"{self.check_in_id}: {self.wanted}"


class Entry(models.Model):
    """A number, PIN or challenge that was entered; never what was entered.

    Its capture is a row of its own without frames, so that it is decided once, asked for and
    counted as every other.
    """

    capture = models.OneToOneField(Capture, models.CASCADE, primary_key=True, related_name="entry")
    request = models.ForeignKey(
        FactorRequest, models.SET_NULL, null=True, blank=True, related_name="entries"
    )
    how = models.CharField(_("entered by"), max_length=64, blank=True)
    duress = models.BooleanField(default=False)
    locked_until = models.DateTimeField(null=True)
    # Whose PIN it was, where it was right; a refused check-in does not always say.
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        indexes = [
            models.Index(fields=["capture"], name="entry_duress", condition=Q(duress=True)),
        ]

    def __str__(self) -> str:
        return str(self.capture_id)


class DuressAlarm(models.Model):
    """Somebody used their duress PIN. The door opened as always; nobody at it was told."""

    check_in = models.OneToOneField(
        CheckIn, models.CASCADE, related_name="duress_alarm", verbose_name=_("check-in")
    )
    raised_at = models.DateTimeField(_("raised"))
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)
    seen_at = models.DateTimeField(_("seen"), null=True, blank=True)
    seen_by = models.CharField(_("seen by"), max_length=150, blank=True)
    person = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, verbose_name=_("person")
    )

    class Meta:
        verbose_name = _("duress alarm")
        verbose_name_plural = _("duress alarms")
        ordering = ["-raised_at", "-id"]

    def __str__(self) -> str:
        return f"{self.person or '–'}, {self.raised_at:%Y-%m-%d %H:%M}"
