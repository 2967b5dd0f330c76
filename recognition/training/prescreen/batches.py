"""Small frames, half of them with a face; drawn once, then shuffled and mirrored."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from recognition.prescreen.preprocess import as_batch
from recognition.training.prescreen.scenes import Scenes

_BATCH = 32

Targets = NDArray[np.float32]


class PrescreenBatches:
    """Drawing takes as long as a step of training, so an epoch draws nothing anew."""

    def __init__(self, scenes: Scenes, count: int, *, seed: int) -> None:
        """Draw so many frames or a few less; `scenes` draws them as small as the net sees them."""
        copies, targets = [], []
        for number in range(max(1, count // _BATCH) * _BATCH):
            random = np.random.default_rng((seed, number))
            if number % 2:
                copies.append(scenes.without_face(random))
                targets.append((np.nan,) * 3)
            else:
                copy, placed = scenes.with_face(random)
                copies.append(copy)
                targets.append((*placed.box.center, placed.box.width))
        self._copies, self._targets = np.stack(copies), np.array(targets, np.float32)

    def __len__(self) -> int:
        return len(self._copies) // _BATCH

    def epoch(self, random: np.random.Generator) -> Iterator[tuple[NDArray[np.float32], Targets]]:
        """(n, 1, height, width), and (n, 3): x, y and width of a face, NaN where there is none."""
        order = random.permutation(len(self._copies))
        for rows in order.reshape(-1, _BATCH):
            copies, targets = self._copies[rows], self._targets[rows]
            mirrored = random.random(_BATCH) < 0.5
            copies[mirrored] = copies[mirrored, :, ::-1]
            targets[mirrored, 0] = copies.shape[2] - 1 - targets[mirrored, 0]
            yield np.concatenate([as_batch(copy) for copy in copies]), targets
