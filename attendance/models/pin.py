from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from attendance.choices import PinEventKind, PinScope

from .kiosk import Kiosk
from .person import Person


class Pin(models.Model):
    """A person's PIN and duress PIN, as keyed argon2id hashes under one salt."""

    person = models.OneToOneField(
        Person, models.CASCADE, primary_key=True, related_name="pin", verbose_name=_("person")
    )
    hash = models.CharField(max_length=200, editable=False)
    duress_hash = models.CharField(max_length=200, blank=True, editable=False)
    set_at = models.DateTimeField(_("set"))
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    must_change = models.BooleanField(_("to be changed"), default=False)

    class Meta:
        verbose_name = _("PIN")
        verbose_name_plural = _("PINs")
        constraints = [
            models.CheckConstraint(
                condition=Q(hash__startswith="$argon2id$"), name="pin_is_hashed_with_argon2id"
            ),
            models.CheckConstraint(
                condition=Q(duress_hash="") | Q(duress_hash__startswith="$argon2id$"),
                name="pin_duress_is_hashed_with_argon2id",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)


class PinCounter(models.Model):
    """Failed PINs of one person, unknown number, kiosk or site, and until when it is locked."""

    scope = models.CharField(_("counts"), max_length=16, choices=PinScope)
    # The row's own key; for a number that nobody has, a keyed hash of it.
    key = models.CharField(max_length=64, editable=False)
    person = models.ForeignKey(
        Person, models.CASCADE, null=True, blank=True, verbose_name=_("person")
    )
    failures = models.PositiveIntegerField(_("failures"), default=0)
    last_at = models.DateTimeField(_("last failure"), null=True)
    locked_until = models.DateTimeField(_("locked until"), null=True, db_index=True)

    class Meta:
        verbose_name = _("PIN counter")
        verbose_name_plural = _("PIN counters")
        constraints = [
            models.UniqueConstraint(fields=["scope", "key"], name="pin_counter_one_each"),
            models.CheckConstraint(
                condition=Q(scope__in=PinScope.values), name="pin_counter_scope_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_scope_display()} {self.person or ''}".strip()


class PinEvent(models.Model):
    """What was done to a PIN, by whom: set, reset, removed, locked, unlocked. Rows never change."""

    at = models.DateTimeField(_("time"), db_index=True)
    kind = models.CharField(_("what"), max_length=16, choices=PinEventKind)
    person = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, verbose_name=_("person")
    )
    kiosk = models.ForeignKey(
        Kiosk, models.SET_NULL, null=True, blank=True, verbose_name=_("kiosk")
    )
    by = models.CharField(_("by"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("PIN event")
        verbose_name_plural = _("PIN events")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.person or ''}".strip()
