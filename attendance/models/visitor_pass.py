from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .group import Group
from .person import Person


class VisitorPass(models.Model):
    """A visit: who comes to see whom, from when to when, and where they may go."""

    person = models.ForeignKey(
        Person,
        models.CASCADE,
        verbose_name=_("visitor"),
        related_name="passes",
        limit_choices_to={"visitor": True},
    )
    host = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("host"),
        related_name="guests",
        limit_choices_to={"visitor": False},
        help_text=_("Where the host is not active any more, the pass opens nothing."),
    )
    begins_at = models.DateTimeField(_("begins"), default=timezone.now)
    ends_at = models.DateTimeField(_("ends"))
    group = models.ForeignKey(
        Group,
        models.PROTECT,
        verbose_name=_("may go where"),
        related_name="passes",
        help_text=_("During the visit the visitor counts as one of this group."),
    )
    created_by = models.CharField(_("made by"), max_length=150, editable=False)

    class Meta:
        verbose_name = _("visitor pass")
        verbose_name_plural = _("visitor passes")
        ordering = ["-begins_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("begins_at")),
                name="pass_ends_after_it_begins",
                violation_error_message=_("A visit must end after it begins."),
            ),
            models.CheckConstraint(
                condition=~Q(host=F("person")),
                name="pass_host_is_somebody_else",
                violation_error_message=_("Nobody is their own host."),
            ),
            models.CheckConstraint(condition=~Q(created_by=""), name="pass_says_by_whom"),
        ]

    def __str__(self) -> str:
        return f"{self.person} → {self.host}"
