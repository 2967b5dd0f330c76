"""Where the prescreen's threshold is put, and what it loses and spares on people kept apart."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray

from recognition.errors import TrainingError
from recognition.networks.network import Batch, SmallNetwork
from recognition.prescreen.measure import face_likelihood
from recognition.prescreen.preprocess import COPY_SHARE
from recognition.training.prescreen.labelled import Labelled
from recognition.training.prescreen.net import Likeliest

Likelihoods = NDArray[np.float64]

# The threshold lies below the least likely face of validation by so much, in odds: other faces
# will be less likely still.
_ODDS_BELOW = 3.0
# Faces that are narrower, in pixels of the frame, are smaller than those that were looked for, and
# found by chance; the threshold is not bent for them, but their losses are counted.
_WANTED_PX = 78
# Widths between which losses are counted.
_WIDTHS = (0, _WANTED_PX, 100, 125, 160, 200, 400)


def likelihoods(labelled: Labelled, network: SmallNetwork) -> Likelihoods:
    """What the network makes of each frame, 0..1."""
    return np.array([face_likelihood(copy, network) for copy in labelled.copies])


def words(net: torch.nn.Module, watched: Sequence[tuple[Batch, NDArray[np.generic]]]) -> str:
    """How many empty copies of validation are no less likely than the least likely faces."""
    likeliest = Likeliest(net).eval()
    with torch.no_grad():
        logits = np.concatenate([likeliest(torch.from_numpy(x)).numpy()[:, 0] for x, _ in watched])
    shown = np.concatenate([np.isfinite(targets[:, 0]) for _, targets in watched])
    faces, empty = np.sort(logits[shown]), logits[~shown]
    shares = ", ".join(f"{np.mean(empty >= faces[k]):.1%} above all but {k}" for k in (0, 2, 5))
    return f"of empty ones {shares}"


def threshold_of(labelled: Labelled, given: Likelihoods) -> float:
    """A likelihood that every face found in these frames exceeds by far.

    Raises TrainingError where none of the size that is looked for was found.
    """
    wanted = labelled.places[:, 2] >= _WANTED_PX * COPY_SHARE
    if not wanted.any():
        raise TrainingError("None of the faces to choose the threshold by was found.")
    least = float(given[wanted].min())
    odds = least / max(1 - least, 1e-9) / _ODDS_BELOW
    return odds / (1 + odds)


def figures(labelled: Labelled, given: Likelihoods, threshold: float) -> Mapping[str, float]:
    """How many faces are lost, by width in pixels, and how many empty frames searched in vain.

    Only faces count that the first copy does not show already, before the prescreen is asked.
    """
    widths = labelled.places[:, 2] / COPY_SHARE
    asked = labelled.found & ~labelled.near
    scores = {"threshold": threshold}
    for least, most in pairwise(_WIDTHS):
        own = asked & (widths >= least) & (widths < most)
        scores[f"faces, {least} to {most} px"] = float(own.sum())
        scores[f"lost, {least} to {most} px"] = float((given[own] < threshold).sum())
    empty = ~labelled.found
    scores["empty frames"] = float(empty.sum())
    scores["searched in vain"] = float((given[empty] >= threshold).sum())
    return scores
