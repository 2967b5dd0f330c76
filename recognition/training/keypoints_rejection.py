"""From which confidence on points are believed; chosen on people that nothing was learnt from."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from recognition.keypoints.preprocess import as_batch
from recognition.training.keypoints_batches import Example, no_face_crop

# Of squares without a face, so many may be taken for one.
_MOST_WRONG = 0.005
_PER_FACE = 8
_SEED = 7
_AT_ONCE = 64
# Neither nearly everything nor nearly nothing is believed, however few pictures there are.
_LOWEST, _HIGHEST = 0.2, 0.95


def face_threshold(net: torch.nn.Module, examples: Sequence[Example]) -> float:
    """The confidence that one in two hundred squares without a face reaches, 0.2..0.95."""
    random = np.random.default_rng(_SEED)
    crops = [no_face_crop(one, random) for one in examples for _ in range(_PER_FACE)]
    reached = float(np.quantile(confidences(net, np.stack(crops)), 1 - _MOST_WRONG))
    return min(max(round(reached, 3), _LOWEST), _HIGHEST)


def confidences(net: torch.nn.Module, crops: NDArray[np.uint8]) -> NDArray[np.float64]:
    """How surely crops (n, 96, 96) show a face, each 0..1."""
    logits = run_net(net, crops)[:, -1].astype(np.float64)
    return np.asarray(1 / (1 + np.exp(-logits)))


def run_net(net: torch.nn.Module, crops: NDArray[np.uint8]) -> NDArray[np.float32]:
    """What a net in evaluation mode gives for crops, (n, 205)."""
    with torch.no_grad():
        parts = [
            net(torch.from_numpy(as_batch(crops[at : at + _AT_ONCE]))).numpy()
            for at in range(0, len(crops), _AT_ONCE)
        ]
    return np.concatenate(parts)
