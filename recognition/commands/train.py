"""`train`: makes the weights of a small network from labelled data."""

import argparse
import importlib
import importlib.util
import math
import os
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from recognition.commands import json_output, options
from recognition.errors import TrainingError
from recognition.training.options import Trained, TrainingOptions

# Kind to the module whose `train(data, out, *, options)` makes it; imported when the command runs.
KINDS = {
    "sign-digits": "recognition.training.sign_digits",
    "handwritten-digits": "recognition.training.handwritten_digits",
    "sign-letters": "recognition.training.sign_letters",
    "keypoints": "recognition.training.keypoints",
    "covers": "recognition.training.covers",
    "prescreen": "recognition.training.prescreen",
    "face-vectors": "recognition.training.face_vectors",
}
_WITHOUT_PYTORCH = frozenset({"face-vectors"})
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
        help="threads of PyTorch (default: %(default)s)",
    )
    parser.add_argument(
        "--workers",
        type=int,
        choices=range(65),
        default=min(4, len(os.sched_getaffinity(0)) - 1),
        metavar="N",
        help="processes that draw pictures, where they are drawn (default: %(default)s)",
    )
    parser.add_argument(
        "--seed", type=options.seed, default=0, metavar="N", help="(default: %(default)s)"
    )
    parser.add_argument(
        "--epochs", type=options.positive, metavar="N", help="times through the data"
    )
    parser.add_argument("--variant", metavar="NAME", help="which of several nets, where there are")
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    parser.set_defaults(run=run, fail=parser.error)


def run(chosen: argparse.Namespace) -> int:
    """Train, write and print the final score."""
    if chosen.out.is_dir():
        chosen.fail(f"--out {chosen.out} is a folder")
    try:  # before an hour of work, not after it
        chosen.out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TrainingError(f"{chosen.out} cannot be written: {error.strerror}.") from error
    needs_pytorch = chosen.kind not in _WITHOUT_PYTORCH
    if needs_pytorch and importlib.util.find_spec("torch") is None:
        raise TrainingError(_INSTALL)
    module = importlib.import_module(KINDS[chosen.kind])
    wanted = TrainingOptions(
        threads=chosen.threads,
        workers=chosen.workers,
        seed=chosen.seed,
        resume=chosen.resume,
        epochs=chosen.epochs,
        variant=chosen.variant,
    )
    trained: Trained = module.train(chosen.data, chosen.out, options=wanted)
    if needs_pytorch:
        _remove_checkpoint(chosen.out)
    if chosen.json:
        json_output.print_json(_form(chosen.kind, trained))
    else:
        _print_table(chosen.kind, trained)
    sys.stderr.write(f"Written to {trained.path}\n")
    return 0


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
