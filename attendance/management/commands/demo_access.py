"""``manage.py demo_access``: doors, groups and hours for the demonstration."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from attendance.models import Site
from attendance.services.demo_access import make_demo_access


class Command(BaseCommand):
    """Create groups, schedules, a holiday calendar and two more doors. Safe to run again."""

    help = "Create groups, schedules, holidays and doors to look at in the demonstration."

    def handle(self, *args: Any, **options: Any) -> None:
        """Create them at the first site."""
        site = Site.objects.order_by("pk").first()
        if site is None:
            raise CommandError("There is no site yet. Run prepare_site first.")
        if make_demo_access(site=site):
            self.stdout.write("Created the demonstration's groups, hours and doors.")
