"""One face seen several ways, so that its vector hangs less on how it happened to be cut out.

A face turned a few degrees in the picture's plane, or mirrored, is still the same person, and the
network's answers to these looks differ by what is no part of the person. Their fusion lies nearer
to other pictures of the person: docs/decisions/023-looks.md has the figures.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from recognition.engines.protocol import Engine
from recognition.values import Face, Image


@dataclass(frozen=True, slots=True)
class Look:
    """How a face is turned before it is aligned."""

    turn_deg: float = 0.0
    """In the picture's plane, positive when the line through the eyes falls to the right."""
    mirrored: bool = False


UPRIGHT = Look()
LOOKS = (
    UPRIGHT,
    Look(mirrored=True),
    Look(-6.0),
    Look(6.0, mirrored=True),
    Look(6.0),
    Look(-6.0, mirrored=True),
)
"""Worth their time in pairs; more (zoomed, shifted) gave less than 1 point of TAR together."""

_PAIR = 2


def looks_for(pictures: int) -> tuple[tuple[Look, ...], ...]:
    """The looks to take of each of so many pictures of one person, in their order.

    A single picture gets all six. Of a burst each gets two, in turn other ones: as good as four
    looks at each for half the time, since the frames differ as well.
    """
    pairs = [LOOKS[at : at + _PAIR] for at in range(0, len(LOOKS), _PAIR)]
    if pictures == 1:
        return (LOOKS,)
    return tuple(pairs[at % len(pairs)] for at in range(pictures))


def look_chips(image: Image, face: Face, engine: Engine, looks: Sequence[Look]) -> Image:
    """Cut a face out in each of these looks: uint8 (looks, side, side, 3)."""
    turned = [_turned(face, look.turn_deg) for look in looks]
    chips = engine.align(image, turned)
    for at, look in enumerate(looks):
        if look.mirrored:
            chips[at] = chips[at, :, ::-1].copy()
    return chips


def _turned(face: Face, degrees: float) -> Face:
    """The face with its points turned about their middle, so that it is aligned askew."""
    if not degrees:
        return face
    angle = math.radians(degrees)
    cos, sin = math.cos(angle), math.sin(angle)
    middle = face.landmarks.mean(axis=0)
    turn = np.array([[cos, sin], [-sin, cos]], np.float32)
    return replace(face, landmarks=(face.landmarks - middle) @ turn + middle)
