"""What the kinds that read symbols have in common: their options, table, JSON and page."""

import argparse
import math
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from recognition.commands import json_output, options, tables
from recognition.evaluation.page import (
    confusion_section,
    figures_section,
    label_order,
    pictures_section,
    write_page,
)
from recognition.evaluation.symbol_output import symbol_form
from recognition.evaluation.symbols import (
    NOTHING,
    Answer,
    Rate,
    SymbolFigures,
    worst_answers,
)
from recognition.picture_files import Skipped

# Columns that fit a screen of 80 characters.
_MOST_ACROSS = 12


def add_symbol_options(parser: argparse.ArgumentParser) -> None:
    """Add --report, --weights and --json."""
    parser.add_argument(
        "--report",
        type=options.new_file,
        metavar="FILE.html",
        help="write the confusion table and the worst mistakes to one file",
    )
    parser.add_argument(
        "--weights",
        type=options.existing_file,
        metavar="FILE.onnx",
        help="measure these weights (default: the committed ones)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")


def show(
    chosen: argparse.Namespace,
    title: str,
    figures: SymbolFigures,
    answers: Sequence[Answer],
    skipped: Sequence[Skipped] = (),
) -> None:
    """Write the page where one was asked for, then print the figures."""
    sys.stderr.write(tables.skipped_lines(skipped))
    if chosen.report:
        _write_report(chosen.report, title, figures, answers)
    if chosen.json:
        form = {**symbol_form(figures), "skipped": json_output.skipped_form(skipped)}
        json_output.print_json(form)
    else:
        _print_tables(title, figures)


def rows(figures: SymbolFigures) -> dict[str, str]:
    """The figures in words."""
    named = {
        "Pictures": str(figures.n),
        "Right, of all": _text(figures.accuracy),
        "Right among the accepted": _text(figures.accepted_accuracy),
        "Not accepted": _text(figures.rejected),
        "Accepted and wrong": _text(figures.wrong_accepted),
        "Pictures of no symbol": str(figures.none_n),
        "No symbol, accepted as one": _text(figures.none_accepted),
        "Milliseconds a picture": f"{figures.ms_per_image:.2f}",
    }
    return {name: text for name, text in named.items() if text}


def _write_report(
    path: Path, title: str, figures: SymbolFigures, answers: Sequence[Answer]
) -> None:
    mistakes = [(one.picture, _caption(one)) for one in worst_answers(answers)]
    write_page(
        path,
        title,
        figures_section(rows(figures)),
        confusion_section(figures.confusion),
        pictures_section("Worst mistakes", mistakes),
    )
    sys.stderr.write(f"Report: {path}\n")


def _caption(one: Answer) -> str:
    taken = "accepted" if one.accepted else "not accepted"
    read = f"{one.truth or NOTHING} read as {one.best or NOTHING}"
    return f"{read}, {one.confidence:.2f}, {taken}: {one.name}"


def _print_tables(title: str, figures: SymbolFigures) -> None:
    # A path may hold what looks like mark-up.
    heading = Text(tables.printable(title))
    table = Table(title=heading, caption="in brackets: 95 % interval", show_header=False)
    for name, text in rows(figures).items():
        table.add_row(name, text)
    console = Console()
    console.print(table)
    labels = sorted({label for pair in figures.confusion for label in pair}, key=label_order)
    console.print(
        _whole_table(labels, figures) if len(labels) <= _MOST_ACROSS else _mistakes_table(figures)
    )


def _whole_table(labels: Sequence[str], figures: SymbolFigures) -> Table:
    """What is shown, downwards, against what was read, across."""
    table = Table("", *labels, title="Confusion: shown downwards, read across")
    for shown in labels:
        counts = [figures.confusion.get((shown, read), 0) for read in labels]
        cells = [
            "" if not count else str(count) if shown == read else f"[bold red]{count}[/]"
            for read, count in zip(labels, counts, strict=True)
        ]
        table.add_row(shown, *cells)
    return table


def _mistakes_table(figures: SymbolFigures) -> Table:
    """The mistakes alone, where a whole table would not fit a screen; the page has it."""
    table = Table("Shown", "Read", "Pictures", title="Confusion: mistakes, most first")
    mistakes = {pair: count for pair, count in figures.confusion.items() if pair[0] != pair[1]}
    if not mistakes:
        table.add_row("", "none", "0")
    for (shown, read), count in sorted(mistakes.items(), key=lambda item: (-item[1], item[0])):
        table.add_row(shown, read, str(count))
    return table


def _text(rate: Rate) -> str:
    if not math.isfinite(rate.value):
        return ""
    return f"{rate.value:.2%} ({rate.interval.low:.2%}–{rate.interval.high:.2%})"
