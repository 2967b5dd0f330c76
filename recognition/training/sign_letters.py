"""Trains the network of signed letters.

DATA is the folder with `train.npz` (and `test.npz`, on which the final score is measured and
nothing else), or a file or folder of pictures that `read_letters` takes.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from recognition.datasets.sign_letters import LetterPictures, groups, read_letters
from recognition.errors import TrainingError
from recognition.networks.metadata import NetworkMetadata
from recognition.networks.network import Logits, SmallNetwork
from recognition.networks.probabilities import probabilities
from recognition.sign_letters.classes import BLANK, CLASSES, NAME, VERSION
from recognition.sign_letters.preprocess import SIDE, as_batch
from recognition.training.checkpoint import checkpoint_path
from recognition.training.export import export_onnx
from recognition.training.loop import Floats, Plan, fit, prepare
from recognition.training.options import Trained, TrainingOptions
from recognition.training.rejection import choose_threshold, fit_temperature
from recognition.training.sign_letters_augmentation import augmented, clutter
from recognition.training.sign_letters_nets import NETS

VARIANT = "plain"
_EPOCHS = 10
_BATCH = 128
# Pictures without a sign that are drawn for every one of the data.
_CLUTTER_SHARE = 0.12
_VALIDATION_SHARE = 0.12
# Of what a camera shows, so much may be accepted and wrong, on validation pictures made hard.
_MOST_WRONG = 0.005
_SMOOTHING = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Ink (n, 64, 64) and places in CLASSES; no near-duplicate stands in both parts."""

    ink: NDArray[np.uint8]
    labels: NDArray[np.int64]
    validation_ink: NDArray[np.uint8]
    validation_labels: NDArray[np.int64]


def train(data: Path, out: Path, *, options: TrainingOptions) -> Trained:
    """Train, calibrate, export; says the scores. Raises DatasetError and TrainingError."""
    started = time.monotonic()
    variant = options.variant or VARIANT
    if variant not in NETS:
        raise TrainingError(f"There is no net {variant}; there is {', '.join(NETS)}.")
    split = split_pictures(read_letters(_training_file(data)), seed=options.seed)
    plan = Plan(
        f"{NAME} {variant}",
        epochs=options.epochs or _EPOCHS,
        learning_rate=4e-3,
        weight_decay=2e-2,
        seed=options.seed,
        threads=options.threads,
    )
    prepare(plan)
    net = fit(
        NETS[variant](len(CLASSES)),
        LetterBatches(split),
        plan=plan,
        loss=torch.nn.CrossEntropyLoss(label_smoothing=_SMOOTHING),
        checkpoint=checkpoint_path(out),
        resume=options.resume,
        score=lambda net: f"validation {_accuracy(net, split):.4f}",
    )
    metadata, scores = _calibrated(net, split, options, variant)
    export_onnx(net, out, metadata=metadata)
    scores |= _test_scores(data, out)
    return Trained(out, scores, time.monotonic() - started)


def split_pictures(pictures: LetterPictures, *, seed: int) -> Split:
    """Take about an eighth of each letter aside, whole groups of near-duplicates at a time.

    Where all pictures of a letter are one group (blank ones are), they are divided all the same.
    """
    random = np.random.default_rng(seed)
    numbers, ink = groups(pictures), 255 - pictures.drawings
    aside = np.zeros(len(numbers), np.bool_)
    for label in np.unique(pictures.labels):
        rows = np.flatnonzero(pictures.labels == label)
        wanted = _VALIDATION_SHARE * len(rows)
        for number in random.permutation(np.unique(numbers[rows])):
            own = rows[numbers[rows] == number]
            if aside[rows].sum() + len(own) <= 1.5 * wanted:
                aside[own] = True
        if not aside[rows].any() and len(rows) > 1:
            aside[random.permutation(rows)[: max(1, round(wanted))]] = True
    letters = pictures.labels != CLASSES.index(BLANK)
    if aside.all() or not aside[letters].any():
        raise TrainingError("There are too few pictures to train on: at least two of a letter.")
    return Split(ink[~aside], pictures.labels[~aside], ink[aside], pictures.labels[aside])


class LetterBatches:
    """Augmented drawings, with pictures that show no sign among them."""

    def __init__(self, split: Split) -> None:
        self._split = split
        self._clutter = round(_CLUTTER_SHARE * len(split.ink))

    def __len__(self) -> int:
        return max(1, (len(self._split.ink) + self._clutter) // _BATCH)

    def epoch(self, random: np.random.Generator) -> Iterator[tuple[Floats, NDArray[np.int64]]]:
        """Each drawing about once; rows beyond the data's stand for clutter."""
        count, blank = len(self._split.ink), CLASSES.index(BLANK)
        order = random.permutation(count + self._clutter)
        labels = np.append(self._split.labels, np.full(self._clutter, blank))
        for part in np.array_split(order, len(self)):
            ink = np.stack([self._one(row, count, random) for row in part])
            yield as_batch(255 - ink), labels[part]

    def _one(self, row: int, count: int, random: np.random.Generator) -> NDArray[np.uint8]:
        if row >= count:
            return clutter(random, self._split.ink)
        return augmented(self._split.ink[row], random)


def _training_file(data: Path) -> Path:
    inside = data / "train.npz"
    return inside if inside.is_file() else data


def _logits(net: torch.nn.Module, ink: NDArray[np.uint8]) -> Logits:
    with torch.no_grad():
        parts = [
            net(torch.from_numpy(as_batch(255 - ink[at : at + 256]))).float().numpy()
            for at in range(0, len(ink), 256)
        ]
    return np.concatenate(parts)


def _accuracy(net: torch.nn.Module, split: Split) -> float:
    given = _logits(net, split.validation_ink).argmax(axis=1)
    return float((given == split.validation_labels).mean())


def _calibrated(
    net: torch.nn.Module, split: Split, options: TrainingOptions, variant: str
) -> tuple[NetworkMetadata, dict[str, float]]:
    """Temperature and threshold from validation pictures, augmented and among clutter."""
    random = np.random.default_rng(options.seed + 1)
    hard = [augmented(one, random) for one in split.validation_ink]
    empty = [clutter(random, split.validation_ink) for _ in range(-(-len(hard) // 2))]
    blank = CLASSES.index(BLANK)
    logits = _logits(net, np.stack(hard + empty))
    labels = np.append(split.validation_labels, np.full(len(empty), blank))
    temperature = fit_temperature(logits, labels)
    chances = probabilities(logits, temperature)
    best, confidence = chances.argmax(axis=1), chances.max(axis=1)
    # What is read as blank is never accepted as a letter, so it cannot be accepted and wrong.
    wrong = (best != labels) & (best != blank)
    confidence = np.where(best == blank, 0, confidence)
    threshold = choose_threshold(confidence, wrong, most_wrong=_MOST_WRONG)
    accepted = confidence >= threshold
    letters = labels != blank
    metadata = NetworkMetadata(
        name=NAME,
        version=VERSION,
        classes=CLASSES,
        input=(SIDE, SIDE, 1),
        threshold=round(threshold, 4),
        temperature=round(temperature, 4),
        more={"net": variant, "seed": str(options.seed)},
    )
    return metadata, {
        "validation accuracy": _accuracy(net, split),
        "validation accuracy, augmented": float((best == labels)[letters].mean()),
        "validation accepted and wrong, augmented": float((accepted & wrong)[letters].mean()),
        "validation clutter accepted": float(accepted[~letters].mean()),
        "threshold": metadata.threshold,
        "temperature": metadata.temperature,
    }


def _test_scores(data: Path, out: Path) -> dict[str, float]:
    """The exported file on pictures that nothing was chosen by; nothing where there are none."""
    file = data / "test.npz"
    if not file.is_file():
        return {}
    pictures = read_letters(file)
    network = SmallNetwork(out, name=NAME, version=VERSION)
    given = network.run(as_batch(pictures.drawings)).argmax(axis=1)
    return {"test accuracy": float((given == pictures.labels).mean())}
