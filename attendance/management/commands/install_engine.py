"""``manage.py install_engine``: install an engine that the site supplies."""

import getpass
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from attendance.errors import LintelError
from attendance.services.engines import install_engine
from recognition import EngineError


class Command(BaseCommand):
    """Check an engine's files, try it out, and keep copies of them."""

    help = "Install a recognition engine from an ONNX file and its manifest, see docs/engines.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("model", type=Path, metavar="FILE", help="the ONNX model")
        parser.add_argument("--manifest", type=Path, required=True, metavar="FILE")
        parser.add_argument(
            "--detector",
            type=Path,
            metavar="FILE",
            help="the detector's model (default: the one beside the model that the manifest names)",
        )
        parser.add_argument("--by", default=f"{getpass.getuser()} (manage.py)", metavar="NAME")

    def handle(self, *args: Any, **options: Any) -> None:
        """Install it; exit with 1 where it is refused."""
        try:
            engine, detector = install_engine(
                model=options["model"],
                manifest=options["manifest"],
                detector=options["detector"],
                by=options["by"],
            )
        except (EngineError, LintelError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Installed {engine}, licence: {engine.licence}")
        if detector == "built-in":
            self.stderr.write("Faces are found by the built-in detector: no other one was given.")
        if not engine.calibrated:
            self.stdout.write("No door uses it before it is calibrated, see docs/engines.md.")
