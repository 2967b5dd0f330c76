"""`evaluate keypoints`: how far placed points lie from labelled ones."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from recognition.commands import json_output, options, tables
from recognition.commands.progress import counting_bar
from recognition.datasets.keypoints import read_labelled_faces
from recognition.engines.registry import load_engine
from recognition.evaluation.keypoint_output import keypoint_form, named_figures
from recognition.evaluation.keypoint_pictures import answer_picture, caption
from recognition.evaluation.keypoints import (
    Answer,
    KeypointFigures,
    answer_all,
    keypoint_figures,
    worst_answers,
)
from recognition.evaluation.page import figures_section, pictures_section, write_page
from recognition.keypoints.predictor import load_keypoint_predictor
from recognition.picture_files import Skipped

# Faces in video frames are small; a door asks for more.
_MIN_FACE_PX = 40


def add_parser(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this kind's arguments."""
    parser = kinds.add_parser(
        "keypoints",
        help="68 points of faces, and the 15 of the classic competition",
        description="CSV holds a file's name and 68 times x, y in pixels; IMAGES is the folder of "
        "these files. The classic competition's CSV holds its pictures itself and needs no folder.",
    )
    parser.add_argument("table", type=options.existing_file, metavar="CSV")
    parser.add_argument(
        "images", type=options.existing_folder, nargs="?", metavar="IMAGES", help="folder"
    )
    parser.add_argument(
        "--report",
        type=options.new_file,
        metavar="FILE.html",
        help="write figures and the worst faces",
    )
    parser.add_argument(
        "--weights",
        type=options.existing_file,
        metavar="FILE.onnx",
        help="measure these weights (default: the committed ones)",
    )
    options.add_engine_options(parser, min_face=_MIN_FACE_PX)
    parser.set_defaults(run=run, fail=parser.error)


def run(chosen: argparse.Namespace) -> int:
    """Measure, write and print; exit status 0 whatever the figures are."""
    faces = read_labelled_faces(chosen.table, chosen.images)
    predictor = load_keypoint_predictor(path=chosen.weights)
    skipped: list[Skipped] = []
    with counting_bar("Pictures", len(faces)) as done:
        answers = answer_all(
            faces,
            engine=load_engine(chosen.engine, threads=chosen.threads),
            predictor=predictor,
            min_face=chosen.min_face,
            skipped=skipped,
            on_picture=lambda: done(1),
        )
    sys.stderr.write(tables.skipped_lines(skipped))
    figures = keypoint_figures(answers)
    if chosen.report:
        _write_report(chosen.report, figures, answers)
    if chosen.json:
        form = {**keypoint_form(figures), "skipped": json_output.skipped_form(skipped)}
        json_output.print_json(form)
    else:
        _print_table(figures)
    return 0


def _write_report(path: Path, figures: KeypointFigures, answers: Sequence[Answer]) -> None:
    worst = [(answer_picture(one), caption(one)) for one in worst_answers(answers)]
    write_page(
        path,
        "Facial keypoints",
        figures_section(named_figures(figures)),
        pictures_section("Worst faces: placed in green, labelled in red", worst),
    )
    sys.stderr.write(f"Report: {path}\n")


def _print_table(figures: KeypointFigures) -> None:
    table = Table(
        title="Facial keypoints",
        caption="in brackets: 95 % interval over people",
        show_header=False,
    )
    for name, text in named_figures(figures).items():
        table.add_row(name, text)
    Console().print(table)
