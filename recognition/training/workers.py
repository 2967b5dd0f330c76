"""Draws batches in processes of their own, while the net learns from the last one."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import DataLoader, Dataset

Batch = tuple[NDArray[np.float32], NDArray[np.generic]]
_AHEAD = 3


def drawn_ahead(
    draw: Callable[[int], Batch], seeds: Sequence[int], *, workers: int
) -> Iterator[Batch]:
    """What `draw` makes of each seed, in their order; the number of workers changes nothing else.

    `draw` takes all its chance from the seed. With no workers it runs here. An error of a worker is
    raised here.
    """
    loader = DataLoader(
        _Drawn(draw),
        batch_size=None,
        sampler=seeds,
        num_workers=workers,
        prefetch_factor=_AHEAD if workers else None,
        multiprocessing_context="fork" if workers else None,  # what `draw` holds is not copied
    )
    for pictures, targets in loader:
        yield pictures.numpy(), targets.numpy()


class _Drawn(Dataset[tuple[torch.Tensor, torch.Tensor]]):
    def __init__(self, draw: Callable[[int], Batch]) -> None:
        self._draw = draw

    def __getitem__(self, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
        pictures, targets = self._draw(seed)
        return torch.from_numpy(pictures), torch.from_numpy(targets)
