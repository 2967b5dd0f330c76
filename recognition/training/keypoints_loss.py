"""How far predicted points lie from labelled ones, as training sees it."""

import torch
from torch import nn

from recognition.keypoints.points import (
    COUNT,
    FIFTEEN_OF_68,
    LEFT_OUTER_CORNER,
    RIGHT_OUTER_CORNER,
)

# Labels come from a tracker and are whole pixels: below this, in crop pixels, an error is mild.
_MILD_PX = 0.7
# An error counts by the distance of the eyes, as in the figure that is reported; heads turned
# further than this distance allows, in crop pixels, must not outweigh all others.
_LEAST_INTEROCULAR_PX = 20.0
# The competition's faces have no 68 points: theirs is that of the mean face in its frame.
_USUAL_INTEROCULAR_PX = 36.0
# Maps no wider than a cell of theirs need be no narrower.
_SPREAD_PX = 4.0
_SPREAD_WEIGHT, _FACE_WEIGHT = 0.02, 0.03


def keypoint_loss(outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Outputs (n, 205) of `KeypointNet` against targets (n, 84, 3) of `KeypointBatches`.

    The mean over faces of the mean distance over inter-ocular distance, rounded off below
    `_MILD_PX`; to it come maps that are too wide, and faces taken for none and the reverse.
    """
    points = outputs[:, : 2 * COUNT].reshape(-1, COUNT, 2)
    spreads, face = outputs[:, 2 * COUNT : 3 * COUNT], outputs[:, 3 * COUNT]
    derived = torch.from_numpy(FIFTEEN_OF_68) @ points
    given = torch.cat([points, derived], dim=1)
    place, weight = targets[:, :-1, :2], targets[:, :-1, 2]
    distance = (((given - place) ** 2).sum(dim=2) + _MILD_PX**2).sqrt() - _MILD_PX
    each = (distance * weight).sum(dim=1) / weight.sum(dim=1).clamp(min=1)
    shown = targets[:, -1, 0]
    apart = (each / _interocular(targets) * shown).sum() / shown.sum().clamp(min=1)
    wide = (torch.relu(spreads / _SPREAD_PX - 1) ** 2).mean(dim=1)
    narrow = (wide * shown).sum() / shown.sum().clamp(min=1)
    told = nn.functional.binary_cross_entropy_with_logits(face, shown)
    return apart + _SPREAD_WEIGHT * narrow + _FACE_WEIGHT * told


def _interocular(targets: torch.Tensor) -> torch.Tensor:
    """Distance of the labelled outer corners of the eyes in crop pixels, (n,)."""
    left, right = targets[:, LEFT_OUTER_CORNER], targets[:, RIGHT_OUTER_CORNER]
    length = (left[:, :2] - right[:, :2]).norm(dim=1).clamp(min=_LEAST_INTEROCULAR_PX)
    both = (left[:, 2] * right[:, 2]) > 0
    return torch.where(both, length, torch.full_like(length, _USUAL_INTEROCULAR_PX))
