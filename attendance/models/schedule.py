from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from attendance.access_choices import Day


class Schedule(models.Model):
    """Hours of the week, by the clock on the wall of whichever site uses it."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    minds_holidays = models.BooleanField(
        _("minds holidays"),
        default=True,
        help_text=_(
            "On a holiday of the site only the periods for holidays count. "
            "Off: a holiday is a day like any other."
        ),
    )
    # Its periods are not looked at; there is one such row, which new doors begin with.
    always = models.BooleanField(_("at any time"), default=False, editable=False)

    class Meta:
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["always"], condition=Q(always=True), name="schedule_one_always"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="schedule_has_a_name"),
        ]

    def __str__(self) -> str:
        return str(_("Always")) if self.always else self.name


class SchedulePeriod(models.Model):
    """From one clock time to another on one day of the week; an earlier end is the next day's."""

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="periods")
    day = models.PositiveSmallIntegerField(_("day"), choices=Day)
    begin = models.TimeField(_("from"))
    end = models.TimeField(
        _("to"),
        help_text=_(
            "At or before the beginning: on the next day. 00:00 to 00:00 is the whole day."
        ),
    )

    class Meta:
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        ordering = ["day", "begin"]
        constraints = [
            models.CheckConstraint(condition=Q(day__in=Day.values), name="period_day_known"),
            models.UniqueConstraint(
                fields=["schedule", "day", "begin"],
                name="period_once",
                violation_error_message=_("A period begins at this time already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_day_display()} {self.begin:%H:%M} – {self.end:%H:%M}"
