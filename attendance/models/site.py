import datetime as dt
import zoneinfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.translation import gettext_lazy as _

from .holiday import HolidayCalendar


def validate_time_zone(name: str) -> None:
    """Refuse what is not the name of a time zone, such as ``Europe/Berlin``."""
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValidationError(
            _("“%(name)s” is no time zone. Use a name like Europe/Berlin."),
            params={"name": name},
        ) from error


def validate_addresses(text: str) -> None:
    """Refuse a list in which one line is no mail address."""
    for address in text.split():
        validate_email(address)


class Site(models.Model):
    """A place with doors; its zone turns stored times into dates and clock times."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_time_zone]
    )
    report_time = models.TimeField(
        _("report time"),
        default=dt.time(0, 30),
        help_text=_("When the report of the day before is made, in the site's own time."),
    )

    report_recipients = models.TextField(
        _("report goes to"),
        blank=True,
        validators=[validate_addresses],
        help_text=_("Mail addresses, one a line. Empty: the report is only kept in the console."),
    )
    holidays = models.ForeignKey(
        HolidayCalendar,
        models.PROTECT,
        verbose_name=_("holidays"),
        related_name="sites",
        null=True,
        blank=True,
        help_text=_("Empty: no holidays."),
    )

    alarm_recipients = models.TextField(
        _("duress alarms go to"),
        blank=True,
        validators=[validate_addresses],
        help_text=_("Mail addresses, one a line. Empty: alarms stand in the console only."),
    )
    door_alarm_recipients = models.TextField(
        _("door alarms go to"),
        blank=True,
        validators=[validate_addresses],
        help_text=_(
            "A door forced, held open for too long, or a case opened. Mail addresses, one a line. "
            "Empty: these stand in the console only."
        ),
    )

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """Return the site's time zone."""
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def report_addresses(self) -> list[str]:
        """Return who gets the nightly report."""
        return self.report_recipients.split()

    @property
    def alarm_addresses(self) -> list[str]:
        """Return who is told of a duress alarm."""
        return self.alarm_recipients.split()

    @property
    def door_alarm_addresses(self) -> list[str]:
        """Return who is told of what happens at the doors."""
        return self.door_alarm_recipients.split()
