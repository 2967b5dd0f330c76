"""Trains the network that reads sign digits.

DATA is the shared data folder: sign_digits/<digit>/IMG_<number>.jpg, and beside it the photographs
of faces, people and things (faces/, people/, photos/) that hands are pasted on. With the folder of
signs alone, grounds are drawn only, and the net knows fewer of them.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from recognition.datasets.photographs import photographed_grounds
from recognition.datasets.sign_digits import Part, Sign, read_signs
from recognition.errors import DatasetError
from recognition.networks.metadata import NetworkMetadata
from recognition.networks.network import Batch as Pictures
from recognition.networks.network import Logits, SmallNetwork
from recognition.sign_digits.preprocess import CLASSES, INPUT, NAME, VERSION, prepare_all
from recognition.training.checkpoint import checkpoint_path
from recognition.training.export import export_onnx, restate
from recognition.training.loop import Plan, fit, prepare
from recognition.training.options import Trained, TrainingOptions
from recognition.training.sign_digits.drawn import drawn_grounds
from recognition.training.sign_digits.measuring import (
    CropSet,
    Labels,
    calibrate,
    crop_sets,
    logits_of,
    of_module,
    scores,
)
from recognition.training.sign_digits.network import Looks, SignNet
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
# Batches of training by which the ranges of its eight bits are chosen.
_RANGED = 6


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

    def examples(self, batches: int, *, seed: int) -> Pictures:
        """Prepared pictures of so many batches, float32 (n, 3, side, side)."""
        seeds = np.random.default_rng((seed, 1)).integers(2**62, size=batches).tolist()
        return np.concatenate([self._batch(one)[0] for one in seeds])

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
    batches = SceneBatches(scenes_of(data, signs, Part.TRAIN), options.workers)
    net = fit(
        SignNet(),
        batches,
        plan=plan,
        loss=torch.nn.CrossEntropyLoss(label_smoothing=_SMOOTHING),
        checkpoint=checkpoint_path(out),
        resume=options.resume,
        score=lambda now: _words(now, watched),
    )
    more = {"seed": str(plan.seed), "epochs": str(plan.epochs)}
    metadata = NetworkMetadata(NAME, VERSION, CLASSES, INPUT, threshold=1.0, more=more)
    examples = batches.examples(_RANGED, seed=plan.seed)
    export_onnx(Looks(net), out, metadata=metadata, examples=examples)
    # The file answers a little otherwise than the net, and the file is what a door asks.
    network = SmallNetwork(out, name=NAME, version=VERSION)
    calibration = calibrate(_read(network.run, crop_sets(validation, _MEASURED, seed=2)))
    restate(
        out,
        replace(
            metadata,
            threshold=round(calibration.threshold, 4),
            temperature=round(calibration.temperature, 4),
        ),
    )
    held_out = crop_sets(scenes_of(data, signs, Part.TEST), _MEASURED, seed=3)
    found = {
        f"{name}: {what}": value
        for name, (logits, labels) in _read(network.run, held_out).items()
        for what, value in scores(logits, labels, calibration).items()
        if name != "none" or what != "accepted and right"
    }
    return Trained(out, found, time.monotonic() - started)


def _read(
    net: Callable[[Pictures], Logits], sets: dict[str, CropSet]
) -> dict[str, tuple[Logits, Labels]]:
    return {name: (logits_of(net, crops), crops.labels) for name, crops in sets.items()}


def _words(net: torch.nn.Module, watched: dict[str, CropSet]) -> str:
    right = {
        name: float((logits.argmax(1) == labels).mean())
        for name, (logits, labels) in _read(of_module(net), watched).items()
    }
    return ", ".join(f"{name} {share:.4f}" for name, share in right.items())
