"""`train`: makes the weights of a small network from labelled data."""

import argparse
import importlib
import importlib.util
import math
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from recognition.commands import json_output, options
from recognition.errors import TrainingError
from recognition.training.options import Trained, TrainingOptions


@dataclass(frozen=True, slots=True)
class Kind:
    """What can be trained: the module whose `train(data, out, *, options)` makes it."""

    module: str
    """Imported when the command runs."""
    network: bool = True
    """Learnt in epochs, by PyTorch; else computed from the data at once."""
    variants: bool = False


KINDS = {
    "sign-digits": Kind("recognition.training.sign_digits"),
    "handwritten-digits": Kind("recognition.training.handwritten_digits"),
    "sign-letters": Kind("recognition.training.sign_letters", variants=True),
    "keypoints": Kind("recognition.training.keypoints"),
    "covers": Kind("recognition.training.covers", variants=True),
    "prescreen": Kind("recognition.training.prescreen"),
    "face-vectors": Kind("recognition.training.face_vectors", network=False),
}
_MOST_WORKERS = 4
_INSTALL = "Training needs PyTorch: pip install torch==2.13.0"


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command's arguments."""
    parser = commands.add_parser(
        "train",
        help="train one of the small networks, or fit the projection of face vectors",
        description="Train a network on DATA and write it as ONNX, which needs PyTorch; "
        "face-vectors is no network, and is written as a NumPy array.",
    )
    parser.add_argument("kind", choices=tuple(KINDS), metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("data", type=options.existing_path, metavar="DATA")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="where to write it, .onnx or .npy"
    )
    parser.add_argument(
        "--resume", action="store_true", help="go on from the checkpoint that lies beside FILE"
    )
    parser.add_argument(
        "--threads",
        type=options.positive,
        default=1,
        metavar="N",
        help="threads that compute (default: %(default)s)",
    )
    parser.add_argument(
        "--workers",
        type=int,
        choices=range(65),
        metavar="N",
        help="processes that draw pictures, where they are drawn (default: one fewer than cores, "
        f"at most {_MOST_WORKERS})",
    )
    parser.add_argument("--seed", type=options.seed, metavar="N", help="(default: 0)")
    parser.add_argument(
        "--epochs", type=options.positive, metavar="N", help="times through the data"
    )
    parser.add_argument("--variant", metavar="NAME", help="which of several nets, where there are")
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    parser.set_defaults(run=run, fail=parser.error)


def run(chosen: argparse.Namespace) -> int:
    """Train, write and print the final score."""
    kind = KINDS[chosen.kind]
    _refuse_idle_options(chosen, kind)
    if chosen.out.is_dir():
        chosen.fail(f"--out {chosen.out} is a folder")
    try:  # before an hour of work, not after it
        chosen.out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TrainingError(f"{chosen.out} cannot be written: {error.strerror}.") from error
    if kind.network and importlib.util.find_spec("torch") is None:
        raise TrainingError(_INSTALL)
    module = importlib.import_module(kind.module)
    wanted = TrainingOptions(
        threads=chosen.threads,
        workers=_workers() if chosen.workers is None else chosen.workers,
        seed=chosen.seed or 0,
        resume=chosen.resume,
        epochs=chosen.epochs,
        variant=chosen.variant,
    )
    trained: Trained = module.train(chosen.data, chosen.out, options=wanted)
    if kind.network:
        _remove_checkpoint(chosen.out)
    if chosen.json:
        json_output.print_json(_form(chosen.kind, trained))
    else:
        _print_table(chosen.kind, trained)
    sys.stderr.write(f"Written to {trained.path}\n")
    return 0


def _refuse_idle_options(chosen: argparse.Namespace, kind: Kind) -> None:
    """What would change nothing was meant to change something."""
    if chosen.variant is not None and not kind.variants:
        chosen.fail(f"{chosen.kind} has no variants: leave out --variant {chosen.variant}")
    if kind.network:
        return
    for option in ("resume", "workers", "seed", "epochs"):
        given = getattr(chosen, option)
        if given is not None and given is not False:
            chosen.fail(f"{chosen.kind} is computed at once: leave out --{option}")


def _workers() -> int:
    return min(_MOST_WORKERS, len(os.sched_getaffinity(0)) - 1)


def _remove_checkpoint(out: Path) -> None:
    """Nothing is left to go on with once the network is written and measured."""
    from recognition.training.checkpoint import checkpoint_path  # needs PyTorch

    checkpoint_path(out).unlink(missing_ok=True)


def _form(kind: str, trained: Trained) -> json_output.Json:
    return {
        "kind": kind,
        "out": str(trained.path),
        "bytes": trained.path.stat().st_size,
        "seconds": round(trained.seconds, 1),
        "scores": {
            name: round(value, 5) if math.isfinite(value) else None
            for name, value in trained.scores.items()
        },
    }


def _print_table(kind: str, trained: Trained) -> None:
    table = Table(title=f"{kind}, trained in {trained.seconds / 60:.1f} minutes", show_header=False)
    for name, value in trained.scores.items():
        table.add_row(name, _said(value))
    Console().print(table)


def _said(value: float) -> str:
    """A share with four digits, a count as it is."""
    if not math.isfinite(value):
        return "–"
    return f"{value:.0f}" if value > 1 and value.is_integer() else f"{value:.4f}"
