"""Trains the network that reads sign digits.

DATA is the shared data folder: sign_digits/<digit>/IMG_<number>.jpg, and beside it the photographs
of faces, people and things (faces/, people/, photos/) that hands are pasted on. With the folder of
signs alone, grounds are drawn only, and the net knows fewer of them.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from recognition.datasets.photographs import photographed_grounds
from recognition.datasets.sign_digits import Part, Sign, read_signs
from recognition.errors import DatasetError
from recognition.networks.metadata import NetworkMetadata
from recognition.sign_digits.preprocess import CLASSES, INPUT, NAME, VERSION, prepare_all
from recognition.training.checkpoint import checkpoint_path
from recognition.training.export import export_onnx
from recognition.training.loop import Plan, fit, prepare
from recognition.training.options import Trained, TrainingOptions
from recognition.training.sign_digits.drawn import drawn_grounds
from recognition.training.sign_digits.measuring import (
    CropSet,
    calibrate,
    crop_sets,
    logits_of,
    scores,
)
from recognition.training.sign_digits.network import Mirrored, SignNet
from recognition.training.sign_digits.scenes import Mixture, Scenes, cut_hands
from recognition.training.workers import Batch, drawn_ahead

EPOCHS = 48
_BATCH, _BATCHES = 128, 200
_RATE = 3e-3
# Three fifths of the epochs; hands are told from grounds there, fingers from one another later.
_COARSE_SHARE, _COARSE_SIDE = 0.6, 56
_SMOOTHING = 0.03
_DRAWN = {Part.TRAIN: 2700, Part.VALIDATION: 360, Part.TEST: 360}
_WATCHED, _MEASURED = 384, 3000


class SceneBatches:
    """Crops drawn anew for every batch."""

    def __init__(self, scenes: Scenes, workers: int) -> None:
        self._scenes = scenes
        self._workers = workers

    def __len__(self) -> int:
        """Batches an epoch: crops never repeat, so an epoch is only a step of progress."""
        return _BATCHES

    def epoch(self, random: np.random.Generator) -> Iterator[Batch]:
        """Draw, photograph and prepare each batch."""
        seeds = random.integers(2**62, size=_BATCHES).tolist()
        yield from drawn_ahead(self._batch, seeds, workers=self._workers)

    def _batch(self, seed: int) -> Batch:
        pictures, labels = self._scenes.crops(_BATCH, Mixture(), np.random.default_rng(seed))
        return prepare_all(pictures), labels


def scenes_of(data: Path, signs: list[Sign], part: Part) -> Scenes:
    """Hands and grounds of one part. Raises DatasetError where no hand serves it."""
    own = [sign for sign in signs if sign.part is part]
    if not own:
        raise DatasetError(f"{data} has no signer for the part {part}: too few signers.")
    seed = list(Part).index(part)
    grounds = photographed_grounds(data, part) + drawn_grounds(_DRAWN[part], seed=seed)
    return Scenes(cut_hands(own), grounds)


def train(data: Path, out: Path, *, options: TrainingOptions) -> Trained:
    """Train, calibrate on validation signers, write, and measure on held-out signers.

    Raises DatasetError for data that is not there, TrainingError where nothing can be written.
    """
    started = time.monotonic()
    epochs = options.epochs or EPOCHS
    plan = Plan(
        NAME,
        epochs,
        learning_rate=_RATE,
        seed=options.seed,
        threads=options.threads,
        coarse_epochs=round(_COARSE_SHARE * epochs),
        coarse_side=_COARSE_SIDE,
    )
    prepare(plan)
    signs = read_signs(data)
    validation = scenes_of(data, signs, Part.VALIDATION)
    watched = crop_sets(validation, _WATCHED, seed=1)
    net = fit(
        SignNet(),
        SceneBatches(scenes_of(data, signs, Part.TRAIN), options.workers),
        plan=plan,
        loss=torch.nn.CrossEntropyLoss(label_smoothing=_SMOOTHING),
        checkpoint=checkpoint_path(out),
        resume=options.resume,
        score=lambda now: _words(now, watched),
    )
    both = Mirrored(net.float()).eval()
    measured = crop_sets(validation, _MEASURED, seed=2)
    calibration = calibrate(_read(both, measured))
    metadata = NetworkMetadata(
        NAME,
        VERSION,
        CLASSES,
        INPUT,
        threshold=round(calibration.threshold, 4),
        temperature=round(calibration.temperature, 4),
        more={"seed": str(plan.seed), "epochs": str(plan.epochs)},
    )
    export_onnx(both, out, metadata=metadata)
    held_out = crop_sets(scenes_of(data, signs, Part.TEST), _MEASURED, seed=3)
    found = {
        f"{name}: {what}": value
        for name, (logits, labels) in _read(both, held_out).items()
        for what, value in scores(logits, labels, calibration).items()
        if name != "none" or what != "accepted and right"
    }
    return Trained(out, found, time.monotonic() - started)


def _read(
    net: torch.nn.Module, sets: dict[str, CropSet]
) -> dict[str, tuple[NDArray[np.float32], NDArray[np.int64]]]:
    return {name: (logits_of(net, crops), crops.labels) for name, crops in sets.items()}


def _words(net: torch.nn.Module, watched: dict[str, CropSet]) -> str:
    right = {
        name: float((logits.argmax(1) == labels).mean())
        for name, (logits, labels) in _read(net, watched).items()
    }
    return ", ".join(f"{name} {share:.4f}" for name, share in right.items())
