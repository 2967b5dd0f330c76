"""Reads the letter that a hand signs."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognition.images import require_rgb
from recognition.networks.classifier import Classified, classify
from recognition.networks.network import load_small_network
from recognition.reading.guide import crop
from recognition.reading.values import Reading
from recognition.sign_letters.classes import BLANK, LETTERS, NAME, VERSION
from recognition.sign_letters.preprocess import as_batch, preprocess
from recognition.values import Box, Image

# Of validation's drawings of hands 6 to 12 % are lines, before clutter up to 30 % in 98.6 of 100.
# With far fewer there is nothing, with more a crowd of edges, of which the network has seen too few
# kinds to be asked.
_LEAST_INK, _MOST_INK = 0.02, 0.3
_NOTHING = Classified(None, 1.0, accepted=False)


class SignLetterReader:
    """A `Reader` of one letter in the guide box; safe to share between threads."""

    symbols: tuple[str, ...] = LETTERS

    def __init__(self, *, threads: int = 1, weights: Path | None = None) -> None:
        """Load the committed weights, or those of a file. Raises WeightFileError."""
        self._network = load_small_network(NAME, VERSION, threads=threads, path=weights)

    def read(self, image: Image, *, guide: Box | None = None) -> tuple[Reading, ...]:
        """Read what lies in the guide box: one reading, or () where no hand is seen."""
        require_rgb(image)
        part, box = crop(image, guide)
        (found,) = self.classify(preprocess(part)[np.newaxis])
        return () if found.best is None else (Reading(found.symbol, found.confidence, box),)

    def classify(self, drawings: NDArray[np.uint8]) -> Sequence[Classified]:
        """Say what prepared drawings (n, 64, 64) show."""
        found = classify(self._network, as_batch(drawings), nothing=BLANK)
        return [
            one if seen else _NOTHING
            for one, seen in zip(found, may_show_a_hand(drawings), strict=True)
        ]


def may_show_a_hand(drawings: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Whether drawings (n, 64, 64) have as many lines as a hand has, (n,)."""
    ink = 1 - drawings.mean(axis=(1, 2)) / 255
    return np.asarray((ink >= _LEAST_INK) & (ink <= _MOST_INK))
