"""From data to weights: batches, training, calibration, export, final score."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from recognition.handwritten_digits.classes import CLASSES, NAME, VERSION
from recognition.handwritten_digits.preprocess import SIDE
from recognition.handwritten_digits.views import mean_logits
from recognition.networks.metadata import NetworkMetadata
from recognition.networks.network import Logits, SmallNetwork
from recognition.networks.probabilities import probabilities
from recognition.training.checkpoint import checkpoint_path
from recognition.training.export import export_onnx, restate
from recognition.training.handwritten_digits.augmentation import augment
from recognition.training.handwritten_digits.mnist import mnist_folder, read_digits, read_mnist
from recognition.training.handwritten_digits.negatives import Inputs
from recognition.training.handwritten_digits.net import DigitNet
from recognition.training.handwritten_digits.pool import (
    BLANK,
    TRAINING_SIZES,
    VALIDATION_SIZES,
    Group,
    inputs_of,
    training_groups,
    validation_groups,
)
from recognition.training.loop import Floats, Plan, fit, prepare
from recognition.training.options import Trained, TrainingOptions
from recognition.training.rejection import choose_threshold, fit_temperature

# Pictures of MNIST that are trained on; with fewer, fewer of all else are made.
_MNIST = 55_000
_EPOCHS = 22
_BATCH = 128
_SMOOTHING = 0.03
# Inputs by which the ranges of the eight bits are chosen.
_EXAMPLES = 1_000
# How many of each kind an epoch draws for each picture of MNIST.
_SHARES = {
    "mnist": 1.0,
    "thinned": 0.1,
    "drawn": 0.1,
    "scenes": 0.12,
    "none": 0.2,
    "none in photographs": 0.08,
    "none in scenes": 0.06,
}
# Of validation digits, so many may be accepted and wrong. Few writers' digits come near it.
_MOST_WRONG = 0.002
# Of pictures without a digit, so many may be accepted: an upright line is a 1 to everybody.
_MOST_NONE = 0.01


def train_digits(data: Path, out: Path, *, options: TrainingOptions) -> Trained:
    """Train, calibrate, export; says the scores. Raises DatasetError and TrainingError."""
    started = time.monotonic()
    folder = mnist_folder(data)
    mnist, beside = read_mnist(folder), folder.parent
    share = min(1.0, len(mnist.labels) / _MNIST)
    validation = validation_groups(mnist, beside, options.seed, VALIDATION_SIZES.scaled(share))
    batches = DigitBatches(
        training_groups(mnist, beside, options.seed, TRAINING_SIZES.scaled(share))
    )
    plan = Plan(
        NAME,
        epochs=options.epochs or _EPOCHS,
        learning_rate=3e-3,
        weight_decay=2e-2,
        seed=options.seed,
        threads=options.threads,
    )
    prepare(plan)
    net = fit(
        DigitNet(len(CLASSES)),
        batches,
        plan=plan,
        loss=torch.nn.CrossEntropyLoss(label_smoothing=_SMOOTHING),
        checkpoint=checkpoint_path(out),
        resume=options.resume,
        score=lambda net: ", ".join(
            f"{group.name} {_accuracy(net, group):.4f}" for group in validation if len(group.labels)
        ),
    )
    uncalibrated = NetworkMetadata(NAME, VERSION, CLASSES, (SIDE, SIDE, 1), threshold=1.0)
    export_onnx(net, out, metadata=uncalibrated, examples=batches.examples(options.seed))
    # The file answers a little otherwise than the net, and the file is what a door asks.
    network = SmallNetwork(out, name=NAME, version=VERSION)
    logits = np.concatenate(
        [mean_logits(network.run, as_batch(group.inputs)) for group in validation]
    )
    metadata, scores = calibrated(logits, validation, options.seed)
    restate(out, metadata)
    scores |= _test_scores(folder, out, metadata)
    return Trained(out, scores, time.monotonic() - started)


class DigitBatches:
    """Augmented inputs of all groups, each group in its share."""

    def __init__(self, groups: Sequence[Group]) -> None:
        self._groups = [group for group in groups if len(group.labels)]
        first = len(self._groups[0].labels)
        self._counts = [round(_SHARES[group.name] * first) for group in self._groups]

    def __len__(self) -> int:
        return max(1, sum(self._counts) // _BATCH)

    def epoch(self, random: np.random.Generator) -> Iterator[tuple[Floats, NDArray[np.int64]]]:
        """MNIST once, of the others as many as their share says."""
        inputs, labels = self._drawn(random)
        generator = torch.Generator().manual_seed(int(random.integers(2**62)))
        order = random.permutation(len(labels))
        for part in np.array_split(order, len(self)):
            pictures = torch.from_numpy(as_batch(inputs[part]))
            yield augment(pictures, generator).numpy(), labels[part]

    def examples(self, seed: int) -> Floats:
        """Inputs of every group as training shows them, float32 (n, 1, 28, 28)."""
        inputs, _ = self._drawn(np.random.default_rng((seed, 3)))
        chosen = inputs[:: max(1, len(inputs) // _EXAMPLES)]
        generator = torch.Generator().manual_seed(seed)
        return np.asarray(augment(torch.from_numpy(as_batch(chosen)), generator).numpy())

    def _drawn(self, random: np.random.Generator) -> tuple[Inputs, NDArray[np.int64]]:
        chosen = []
        for group, count in zip(self._groups, self._counts, strict=True):
            size = len(group.labels)
            rows = np.concatenate([random.permutation(size) for _ in range(-(-count // size))])
            chosen.append((group.inputs[rows[:count]], group.labels[rows[:count]]))
        return (
            np.concatenate([inputs for inputs, _ in chosen]),
            np.concatenate([labels for _, labels in chosen]),
        )


def as_batch(inputs: Inputs) -> Floats:
    """Network inputs kept as bytes, as the network takes them."""
    return np.asarray((inputs / np.float32(255))[:, np.newaxis], np.float32)


def _run(net: torch.nn.Module, batch: Floats) -> Logits:
    with torch.no_grad():
        parts = [
            net(torch.from_numpy(batch[at : at + 256])).float().numpy()
            for at in range(0, len(batch), 256)
        ]
    return np.concatenate(parts)


def _accuracy(net: torch.nn.Module, group: Group) -> float:
    return float((_run(net, as_batch(group.inputs)).argmax(axis=1) == group.labels).mean())


def calibrated(
    logits: Logits, validation: Sequence[Group], seed: int
) -> tuple[NetworkMetadata, dict[str, float]]:
    """Temperature and threshold from writers and people that were not trained on.

    `logits` are those of all groups, one after the other.
    """
    labels = np.concatenate([group.labels for group in validation])
    temperature = fit_temperature(logits, labels)
    chances = probabilities(logits, temperature)
    best, confidence = chances.argmax(axis=1), chances.max(axis=1)
    # What is read as none is never accepted, so it cannot be accepted and wrong.
    wrong = (best != labels) & (best != BLANK)
    confidence = np.where(best == BLANK, 0, confidence)
    digit = labels != BLANK
    # Where nothing was found, nothing is accepted.
    bare = _bare(validation)
    threshold = max(
        choose_threshold(confidence[digit], wrong[digit], most_wrong=_MOST_WRONG),
        choose_threshold(
            np.pad(confidence[~digit], (0, bare)),
            np.pad(wrong[~digit], (0, bare)),
            most_wrong=_MOST_NONE,
        ),
    )
    accepted = confidence >= threshold
    metadata = NetworkMetadata(
        name=NAME,
        version=VERSION,
        classes=CLASSES,
        input=(SIDE, SIDE, 1),
        threshold=round(threshold, 4),
        temperature=round(temperature, 4),
        more={"seed": str(seed)},
    )
    return metadata, {
        **_accuracies(best, labels, validation),
        "validation rejected": float((~accepted)[digit].mean()),
        "validation accepted and wrong": float((accepted & wrong)[digit].mean()),
        "validation none accepted": float(accepted[~digit].mean()),
        "threshold": metadata.threshold,
        "temperature": metadata.temperature,
    }


def _bare(groups: Sequence[Group]) -> int:
    """How many more pictures without a digit were looked at than there are findings in them."""
    none = [group for group in groups if len(group.labels) and (group.labels == BLANK).all()]
    return max(0, sum(group.looked_at - len(group.labels) for group in none))


def _accuracies(
    best: NDArray[np.int64], labels: NDArray[np.int64], validation: Sequence[Group]
) -> dict[str, float]:
    ends = np.cumsum([len(group.labels) for group in validation])[:-1]
    right = np.split(best == labels, ends)
    return {
        f"validation {group.name}": float(one.mean())
        for group, one in zip(validation, right, strict=True)
        if len(one)
    }


def _test_scores(folder: Path, out: Path, metadata: NetworkMetadata) -> dict[str, float]:
    """The exported file on MNIST's test part, by which nothing was chosen."""
    file = folder / "test.npz"
    if not file.is_file():
        return {}
    pictures, labels = read_digits(file)
    network = SmallNetwork(out, name=NAME, version=VERSION)
    logits = mean_logits(network.run, as_batch(inputs_of(pictures)))
    chances = probabilities(logits, metadata.temperature)
    best = chances.argmax(axis=1)
    accepted = (chances.max(axis=1) >= metadata.threshold) & (best != BLANK)
    return {
        "test accuracy": float((chances[:, :BLANK].argmax(axis=1) == labels).mean()),
        "test rejected": float((~accepted).mean()),
        "test accepted and wrong": float((accepted & (best != labels)).mean()),
    }
