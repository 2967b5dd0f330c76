from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .person import Person


class Group(models.Model):
    """People who may enter the same doors at the same times."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    # All people but visitors belong to it without being listed; there is one such row.
    everybody = models.BooleanField(_("everybody"), default=False, editable=False)
    members = models.ManyToManyField(
        Person, verbose_name=_("members"), through="Membership", related_name="access_groups"
    )

    class Meta:
        verbose_name = _("group of people")
        verbose_name_plural = _("groups of people")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["everybody"], condition=Q(everybody=True), name="group_one_everybody"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="group_has_a_name"),
        ]

    def __str__(self) -> str:
        return str(_("Everybody")) if self.everybody else self.name


class Membership(models.Model):
    """One person in one group."""

    group = models.ForeignKey(
        Group, models.CASCADE, verbose_name=_("group of people"), related_name="memberships"
    )
    person = models.ForeignKey(
        Person, models.CASCADE, verbose_name=_("person"), related_name="memberships"
    )

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["group__name", "person__full_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "person"],
                name="membership_once",
                violation_error_message=_("This person is in the group already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.group}"
