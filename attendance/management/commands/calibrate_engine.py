"""``manage.py calibrate_engine``: record the threshold that was measured for an engine."""

import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from attendance.errors import LintelError
from attendance.services.engines import calibrate_engine
from recognition import MatchRule


class Command(BaseCommand):
    """Record threshold and margin of an installed engine."""

    help = "Record what was measured for an installed engine; a switch to it puts it in force."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("engine", metavar="NAME")
        parser.add_argument("--threshold", type=float, required=True, metavar="DISTANCE")
        parser.add_argument("--margin", type=float, required=True, metavar="DISTANCE")
        parser.add_argument("--why", required=True, help="what it was measured on")
        parser.add_argument("--by", default=f"{getpass.getuser()} (manage.py)", metavar="NAME")

    def handle(self, *args: Any, **options: Any) -> None:
        """Record it; exit with 2 for values that are no rule."""
        try:
            rule = MatchRule(options["threshold"], options["margin"])
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from error
        try:
            engine = calibrate_engine(
                name=options["engine"], rule=rule, by=options["by"], why=options["why"]
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=2) from error
        except LintelError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"Calibrated {engine}: {rule.threshold:g}, margin {rule.margin:g}")
