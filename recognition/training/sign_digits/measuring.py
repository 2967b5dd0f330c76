"""Fixed sets of crops, how a net reads them, and from which confidence on it is believed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from recognition.networks.network import Batch, Logits
from recognition.networks.probabilities import probabilities
from recognition.sign_digits.preprocess import prepare_all
from recognition.training.rejection import choose_threshold, fit_temperature
from recognition.training.sign_digits.placing import Reach
from recognition.training.sign_digits.scenes import NO_DIGIT, Hands, Mixture, Scenes

Labels = NDArray[np.int64]

# What a door may suffer is a little more; the rest is room for signers who are not in these sets.
_MOST_WRONG = {"plain": 0.003, "pasted": 0.006, "none": 0.005}
# A visitor who stands before a door holds the hand about so.
_DOOR = Reach(turn_deg=25, smallest=0.5, largest=1.05, slant=0.08, stretch=0.06)
_BATCH = 128


@dataclass(frozen=True, slots=True, eq=False)
class CropSet:
    """Prepared crops (n, 3, side, side) and what they show."""

    prepared: NDArray[np.float32]
    labels: Labels


@dataclass(frozen=True, slots=True)
class Calibration:
    """What makes logits a decision."""

    temperature: float
    threshold: float


def plain_set(hands: Hands) -> CropSet:
    """The pictures as they were taken."""
    pictures = hands.picture.permute(0, 2, 3, 1).contiguous().numpy()
    return CropSet(prepare_all(list(pictures)), hands.digits)


def drawn_set(scenes: Scenes, count: int, *, pasted: bool, seed: int) -> CropSet:
    """So many crops with a hand pasted, or with no hand; the same for the same seed."""
    random = np.random.default_rng(seed)
    mixture = Mixture(plain=0.0, pasted=float(pasted), reach=_DOOR)
    prepared, labels = [], []
    for _ in range(-(-count // _BATCH)):
        pictures, shown = scenes.crops(_BATCH, mixture, random)
        prepared.append(prepare_all(pictures))
        labels.append(shown)
    return CropSet(np.concatenate(prepared)[:count], np.concatenate(labels)[:count])


def crop_sets(scenes: Scenes, count: int, *, seed: int) -> dict[str, CropSet]:
    """Plain, pasted and none."""
    return {
        "plain": plain_set(scenes.hands),
        "pasted": drawn_set(scenes, count, pasted=True, seed=seed),
        "none": drawn_set(scenes, count, pasted=False, seed=seed + 1),
    }


def logits_of(net: Callable[[Batch], Logits], crops: CropSet) -> Logits:
    """Logits (n, 11) of what takes prepared pictures: a file's network, or `of_module`."""
    parts = [net(crops.prepared[at : at + _BATCH]) for at in range(0, len(crops.labels), _BATCH)]
    return np.concatenate(parts)


def of_module(net: torch.nn.Module) -> Callable[[Batch], Logits]:
    """A net in evaluation mode, as a function of arrays."""
    net.eval()

    def run(pictures: Batch) -> Logits:
        with torch.no_grad():
            return np.asarray(net(torch.from_numpy(pictures)).float().numpy())

    return run


def calibrate(given: Mapping[str, tuple[Logits, Labels]]) -> Calibration:
    """One temperature for all sets, and the threshold that keeps what each may get wrong."""
    logits = np.concatenate([one for one, _ in given.values()])
    labels = np.concatenate([of for _, of in given.values()])
    temperature = fit_temperature(logits, labels)
    thresholds = [
        _threshold(probabilities(one, temperature), of, _MOST_WRONG[name])
        for name, (one, of) in given.items()
    ]
    return Calibration(temperature, max(thresholds))


def scores(logits: Logits, labels: Labels, calibration: Calibration) -> dict[str, float]:
    """Accepted and right, accepted and wrong, not accepted, as shares of all crops."""
    likely = probabilities(logits, calibration.temperature)
    best = likely.argmax(1)
    accepted = (best != NO_DIGIT) & (likely.max(1) >= calibration.threshold)
    right = best == labels
    return {
        "likeliest right": float(right.mean()),
        "accepted and right": float((accepted & right).mean()),
        "accepted and wrong": float((accepted & ~right).mean()),
    }


def _threshold(likely: NDArray[np.float32], labels: Labels, most_wrong: float) -> float:
    """The lowest threshold under which this share of all crops, or less, is accepted and wrong."""
    named = likely.argmax(1) != NO_DIGIT
    if not named.any():
        return 0.5
    best = likely[named]
    share = most_wrong * len(labels) / int(named.sum())
    threshold = choose_threshold(best.max(1), best.argmax(1) != labels[named], most_wrong=share)
    return max(0.5, threshold)
