"""Batches that other processes draw are those that one process draws, in order."""

import os

import numpy as np
import pytest

from recognition.training.workers import Batch, drawn_ahead

# PyTorch alone takes seconds to load.
pytestmark = pytest.mark.slow

SEEDS = [5, 3, 8, 1, 9, 2]


def draw(seed: int) -> Batch:
    pictures = np.random.default_rng(seed).random((2, 1, 4, 4), np.float32)
    return pictures, np.array([seed, os.getpid()], np.int64)


@pytest.mark.parametrize("workers", [1, 2])
def test_the_number_of_workers_changes_no_batch_and_no_order(workers: int) -> None:
    here = list(drawn_ahead(draw, SEEDS, workers=0))
    there = list(drawn_ahead(draw, SEEDS, workers=workers))

    assert [int(targets[0]) for _, targets in there] == SEEDS
    for (one, _), (other, _) in zip(here, there, strict=True):
        np.testing.assert_array_equal(one, other)
    pids = {int(targets[1]) for _, targets in there}
    assert len(pids) == workers
    assert os.getpid() not in pids


def test_an_error_while_drawing_is_raised_here() -> None:
    def fail(seed: int) -> Batch:
        raise ValueError(f"no hand {seed}")

    with pytest.raises(ValueError, match="no hand 5"):
        list(drawn_ahead(fail, SEEDS, workers=1))
