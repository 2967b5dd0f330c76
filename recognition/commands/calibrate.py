"""`calibrate`: measures a site's own pictures, so that a threshold can keep a promise there."""

import argparse
from pathlib import Path

from rich.console import Console
from rich.table import Table

from recognition.calibration.calibration import Calibration
from recognition.calibration.file import write_calibration
from recognition.calibration.measuring import calibrate
from recognition.calibration.normaliser_fitting import fit_normaliser
from recognition.calibration.promises import Promise, promise
from recognition.commands import json_output, options
from recognition.commands.evaluate.faces import acquire_folder
from recognition.commands.progress import counting_bar
from recognition.engines.protocol import DEFAULT_MIN_FACE_PX
from recognition.engines.registry import load_engine
from recognition.evaluation.bootstrap import PASSES
from recognition.evaluation.samples import fused_samples, single_samples
from recognition.normalisation.builtin import write_normaliser

_RATES = (0.01, 0.003, 0.001)
_PEOPLE = (10, 100, 1_000, 10_000)


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command's arguments."""
    parser = commands.add_parser(
        "calibrate",
        help="measure how often strangers lie how near",
        description="Compare all people of DIR (as for `evaluate faces`) with one another.",
    )
    parser.add_argument("folder", type=options.existing_folder, metavar="DIR")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="where to write it")
    parser.add_argument(
        "--margin",
        type=options.distance,
        metavar="DISTANCE",
        help="smallest accepted lead before the second person (default: the engine's)",
    )
    parser.add_argument(
        "--normaliser",
        type=Path,
        metavar="FILE",
        help="make what `evaluate faces` normalises distances by, and write it here as well, .npz",
    )
    options.add_cache_option(parser)
    options.add_engine_options(parser, min_face=DEFAULT_MIN_FACE_PX)
    parser.set_defaults(run=run, fail=parser.error)


def run(chosen: argparse.Namespace) -> int:
    """Measure, write and print what it promises."""
    acquired = acquire_folder(chosen)
    single = single_samples(acquired, looks=True)
    fused = fused_samples(single, acquired.mean_vector)
    with counting_bar("Comparisons", PASSES * len(fused)) as done:
        made = calibrate(fused, acquired.engine, on_rows=done)
    write_calibration(chosen.out, made)
    if chosen.normaliser:
        fitted = fit_normaliser(single, acquired.mean_vector)
        write_normaliser(chosen.normaliser, fitted, acquired.engine)
    margin = chosen.margin
    if margin is None:
        margin = load_engine(chosen.engine, threads=chosen.threads).distances.margin
    promises = [
        promise(made, fpir=rate, people=people, margin=margin)
        for rate in _RATES
        for people in _PEOPLE
    ]
    if chosen.json:
        json_output.print_json(_form(chosen.out, made, promises))
    else:
        _print_table(made, promises)
    return 0


def _form(path: Path, made: Calibration, promises: list[Promise]) -> json_output.Json:
    return {
        "out": str(path),
        "engine": json_output.engine_form(made.engine),
        "identities": made.people,
        "impostor_pairs": made.impostor_pairs,
        "genuine_pairs": made.genuine_pairs,
        "promises": [
            {
                "fpir": one.fpir,
                "people": one.people,
                "margin": one.margin,
                "distance": round(one.distance, 4),
                "fpir_interval": [round(one.fpir_low, 6), round(one.fpir_high, 6)],
                "fnir": round(one.fnir, 4),
                "extrapolated": one.extrapolated,
            }
            for one in promises
        ],
    }


def _print_table(made: Calibration, promises: list[Promise]) -> None:
    table = Table(
        title=f"{made.engine}: {made.people} people, {made.impostor_pairs} pairs of two people",
        caption=f"with a margin of {promises[0].margin:g}; * below every pair seen: extrapolated",
    )
    for heading in ("Strangers accepted", "People enrolled", "Distance", "95 %", "Missed"):
        table.add_column(heading, justify="right")
    for one in promises:
        table.add_row(
            f"{one.fpir:.1%}",
            str(one.people),
            f"{one.distance:.3f}" + ("*" if one.extrapolated else ""),
            f"{one.fpir_low:.2%} – {one.fpir_high:.2%}",
            f"{one.fnir:.0%}",
        )
    Console().print(table)
