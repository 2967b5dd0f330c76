"""`evaluate faces`: how well people are found and told apart."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from recognition.commands import json_output, options, tables
from recognition.commands.progress import progress_bar
from recognition.engines.registry import load_engine
from recognition.evaluation.acquisition import Acquisition, acquire
from recognition.evaluation.dataset import read_dataset, read_labels
from recognition.evaluation.faces import Figure, Measured, enrolments, measure_faces, rates_by_group
from recognition.evaluation.output import evaluation_form, rate_name
from recognition.evaluation.samples import fused_samples, single_samples
from recognition.normalisation.builtin import normaliser_for
from recognition.normalisation.normaliser import plain_distances
from recognition.values import EngineId

# Faces in video frames are small; a door asks for more.
_MIN_FACE_PX = 40


def add_parser(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this kind's arguments."""
    faces = kinds.add_parser(
        "faces",
        help="detection, verification and identification of people",
        description="DIR holds DIR/<person>/<picture> or DIR/<Name>_<video><frame>.jpg.",
    )
    faces.add_argument("folder", type=options.existing_folder, metavar="DIR")
    faces.add_argument(
        "--report", type=Path, metavar="FILE.html", help="write plots and confusions to one file"
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
    form = evaluation_form(acquisition, enrolled, decided, plain, groups)
    if chosen.report:
        _write_report(chosen.report, acquisition, decided, plain)
    if chosen.json:
        json_output.print_json(form)
    else:
        _print_table(acquisition, decided, plain)
    return 0


def acquire_folder(chosen: argparse.Namespace) -> Acquisition:
    """Find and embed all faces of a folder, with a bar on standard error."""
    engine = load_engine(chosen.engine, threads=chosen.threads)
    dataset = read_dataset(chosen.folder)
    with progress_bar(Console(stderr=True)) as progress:
        task = progress.add_task("Pictures", total=len(dataset.pictures))
        acquisition = acquire(
            dataset,
            engine=engine,
            min_face=chosen.min_face,
            keep=not chosen.no_cache,
            on_picture=lambda: progress.advance(task),
        )
    sys.stderr.write(tables.skipped_lines(acquisition.skipped))
    return acquisition


def measure_both(acquisition: Acquisition) -> tuple[Measured, Measured]:
    """Measure the bare distance, and the best way of comparing that this engine has."""
    bare = single_samples(acquisition)
    plain = measure_faces(bare, fused_samples(bare, acquisition.mean_vector), plain_distances)
    single = single_samples(acquisition, looks=True)
    normaliser = normaliser_for(acquisition.engine)
    compare = normaliser.compare if normaliser else plain_distances
    fused = fused_samples(single, acquisition.mean_vector)
    return plain, measure_faces(single, fused, compare)


def comparison_name(engine: EngineId) -> str:
    """How faces are compared in the figures that stand first."""
    return "six looks, normalised" if normaliser_for(engine) else "six looks"


def _write_report(path: Path, acquisition: Acquisition, decided: Measured, plain: Measured) -> None:
    from recognition.evaluation.report import write_report

    write_report(path, acquisition, {"plain": plain, comparison_name(acquisition.engine): decided})
    sys.stderr.write(f"Report: {path}\n")


def _print_table(acquisition: Acquisition, decided: Measured, plain: Measured) -> None:
    found, images = len(acquisition.samples), acquisition.images
    table = Table(
        title=f"{acquisition.engine}: {found} faces in {images} pictures ({found / images:.1%})",
        caption="in brackets: 95 % interval over other people",
    )
    table.add_column("Figure")
    for name in ("plain", comparison_name(acquisition.engine)):
        table.add_column(name, justify="right")
    left, right = _rows(plain), _rows(decided)
    for name, figure in left.items():
        table.add_row(name, _text(figure), _text(right[name]))
    Console().print(table)


def _rows(measured: Measured) -> Mapping[str, Figure | None]:
    rows: dict[str, Figure | None] = {}
    ways = (
        ("single picture", measured.single, measured.single_search),
        ("session fused", measured.fused, measured.fused_search),
    )
    for way, verified, searched in ways:
        for rate, figure in verified.tar.items():
            rows[f"TAR at FMR {rate_name(rate)}, {way}"] = figure
        rows[f"Rank 1, {way}"] = searched.rank1
        for rate, figure in searched.fnir.items():
            rows[f"FNIR at FPIR {rate_name(rate)}, {way}"] = figure
    return rows


def _text(figure: Figure | None) -> str:
    if figure is None:
        return "–"
    between = figure.interval
    return f"{figure.value:.3f}" + (f" ({between.low:.3f}–{between.high:.3f})" if between else "")
