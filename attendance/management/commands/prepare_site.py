"""``manage.py prepare_site``: what a new installation needs before its first page."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from attendance.models import Kiosk, Site
from attendance.services.provisioning import create_kiosk, issue_code
from attendance.services.roles import make_roles


class Command(BaseCommand):
    """Create the first site and the first account where there are none. Safe to run again."""

    help = (
        "Create the first site and the account “admin” (password: LINTEL_ADMIN_PASSWORD) where "
        "there are none, and with --kiosk-token-file a kiosk, and a new one-time code for it in "
        "that file."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--kiosk", default="Front door", metavar="NAME")
        parser.add_argument("--kiosk-token-file", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create what is missing."""
        with transaction.atomic():
            site = Site.objects.order_by("pk").first() or Site.objects.create(
                name="Main site",
                time_zone=settings.SITE_TIME_ZONE,
                report_time=settings.SITE_REPORT_TIME,
                report_recipients="hr@localhost",
            )
            make_roles()
            self._account()
            if options["kiosk_token_file"]:
                self._kiosk(options["kiosk"], site, options["kiosk_token_file"])

    def _account(self) -> None:
        if User.objects.filter(is_superuser=True).exists():
            return
        password = os.environ.get("LINTEL_ADMIN_PASSWORD", "")
        if not password:
            raise CommandError("Set LINTEL_ADMIN_PASSWORD for the first account.", returncode=2)
        User.objects.create_superuser("admin", password=password)
        self.stdout.write("Created the account “admin”.")

    def _kiosk(self, name: str, site: Site, file: Path) -> None:
        kiosk = Kiosk.objects.filter(name=name).first()
        if kiosk is None:
            kiosk, code = create_kiosk(name=name, site=site)
        else:
            code = issue_code(kiosk=kiosk)
        file.unlink(missing_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(code)
