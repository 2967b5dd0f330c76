"""``manage.py enroll DIR``: enrol folders of pictures."""

import getpass
import sys
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from attendance.services.engines import wait_for_trial
from attendance.services.enrolment import PictureOutcome
from attendance.services.folders import enrol_folder, people_in, pictures_in
from recognition import EngineError


def _pixels(text: str) -> int:
    value = int(text)
    if not 40 <= value <= 1000:
        raise ArgumentTypeError("use 40 to 1000 pixels")
    return value


class Command(BaseCommand):
    """Enrol everyone under DIR and say what was refused, and why."""

    help = (
        "Enrol DIR/<name>/<image>..., one folder a person. A folder may begin with the employee "
        "number (“E-1001 Ada Lindqvist”). Consent is recorded: enrol only people who gave it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("dir", type=Path, metavar="DIR")
        parser.add_argument(
            "--min-face",
            type=_pixels,
            metavar="PX",
            help="smallest face in pixels (default: the policy's, at first 100)",
        )
        parser.add_argument(
            "--keep-pictures",
            action="store_true",
            help="they agreed that their faces stay here, sealed, for a better engine to come",
        )
        parser.add_argument(
            "--recorded-by",
            default=f"{getpass.getuser()} (manage.py enroll)",
            help="who vouches for the consent",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Enrol folder by folder; exit with 1 where anything was refused."""
        root: Path = options["dir"]
        if not root.is_dir():
            raise CommandError(f"{root} is not a folder.", returncode=2)
        folders = people_in(root)
        if not folders:
            raise CommandError(
                f"{root} holds no folders. Put each person's pictures into a folder of their own.",
                returncode=2,
            )
        try:
            wait_for_trial()
            outcomes = self._enrol(folders, options)
        except EngineError as error:
            raise CommandError(str(error)) from error
        self._report(outcomes)
        if not all(outcome.accepted for _, outcome in outcomes):
            sys.exit(1)

    def _enrol(
        self, folders: list[Path], options: dict[str, Any]
    ) -> list[tuple[str, PictureOutcome]]:
        outcomes: list[tuple[str, PictureOutcome]] = []
        counts = {folder: len(pictures_in(folder)) for folder in folders}
        with Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        ) as progress:
            task = progress.add_task("Enrolling", total=sum(counts.values()))
            for folder in folders:
                done = enrol_folder(
                    folder=folder,
                    recorded_by=options["recorded_by"],
                    min_face_px=options["min_face"],
                    keep_pictures=options["keep_pictures"],
                )
                outcomes += [(folder.name, outcome) for outcome in done]
                progress.advance(task, counts[folder])
        return outcomes

    def _report(self, outcomes: list[tuple[str, PictureOutcome]]) -> None:
        refused = [(folder, outcome) for folder, outcome in outcomes if not outcome.accepted]
        console = Console(file=cast(IO[str], self.stdout), soft_wrap=True)
        if refused:
            table = Table("Folder", "Picture", "Code", "Why it was refused")
            for folder, outcome in refused:
                table.add_row(folder, outcome.name, outcome.code, outcome.message)
            console.print(table)
        warned = [(folder, outcome) for folder, outcome in outcomes if outcome.warning]
        if warned:
            table = Table("Folder", "Picture", "Enrolled, but")
            for folder, outcome in warned:
                table.add_row(folder, outcome.name, outcome.warning)
            console.print(table)
        people = {folder for folder, outcome in outcomes if outcome.accepted}
        new = sum(outcome.code == "enrolled" for _, outcome in outcomes)
        known = sum(outcome.code == "known" for _, outcome in outcomes)
        console.print(
            f"{len(people)} people enrolled: {new} new pictures, {known} known before, "
            f"{len(refused)} refused."
        )
