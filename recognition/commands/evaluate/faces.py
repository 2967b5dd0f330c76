"""`evaluate faces`: how well people are found and told apart."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from recognition.commands import json_output, options, tables
from recognition.commands.progress import counting_bar
from recognition.engines.registry import load_engine
from recognition.evaluation.acquisition import Acquisition, acquire
from recognition.evaluation.dataset import read_dataset, read_labels
from recognition.evaluation.doubles import doubles
from recognition.evaluation.enrolments import Enrolments, enrolments
from recognition.evaluation.faces import Measured, measure_faces, rows_gone_through
from recognition.evaluation.groups import Groups, labelled_nobody, rates_by_group
from recognition.evaluation.lines import (
    enrolment_lines,
    figure_lines,
    figure_text,
    group_lines,
    not_measured,
    too_few,
)
from recognition.evaluation.output import evaluation_form
from recognition.evaluation.samples import fused_samples, single_samples
from recognition.normalisation.builtin import normaliser_for
from recognition.normalisation.normaliser import plain_blocks

# Faces in video frames are small; a door asks for more.
_MIN_FACE_PX = 40
_NAMES_LISTED = 5


def add_parser(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this kind's arguments."""
    faces = kinds.add_parser(
        "faces",
        help="detection, verification and identification of people",
        description="DIR holds DIR/<person>/<picture>, DIR/<person>/<session>/<picture> or "
        "DIR/<Name>_<video><frame>.jpg; pictures of one session are not compared.",
    )
    faces.add_argument("folder", type=options.existing_folder, metavar="DIR")
    faces.add_argument(
        "--report",
        type=options.new_file,
        metavar="FILE.html",
        help="write plots and confusions to one file",
    )
    faces.add_argument(
        "--labels",
        type=options.existing_file,
        metavar="CSV",
        help="names in the first column, a group of each trait in the others: rates per group",
    )
    options.add_cache_option(faces)
    options.add_engine_options(faces, min_face=_MIN_FACE_PX)
    faces.set_defaults(run=run, fail=faces.error)


def run(chosen: argparse.Namespace) -> int:
    """Measure, write and print; exit status 0 whatever the figures are."""
    labels = read_labels(chosen.labels) if chosen.labels else {}
    acquisition = acquire_folder(chosen)
    plain, decided = measure_both(acquisition)
    enrolled = enrolments(acquisition)
    fused = fused_samples(single_samples(acquisition, looks=True), acquisition.mean_vector)
    groups = rates_by_group(fused, decided.fused, labels)
    _name_nobody(labelled_nobody(fused, labels))
    _name_doubles(doubles(acquisition, plain.single.comparisons))
    form = evaluation_form(acquisition, enrolled, decided, plain, groups)
    if chosen.report:
        _write_report(chosen.report, acquisition, enrolled, decided, plain, groups)
    if chosen.json:
        json_output.print_json(form)
    else:
        _print_tables(acquisition, enrolled, decided, plain, groups)
    return 0


def acquire_folder(chosen: argparse.Namespace) -> Acquisition:
    """Find and embed all faces of a folder, with a bar on standard error."""
    engine = load_engine(chosen.engine, threads=chosen.threads)
    dataset = read_dataset(chosen.folder)
    with counting_bar("Pictures", len(dataset.pictures)) as done:
        acquisition = acquire(
            dataset,
            engine=engine,
            min_face=chosen.min_face,
            keep=not chosen.no_cache,
            on_picture=lambda: done(1),
        )
    sys.stderr.write(tables.skipped_lines(acquisition.skipped))
    return acquisition


def measure_both(acquisition: Acquisition) -> tuple[Measured, Measured]:
    """Measure the bare distance, and the best way of comparing that this engine has."""
    single = single_samples(acquisition, looks=True)
    fused = fused_samples(single, acquisition.mean_vector)
    bare = single_samples(acquisition)
    bare_fused = fused_samples(bare, acquisition.mean_vector)
    normaliser = normaliser_for(acquisition.engine)
    compare = normaliser.blocks if normaliser else plain_blocks
    with counting_bar("Comparisons", 2 * rows_gone_through(single, fused)) as done:
        plain = measure_faces(bare, bare_fused, plain_blocks, on_rows=done)
        return plain, measure_faces(single, fused, compare, on_rows=done)


def comparison_name(acquisition: Acquisition) -> str:
    """How faces are compared in the figures that stand first."""
    looks = f"{acquisition.looks} looks"
    return f"{looks}, normalised" if normaliser_for(acquisition.engine) else looks


def _name_nobody(names: Sequence[str]) -> None:
    """Say which labels are nobody's."""
    if names:
        listed = ", ".join(tables.printable(name) for name in names[:_NAMES_LISTED])
        more = f" and {len(names) - _NAMES_LISTED} more" if len(names) > _NAMES_LISTED else ""
        sys.stderr.write(f"Labels of people without a face in these pictures: {listed}{more}\n")


def _name_doubles(pairs: Sequence[tuple[Path, Path]]) -> None:
    """Say which pictures lie under two names."""
    for pair in pairs[:_NAMES_LISTED]:
        one, two = (tables.printable(str(path)) for path in pair)
        sys.stderr.write(
            f"One picture under two names, which spoils the figures: {one} and {two}\n"
        )
    if len(pairs) > _NAMES_LISTED:
        sys.stderr.write(f"And {len(pairs) - _NAMES_LISTED} more such pairs.\n")


def _write_report(
    path: Path,
    acquisition: Acquisition,
    enrolled: Enrolments,
    decided: Measured,
    plain: Measured,
    groups: Groups,
) -> None:
    from recognition.evaluation.report import write_report

    ways = {"plain": plain, comparison_name(acquisition): decided}
    write_report(path, acquisition, enrolled, ways, groups)
    sys.stderr.write(f"Report: {path}\n")


def _print_tables(
    acquisition: Acquisition,
    enrolled: Enrolments,
    decided: Measured,
    plain: Measured,
    groups: Groups,
) -> None:
    found, images = len(acquisition.samples), acquisition.images
    table = Table(
        title=f"{acquisition.engine}: {found} faces in {images} pictures ({found / images:.1%})",
        caption="in brackets: 95 % interval over other people; none where no draw differs",
    )
    table.add_column("Figure")
    for name in ("plain", comparison_name(acquisition)):
        table.add_column(name, justify="right")
    for name, figure in enrolment_lines(enrolled).items():
        table.add_row(name, figure_text(figure), "")
    left, right = figure_lines(plain), figure_lines(decided)
    for name, figure in left.items():
        table.add_row(name, figure_text(figure), figure_text(right[name]))
    console = Console()
    console.print(table)
    for line in not_measured(decided):
        console.print(line)
    if few := too_few(decided):
        console.print(f"Too few to see one error, so figures without any: {'; '.join(few)}.")
    if groups:
        console.print(_groups_table(groups))


def _groups_table(groups: Groups) -> Table:
    table = Table(title="Groups", caption="sessions fused, at the distance of FMR 1e-3 over all")
    table.add_column("Group", overflow="fold")
    for name in ("People", "TAR", "FMR within the group"):
        table.add_column(name, justify="right")
    for name, cells in group_lines(groups).items():
        table.add_row(Text(tables.printable(name)), *cells)
    return table
