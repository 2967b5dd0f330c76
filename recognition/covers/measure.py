"""How likely a part of a face is hidden, by a small network of our own."""

import math
from functools import cache

from recognition.covers.preprocess import Grey, as_batch, upright
from recognition.networks.network import SmallNetwork, load_small_network

NAME, VERSION = "covers", "1"
PARTS = ("mouth", "eyes")
"""What the network's outputs stand for; more than one may be hidden."""


def covered(patch: Grey, roll: float, network: SmallNetwork | None = None) -> float:
    """How likely the mouth or an eye is hidden, 0..1, of a face's patch, uint8 (96, 96).

    `roll` is the face's tilt in degrees. The larger of both parts' answers; of a part hidden by
    less than half it may say either. `network` stands for another than the committed one. Safe to
    share between threads. Raises WeightFileError.
    """
    network = network or load_cover_network()
    logits = network.run(as_batch(upright(patch, roll)[None]))[0]
    likeliest = float(logits.max()) / network.metadata.temperature
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, likeliest))))


@cache
def load_cover_network() -> SmallNetwork:
    """The committed weights, loaded once a process. Raises WeightFileError."""
    return load_small_network(NAME, VERSION)
