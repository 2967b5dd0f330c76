"""``manage.py calibrate_engine``: the threshold that an installed engine will decide by."""

import getpass
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from attendance.errors import LintelError
from attendance.services.engines import calibrate_engine
from attendance.services.policies import current_policy
from recognition import RecognitionError
from recognition.calibration.file import read_calibration


class Command(BaseCommand):
    """Turn a calibration and a promise into the threshold of an engine."""

    help = (
        "Record what was measured for the installed engine NAME (recognition calibrate --engine "
        "NAME), and the threshold that lets no more strangers in than promised. No door uses an "
        "engine without."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("engine", metavar="NAME")
        parser.add_argument("--calibration", type=Path, required=True, metavar="FILE")
        parser.add_argument(
            "--fpir",
            type=float,
            default=0.003,
            metavar="SHARE",
            help="share of strangers' searches that may be accepted (default: %(default)s)",
        )
        parser.add_argument(
            "--people",
            type=int,
            required=True,
            metavar="N",
            help="people that will be enrolled, growth included",
        )
        parser.add_argument("--by", default=f"{getpass.getuser()} (manage.py)", metavar="NAME")

    def handle(self, *args: Any, **options: Any) -> None:
        """Record it; exit with 2 for a promise that nobody can make."""
        try:
            engine = calibrate_engine(
                name=options["engine"],
                calibration=read_calibration(options["calibration"]),
                fpir=options["fpir"],
                people=options["people"],
                by=options["by"],
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from error
        except (LintelError, RecognitionError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Calibrated {engine}: threshold {engine.threshold:g}, margin {engine.margin:g} "
            f"({engine.calibrated_why})"
        )
        if current_policy().engine_name == engine.name:
            self.stdout.write(
                "It decides already, by the threshold in force: see manage.py threshold."
            )
