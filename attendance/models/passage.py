from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from attendance.access_choices import Direction

from .area import Area
from .check_in import CheckIn
from .door import Door
from .person import Person


class Passage(models.Model):
    """Somebody was let through a door. Who is inside an area follows from these rows alone.

    Written with the check-in that let them in; of two who had to go in together, the first has the
    row of the check-in with which they were told to wait. Where the kiosk says afterwards that the
    door stayed shut, the row goes: nobody went through.
    """

    check_in = models.OneToOneField(CheckIn, models.CASCADE, related_name="passage")
    person = models.ForeignKey(Person, models.CASCADE, related_name="passages")
    door = models.ForeignKey(Door, models.PROTECT, related_name="passages")
    area = models.ForeignKey(Area, models.PROTECT, related_name="passages", null=True)
    direction = models.CharField(_("direction"), max_length=4, choices=Direction)
    happened_at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        ordering = ["-happened_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(direction__in=Direction.values), name="passage_direction_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["area", "person", "-happened_at", "-id"],
                name="passage_newest_in_area",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.door} · {self.get_direction_display()}"
