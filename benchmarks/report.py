"""Prints figures as a table and writes them as JSON."""

import json
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figures


def print_table(figures: Figures, machine: str) -> None:
    """Print medians and ratios on standard output."""
    table = Table(title="Lintel against face_recognition, medians in milliseconds", caption=machine)
    table.add_column("What")
    for heading in ("Lintel", "face_recognition", "times"):
        table.add_column(heading, justify="right")
    for name, pair in figures.pairs.items():
        table.add_row(name, f"{pair.lintel_ms:.2f}", f"{pair.peer_ms:.2f}", f"{pair.ratio:.1f}")
    console = Console()
    console.print(table)
    if figures.http is not None:
        http = figures.http
        console.print(
            f"HTTP, three frames to decision: p50 {http.p50_ms:.1f} ms, p95 {http.p95_ms:.1f} ms, "
            f"of it recognition {http.compute_ms:.1f} ms; with four kiosks at once "
            f"p50 {http.four_p50_ms:.1f} ms, p95 {http.four_p95_ms:.1f} ms"
        )


def write_json(figures: Figures, path: Path) -> None:
    """Write one JSON object; figures are in milliseconds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(figures.as_json(), indent=2) + "\n")
