"""`verify`: whether two pictures show the same person."""

import argparse
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from recognition.commands import json_output, options
from recognition.decision import decide
from recognition.engines.protocol import Engine
from recognition.engines.registry import load_engine
from recognition.errors import DecodeError, ProbeRefused, SourceError
from recognition.gates import LENIENT_GATES
from recognition.images import decode
from recognition.picture_files import read_picture
from recognition.probe import probe_from_images
from recognition.values import Match, MatchRule, Probe


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command's arguments."""
    parser = commands.add_parser(
        "verify",
        help="say whether two pictures show the same person",
        description="Compare the face in IMAGE_A with the face in IMAGE_B.",
    )
    parser.add_argument("image_a", type=options.existing_file, metavar="IMAGE_A")
    parser.add_argument("image_b", type=options.existing_file, metavar="IMAGE_B")
    parser.add_argument(
        "--threshold",
        type=options.distance,
        metavar="DISTANCE",
        help="largest distance of one person (default: the engine's)",
    )
    options.add_engine_options(parser, min_face=LENIENT_GATES.min_face_px)
    parser.set_defaults(run=run, fail=parser.error)


def run(chosen: argparse.Namespace) -> int:
    """Compare and print; exit status 0 whether or not they are the same."""
    if chosen.threshold == 0:
        chosen.fail("--threshold must be above 0")
    engine = load_engine(chosen.engine, threads=chosen.threads)
    threshold = chosen.threshold or engine.distances.verification
    probes = [_probe(path, engine, chosen.min_face) for path in (chosen.image_a, chosen.image_b)]
    distance = float(np.linalg.norm(probes[0].vector.astype(np.float64) - probes[1].vector))
    match = Match(str(chosen.image_a), distance, None, math.inf)
    decision = decide(match, MatchRule(threshold, 0.0))
    if chosen.json:
        json_output.print_json(
            {
                "same": decision.accepted,
                "reason": decision.reason.value,
                "distance": json_output.distance_form(distance),
                "threshold": threshold,
                "engine": json_output.engine_form(engine.id),
                "a": _form(chosen.image_a, probes[0]),
                "b": _form(chosen.image_b, probes[1]),
            }
        )
    else:
        _print_table(threshold, distance, same=decision.accepted)
    return 0


def _probe(path: Path, engine: Engine, min_face: int) -> Probe:
    """The one face of a picture, with the picture named in what goes wrong."""
    gates = replace(LENIENT_GATES, min_face_px=min_face)
    try:
        return probe_from_images(
            [decode(read_picture(path))], engine=engine, gates=gates, thorough=True
        )
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}.") from error
    except DecodeError as error:
        raise DecodeError(error.code, f"{path}: {error}") from error
    except ProbeRefused as error:
        raise ProbeRefused(error.reason, f"{path}: {error}", error.quality) from error


def _form(path: Path, probe: Probe) -> json_output.Json:
    face = probe.faces[0]
    return {
        "file": str(path),
        "box": json_output.box_form(face.box),
        "quality": round(face.quality.overall, 4),
    }


def _print_table(threshold: float, distance: float, *, same: bool) -> None:
    table = Table(title="Verification", show_header=False)
    table.add_row("Decision", "the same person" if same else "different people")
    table.add_row("Distance", f"{distance:.3f}")
    table.add_row("Threshold", f"{threshold:.3f}")
    Console().print(table)
