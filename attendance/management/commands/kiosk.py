"""``manage.py kiosk``: create kiosks, make one-time codes, revoke and change keys."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from attendance.models import Kiosk, Site
from attendance.services.provisioning import (
    create_kiosk,
    demand_rotation,
    issue_code,
    key_fingerprint,
    revoke_key,
)

ACTIONS = (
    ("code", "make a one-time code, with which it brings a new key"),
    ("revoke", "revoke its key"),
    ("rotate", "ask it for a new key"),
)


class Command(BaseCommand):
    """Create a kiosk, or give it a code for its key, or take its key away."""

    help = (
        "Manage kiosks. A code is printed once, works once and within an hour: start the kiosk "
        "with it as --token."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare one sub-command for each thing that can be done."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        create = actions.add_parser("create", help="create a kiosk and print its one-time code")
        create.add_argument("name")
        create.add_argument("--site", help="name of its site (default: the only one)")
        create.add_argument("--zone", default="", help="the area behind its door")
        for name, text in ACTIONS:
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
            self._change(action, kiosk)

    def _change(self, action: str, kiosk: Kiosk) -> None:
        if action == "code":
            self.stdout.write(issue_code(kiosk=kiosk))
        elif action == "rotate":
            demand_rotation(kiosk=kiosk)
            self.stdout.write(f"{kiosk} is asked for a new key.")
        else:
            revoke_key(kiosk=kiosk)
            self.stdout.write(f"{kiosk} has no key now.")

    def _list(self) -> None:
        for kiosk in Kiosk.objects.select_related("site"):
            seen = f"{kiosk.last_seen_at:%Y-%m-%d %H:%M:%S} UTC" if kiosk.last_seen_at else "-"
            key = key_fingerprint(kiosk=kiosk) or "-"
            self.stdout.write(f"{kiosk.name}\t{kiosk.site}\t{seen}\t{key}")

    def _create(self, options: dict[str, Any]) -> None:
        sites = Site.objects.filter(name=options["site"]) if options["site"] else Site.objects.all()
        if sites.count() != 1:
            raise CommandError("Name one existing site with --site.")
        try:
            _kiosk, code = create_kiosk(
                name=options["name"], site=sites.get(), zone=options["zone"]
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(code)
