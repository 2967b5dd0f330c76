"""A training's state after an epoch, so that it can go on where it was interrupted."""

import io
import pickle
from pathlib import Path
from typing import Any

import torch

from recognition.errors import TrainingError
from recognition.training.files import write_whole

State = dict[str, Any]


def checkpoint_path(out: Path) -> Path:
    """The checkpoint lies beside the file that training will write."""
    return out.with_name(f"{out.name}.checkpoint")


def save_checkpoint(path: Path, state: State) -> None:
    """Replace the checkpoint in one step. Raises TrainingError."""
    buffer = io.BytesIO()
    torch.save(state, buffer)
    write_whole(path, buffer.getvalue())


def read_checkpoint(path: Path, *, plan: str) -> State:
    """Read a checkpoint of the same plan; no code in it is run.

    Raises TrainingError where it is missing, damaged, or of another plan.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise TrainingError(
            f"There is no checkpoint {path} to go on from; train without --resume."
        ) from error
    try:
        state = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError, ValueError, KeyError) as error:
        raise TrainingError(f"The checkpoint {path} is damaged; train without --resume.") from error
    if not isinstance(state, dict) or state.get("plan") != plan:
        raise TrainingError(
            f"The checkpoint {path} is of another training (its data, net, seed or epochs "
            "differ); train without --resume, or with the same options."
        )
    return state
