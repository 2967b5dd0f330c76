"""Reads the digit that a hand shows in the guide box of a frame."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognition.images import require_rgb
from recognition.networks.classifier import Classified, classify
from recognition.networks.network import load_small_network
from recognition.reading.guide import crop
from recognition.reading.values import Reading
from recognition.sign_digits.preprocess import (
    DIGITS,
    NAME,
    NONE,
    VERSION,
    place_of_hand,
    prepare,
)
from recognition.values import Box, Image


class SignDigitReader:
    """A `Reader` of 0 to 9 from either hand, mirrored or not; safe to share between threads.

    The network itself looks at the picture and its mirror image, in place and moved a little.
    """

    symbols: tuple[str, ...] = DIGITS

    def __init__(self, *, threads: int = 1, weights: Path | None = None) -> None:
        """Load the committed weights, or those of a file. Raises WeightFileError."""
        self._network = load_small_network(NAME, VERSION, threads=threads, path=weights)

    def read(self, image: Image, *, guide: Box | None = None) -> tuple[Reading, ...]:
        """Read one frame: in the guide box, in a frame's default one, or a crop as a whole.

        Gives () where no hand shows a digit, one reading with symbol None where one is likely but
        not sure enough, and one with the digit where it is accepted. Raises ImageShapeError.
        """
        require_rgb(image)
        place = place_of_hand(image, guide)
        (found,) = self.classify(prepare(image, place)[np.newaxis])
        if found.best is None:
            return ()
        return (Reading(found.symbol, found.confidence, crop(image, place)[1]),)

    def classify(self, prepared: NDArray[np.float32]) -> Sequence[Classified]:
        """Say what prepared pictures, float32 (n, 3, SIDE, SIDE), show."""
        return classify(self._network, prepared, nothing=NONE)
