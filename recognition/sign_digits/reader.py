"""Reads the digit that a hand shows in the guide box of a frame."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognition.images import require_rgb
from recognition.networks.network import load_small_network
from recognition.networks.probabilities import probabilities
from recognition.reading.guide import crop
from recognition.reading.values import Reading
from recognition.sign_digits.preprocess import (
    CLASSES,
    DIGITS,
    NAME,
    NONE,
    VERSION,
    place_of_hand,
    prepare,
    prepare_all,
)
from recognition.values import Box, Image


class SignDigitReader:
    """Reads 0 to 9 from either hand, mirrored or not; safe to share between threads.

    The network itself looks at the picture and at its mirror image and gives the mean of both.
    """

    symbols: tuple[str, ...] = DIGITS

    def __init__(self, *, threads: int = 1, weights: Path | None = None) -> None:
        """Load the committed weights, or those of a file. Raises WeightFileError."""
        self._network = load_small_network(NAME, VERSION, threads=threads, path=weights)

    @property
    def threshold(self) -> float:
        """Confidence from which on a digit is accepted."""
        return self._network.metadata.threshold

    def read(self, image: Image, *, guide: Box | None = None) -> tuple[Reading, ...]:
        """Read one frame: in the guide box, in a frame's default one, or a crop as a whole.

        Gives () where no hand shows a digit, one reading with symbol None where one is likely but
        not sure enough, and one with the digit where it is accepted. Raises ImageShapeError.
        """
        require_rgb(image)
        place = place_of_hand(image, guide)
        (likely,) = self.probabilities(prepare(image, place)[np.newaxis])
        best = int(likely.argmax())
        if CLASSES[best] == NONE:
            return ()
        sure = float(likely[best])
        symbol = CLASSES[best] if sure >= self.threshold else None
        return (Reading(symbol, sure, crop(image, place)[1]),)

    def read_crops(self, images: list[Image]) -> list[tuple[str | None, float]]:
        """The likeliest symbol of each crop, accepted or not, None for no digit; its confidence."""
        return [
            (None if CLASSES[best] == NONE else CLASSES[best], float(row[best]))
            for row in self.probabilities(prepare_all(images))
            for best in (int(row.argmax()),)
        ]

    def probabilities(self, prepared: NDArray[np.float32]) -> NDArray[np.float32]:
        """Calibrated probabilities of CLASSES, float32 (n, 11), of prepared pictures."""
        return probabilities(self._network.run(prepared), self._network.metadata.temperature)
