"""``manage.py nightly_report``: make the report of a date for every site."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from attendance.models import Site
from attendance.services.reports import make_report


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"“{text}” is no date; use YYYY-MM-DD") from error


class Command(BaseCommand):
    """Make the nightly report; a report that is there already is kept as it is."""

    help = "Make the attendance report of a date (default: yesterday) for every site, once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--date", type=_date, metavar="YYYY-MM-DD")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make one report a site and say where it is."""
        sites = list(Site.objects.all())
        if not sites:
            raise CommandError("There is no site yet. Create one in the console.")
        for site in sites:
            now = timezone.now()
            today = now.astimezone(site.zone).date()
            on = options["date"] or today - timedelta(days=1)
            if on > today:
                raise CommandError(f"{on} has not come yet.", returncode=2)
            report, made = make_report(site=site, on=on, now=now)
            what = (
                "made" if made else "was made before" if report.complete else "brought up to date"
            )
            mailed = f", mailed {report.mailed_at:%Y-%m-%d %H:%M} UTC" if report.mailed_at else ""
            self.stdout.write(f"{site} {on}: {what}{mailed} (/reports/{report.pk})")
