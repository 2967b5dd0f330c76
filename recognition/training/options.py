"""What every training takes and gives. Imports no PyTorch."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class TrainingOptions:
    """What the command line says."""

    threads: int = 1
    workers: int = 0
    """Processes that draw pictures beside the one that learns, where a training draws them."""
    seed: int = 0
    resume: bool = False
    """Go on from the checkpoint beside the output file."""
    epochs: int | None = None
    """Times through the data; None for the number that the committed weights were made with."""
    variant: str | None = None
    """Which of several nets; None for the one that the committed weights have."""


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training ends with."""

    path: Path
    """The file: ONNX, of face vectors a NumPy array."""
    scores: Mapping[str, float]
    """By name, in the order of printing: shares of 1, unless the name says what it counts."""
    seconds: float
    """How long training took."""
