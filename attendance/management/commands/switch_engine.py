"""``manage.py switch_engine``: let another engine decide, once everybody is enrolled for it."""

import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from attendance.errors import LintelError
from attendance.services.engines import cancel_switch, switch_engine, wait_for_trial
from recognition import EngineError


class Command(BaseCommand):
    """Switch, or say who must enrol again first."""

    help = (
        "Let the engine NAME decide at the doors. While anybody who is recognised now has no "
        "template of it, the engine in force goes on deciding, templates are made of kept faces in "
        "the background, enrolments make templates of both, and those who are missing are listed. "
        "The switch is made by itself once nobody is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("engine", metavar="NAME", nargs="?")
        parser.add_argument("--why", default="Switch of engine", help="kept in the history")
        parser.add_argument("--by", default=f"{getpass.getuser()} (manage.py)", metavar="NAME")
        parser.add_argument(
            "--force", action="store_true", help="switch now; who is missing is not recognised"
        )
        parser.add_argument("--cancel", action="store_true", help="give up the switch that waits")

    def handle(self, *args: Any, **options: Any) -> None:
        """Switch; exit with 1 where people are missing."""
        if bool(options["engine"]) == options["cancel"]:
            raise CommandError("Name an engine, or --cancel, not both.", returncode=2)
        if options["cancel"]:
            done = cancel_switch()
            self.stdout.write("Given up." if done else "There is no switch to give up.")
            return
        try:
            wait_for_trial(name=options["engine"])
            progress = switch_engine(
                name=options["engine"],
                by=options["by"],
                why=options["why"],
                force=options["force"],
            )
        except (EngineError, LintelError) as error:
            raise CommandError(str(error)) from error
        for person in progress.missing:
            kept = " (from a kept face, in the background)" if person in progress.from_kept else ""
            self.stdout.write(f"has no template yet: {person}{kept}")
        if progress.policy is None:
            raise CommandError(
                f"People without a template: {len(progress.missing)}. Until then the engine in "
                "force decides as before. Enrol those without a kept face, or add --force."
            )
        self.stdout.write(f"The engine {options['engine']} decides from now on.")
