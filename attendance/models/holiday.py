from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class HolidayCalendar(models.Model):
    """The holidays of a country or a company; each site names one."""

    name = models.CharField(_("name"), max_length=100, unique=True)

    class Meta:
        verbose_name = _("holiday calendar")
        verbose_name_plural = _("holiday calendars")
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="calendar_has_a_name")]

    def __str__(self) -> str:
        return self.name


class Holiday(models.Model):
    """One day off."""

    calendar = models.ForeignKey(HolidayCalendar, models.CASCADE, related_name="holidays")
    date = models.DateField(_("date"))
    name = models.CharField(_("name"), max_length=100)
    every_year = models.BooleanField(
        _("every year"), default=False, help_text=_("On the same day of every year.")
    )

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "date"],
                name="holiday_once",
                violation_error_message=_("This day is a holiday of the calendar already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"
