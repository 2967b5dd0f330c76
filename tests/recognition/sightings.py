"""Faces as the engine would find them, without looking."""

import math

import numpy as np

from recognition import Box, Decision, Face, Match, Quality, Reason
from recognition.identification import Identified

QUALITY = Quality(200.0, 0.4, 120.0, 45.0, 0.0, 0.0, 1.0, 0.1, 0.0, 0.9)


def sighting(name: str | None, distance: float = 0.3, box: Box | None = None) -> Identified:
    """A face of this person, or of a stranger."""
    face = Face(box or Box(20, 20, 90, 90), 1.0, np.zeros((5, 2), np.float32), QUALITY)
    if name is None:
        match = Match("Ada", 0.8, None, math.inf)
        return Identified(face, Decision(accepted=False, reason=Reason.NOT_RECOGNISED, match=match))
    match = Match(name, distance, "Ben", 0.7)
    return Identified(face, Decision(accepted=True, reason=Reason.MATCHED, match=match))
