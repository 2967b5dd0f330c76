"""The tables that the commands print for people."""

import math
import unicodedata
from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from recognition.drawing import NOBODY
from recognition.identification import Identified
from recognition.picture_files import Skipped
from recognition.summary import Summary


def faces_table() -> Table:
    """An empty table for faces in pictures."""
    table = Table(title="Faces")
    table.add_column("Picture", overflow="fold")
    table.add_column("Name", overflow="fold")
    table.add_column("Nearest", overflow="fold")
    table.add_column("Distance", justify="right")
    table.add_column("Second", overflow="fold")
    table.add_column("Distance", justify="right")
    table.add_column("Reason")
    return table


def add_faces(table: Table, picture: str, found: Sequence[Identified]) -> None:
    """Add one line for each face; one line that says so where there is none."""
    if not found:
        table.add_row(Text(printable(picture)), "", "", "", "", "", "no_face")
    for identified in found:
        match, reason = identified.decision.match, identified.decision.reason.value
        table.add_row(
            Text(printable(picture)),
            Text(
                printable(identified.name or NOBODY),
                style="green" if identified.name else "dark_orange",
            ),
            Text(printable(match.label or "") if match else ""),
            _distance(match.distance if match else math.inf),
            Text(printable(match.second_label or "") if match else ""),
            _distance(match.second_distance if match else math.inf),
            reason,
        )


def people_table(summary: Summary) -> Table:
    """Everybody recognised in a video."""
    table = Table(
        title="People",
        caption=f"{summary.frames} frames searched, {summary.faces} faces, "
        f"{summary.unknown} of them unknown",
    )
    table.add_column("Name", overflow="fold")
    for heading in ("Frames", "First", "Last", "Best distance"):
        table.add_column(heading, justify="right")
    for person in summary.people:
        table.add_row(
            Text(printable(person.name), style="green"),
            str(person.frames),
            _clock(person.first_s),
            _clock(person.last_s),
            _distance(person.best_distance),
        )
    return table


def skipped_lines(skipped: Sequence[Skipped]) -> str:
    """One line for each file that gave nothing."""
    return "".join(f"Skipped {printable(one.file)}: {one.reason}\n" for one in skipped)


def printable(name: str) -> str:
    """A name as a terminal may show it: in one line, and without what would command it."""
    return "".join(_shown(character) for character in name)


def _shown(character: str) -> str:
    if character.isprintable() or unicodedata.category(character) == "Zs":
        return character
    return character.encode("unicode_escape").decode("ascii")


def _distance(distance: float) -> str:
    return f"{distance:.3f}" if math.isfinite(distance) else ""


def _clock(seconds: float) -> str:
    """Minutes, seconds and tenths."""
    tenths = round(seconds * 10)
    return f"{tenths // 600}:{tenths % 600 / 10:04.1f}"
