"""``manage.py kiosk``: create kiosks, issue and revoke tokens."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from attendance.models import Kiosk, Site
from attendance.services.kiosks import create_kiosk, issue_token, revoke_token


class Command(BaseCommand):
    """Create a kiosk, or give it a new token, or take its token away."""

    help = "Manage kiosks. A token is printed once and cannot be shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare one sub-command for each thing that can be done."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        create = actions.add_parser("create", help="create a kiosk and print its token")
        create.add_argument("name")
        create.add_argument("--site", help="name of its site (default: the only one)")
        create.add_argument("--zone", default="", help="the area behind its door")
        for name, text in (("token", "issue a new token"), ("revoke", "revoke the token")):
            actions.add_parser(name, help=text).add_argument("name")
        actions.add_parser("list", help="list kiosks")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run one action."""
        action = options["action"]
        if action == "list":
            self._list()
        elif action == "create":
            self._create(options)
        else:
            kiosk = Kiosk.objects.filter(name=options["name"]).first()
            if kiosk is None:
                raise CommandError(f"There is no kiosk named “{options['name']}”.")
            if action == "token":
                self.stdout.write(issue_token(kiosk=kiosk))
            else:
                revoke_token(kiosk=kiosk)
                self.stdout.write(f"{kiosk} has no token now.")

    def _list(self) -> None:
        for kiosk in Kiosk.objects.select_related("site"):
            seen = f"{kiosk.last_seen_at:%Y-%m-%d %H:%M:%S} UTC" if kiosk.last_seen_at else "-"
            self.stdout.write(f"{kiosk.name}\t{kiosk.site}\t{seen}")

    def _create(self, options: dict[str, Any]) -> None:
        sites = Site.objects.filter(name=options["site"]) if options["site"] else Site.objects.all()
        if sites.count() != 1:
            raise CommandError("Name one existing site with --site.")
        try:
            _kiosk, token = create_kiosk(
                name=options["name"], site=sites.get(), zone=options["zone"]
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(token)
