"""Figures as lines of tables: printed, written as JSON, and as Markdown for the documentation."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table as Printed

from benchmarks.figures import Figures


@dataclass(frozen=True, slots=True)
class Table:
    """Headings, and rows of text."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]

    def markdown(self) -> str:
        """As docs/benchmarks.md shows it."""
        lines = [self.headings, ["---"] * len(self.headings), *self.rows]
        return f"{self.title}\n\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)


def tables(figures: Figures) -> list[Table]:
    """All of one run."""
    made = [
        Table(
            "Medians in milliseconds.",
            ("", "Lintel", "peer", "times"),
            [
                (f"`{name}`", f"{pair.lintel_ms:.2f}", f"{pair.peer_ms:.2f}", f"{pair.ratio:.1f}")
                for name, pair in figures.pairs.items()
            ],
        )
    ]
    if figures.search:
        made.append(_search_table(figures))
    made.append(
        Table(
            "Small networks, one core.",
            ("", "frame, ms", "frames/s", "in a batch, ms", "pictures/s"),
            [
                (
                    f"`{name}`",
                    f"{speed.single_ms:.2f}",
                    f"{1000 / speed.single_ms:.0f}",
                    f"{speed.batch_ms:.2f}",
                    f"{1000 / speed.batch_ms:.0f}",
                )
                for name, speed in figures.networks.items()
            ],
        )
    )
    made.append(_door_table(figures))
    made.append(Table("The rest of the run.", ("", ""), _single_figures(figures)))
    return [table for table in made if table.rows]


def _search_table(figures: Figures) -> Table:
    headings = ("people", "Lintel", "BLAS product", "times", "faiss flat", "face_distance")
    rows = [
        (
            f"{people:,}",
            *(f"{time:.2f}" for time in (one.lintel_ms, one.product_ms)),
            f"{one.lintel_ms / one.product_ms:.2f}",
            *(f"{time:.2f}" for time in (one.faiss_ms, one.face_distance_ms)),
        )
        for people, one in figures.search.items()
    ]
    return Table("One exact search, medians in milliseconds on one thread.", headings, rows)


def _door_table(figures: Figures) -> Table:
    """How long somebody waits at a door."""
    rows = []
    if (kiosk := figures.kiosk) is not None:
        rows += [
            (
                "face in view to door open, online",
                f"{kiosk.online_p50_ms:.0f} ms",
                f"{kiosk.online_p95_ms:.0f} ms",
            ),
            (
                "face in view to door open, offline",
                f"{kiosk.offline_p50_ms:.0f} ms",
                f"{kiosk.offline_p95_ms:.0f} ms",
            ),
        ]
    if (pin := figures.pin) is not None:
        rows.append(
            (
                "PIN of four by sign, first sign to entry complete",
                f"{pin.p50_s:.1f} s",
                f"{pin.p95_s:.1f} s",
            )
        )
    if (http := figures.http) is not None:
        rows.append(
            (
                "number and PIN over HTTP, entry to decision",
                f"{http.entry_p50_ms:.0f} ms",
                f"{http.entry_p95_ms:.0f} ms",
            )
        )
    return Table("At the door.", ("", "p50", "p95"), rows)


def _single_figures(figures: Figures) -> list[tuple[str, str]]:
    rows = []
    if (memory := figures.memory) is not None:
        who = f"Gallery of {memory.people:,}"
        rows += [
            (f"{who}: memory over the bare matrix", f"{memory.over_share:.1%}"),
            (f"{who}: add a person", f"{memory.add_ms:.1f} ms, {memory.add_share:.1%} more memory"),
            (
                f"{who}: remove a person",
                f"{memory.remove_ms:.1f} ms, {memory.remove_share:.1%} more memory",
            ),
        ]
    if (tracking := figures.tracking) is not None:
        film = tracking.film_per_s
        rows += [
            (
                f"A face in view for {tracking.seconds:.0f} s, {tracking.frames} frames",
                (
                    f"{tracking.looks} searched, {tracking.captures} capture, "
                    f"{tracking.network_runs} runs of the network"
                ),
            ),
            ("Frames a second on one core, as the kiosk does", f"{tracking.frames_per_s:.0f}"),
            ("The same, were every frame searched", f"{tracking.searched_per_s:.0f}"),
            ("Frames of a film a second on one core, as `recognize` does", f"{film:.0f}"),
            ("The same, were every frame searched whole", f"{tracking.film_whole_per_s:.0f}"),
        ]
    if (kiosk := figures.kiosk) is not None:
        rows.append(("An idle kiosk, 640x480 at 15 a second", f"{kiosk.idle_share:.1%} of a core"))
    if (pin := figures.pin) is not None:
        unsent = pin.pins - pin.right - pin.wrong
        rows += [
            (
                f"PINs signed by {pin.signers} held-out signers, of {pin.pins}",
                f"{pin.right} right, {pin.wrong} wrong, {unsent} not complete",
            ),
            ("A frame read for signs and handwriting", f"p95 {pin.read_p95_ms:.1f} ms"),
        ]
    if figures.worker_start_s is not None:
        rows.append(
            ("A worker's start, 10,000 sealed templates", f"{figures.worker_start_s:.2f} s")
        )
    if (http := figures.http) is not None:
        rows += [
            (
                "HTTP, three frames to decision, one kiosk",
                f"p50 {http.p50_ms:.1f} ms, p95 {http.p95_ms:.1f} ms",
            ),
            ("of it recognition", f"{http.compute_ms:.1f} ms"),
            (
                "HTTP, four kiosks at once",
                f"p50 {http.four_p50_ms:.1f} ms, p95 {http.four_p95_ms:.1f} ms",
            ),
        ]
    return rows


def print_tables(figures: Figures, machine: str) -> None:
    """Print everything on standard output."""
    console = Console()
    for table in tables(figures):
        printed = Printed(title=table.title, show_header=any(table.headings))
        for at, heading in enumerate(table.headings):
            printed.add_column(heading, justify="right" if at and heading else "left")
        for row in table.rows:
            printed.add_row(*row)
        console.print(printed)
    console.print(machine)


def write_json(figures: Figures, path: Path) -> None:
    """Write one JSON object."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(figures.as_json(), indent=2) + "\n")
