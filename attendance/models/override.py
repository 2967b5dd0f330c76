from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attendance.access_choices import OverrideKind

from .door import Door
from .site import Site


class DoorOverride(models.Model):
    """A lockdown or an emergency opening: of what, from when to when, by whom and why.

    Rows are the history as well: one is begun and ended, never deleted. One that reached its own
    end was ended by nobody.
    """

    kind = models.CharField(_("kind"), max_length=16, choices=OverrideKind)
    site = models.ForeignKey(Site, models.PROTECT, verbose_name=_("site"), related_name="overrides")
    door = models.ForeignKey(
        Door,
        models.PROTECT,
        verbose_name=_("door"),
        related_name="overrides",
        null=True,
        blank=True,
        help_text=_("Empty: every door of the site."),
    )
    begun_at = models.DateTimeField(_("begun"), default=timezone.now, editable=False)
    begun_by = models.CharField(_("begun by"), max_length=150, editable=False)
    why = models.CharField(_("why"), max_length=500)
    until = models.DateTimeField(
        _("ends by itself"),
        null=True,
        editable=False,
        help_text=_("A lockdown has no such end: somebody ends it."),
    )
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    ended_by = models.CharField(_("ended by"), max_length=150, blank=True, editable=False)

    class Meta:
        verbose_name = _("lockdown or emergency")
        verbose_name_plural = _("lockdowns and emergencies")
        ordering = ["-id"]
        permissions = [("override_doors", "Can lock doors down and open them in an emergency")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=OverrideKind.values), name="override_kind_known"
            ),
            models.UniqueConstraint(
                "kind",
                "site",
                Coalesce("door", 0),
                condition=Q(ended_at=None),
                name="override_one_open",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by="")
                | Q(ended_at__gte=F("begun_at"))
                & (~Q(ended_by="") | Q(until__isnull=False, ended_at=F("until"))),
                name="override_ended_whole",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind=OverrideKind.EMERGENCY_OPEN,
                    until__isnull=False,
                    until__gte=F("begun_at"),
                )
                | Q(until=None) & ~Q(kind=OverrideKind.EMERGENCY_OPEN),
                name="override_emergency_has_an_end",
            ),
            models.CheckConstraint(condition=~Q(begun_by=""), name="override_says_by_whom"),
            models.CheckConstraint(condition=~Q(why=""), name="override_says_why"),
        ]
        indexes = [models.Index(fields=["site", "-begun_at"], name="override_of_site")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.door or self.site}"
