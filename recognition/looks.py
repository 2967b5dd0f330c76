"""One face seen several ways, so that its vector hangs less on how it happened to be cut out.

A face turned a few degrees in the picture's plane, mirrored, a little farther away or a little out
of focus is still the same person, and a network's answers to these looks differ by what is no part
of the person. Their fusion lies nearer to other pictures of the person. Which looks pay is the
engine's to say (`Engine.looks`): docs/decisions/023-looks.md has the figures.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from recognition.engines.protocol import Engine
from recognition.values import Face, Image, Look

_PAIR = 2


def looks_for(pictures: int, engine: Engine) -> tuple[tuple[Look, ...], ...]:
    """The looks to take of each of so many pictures of one person, in their order.

    A single picture gets all. Of a burst each gets two, in turn other ones: as good as four looks
    at each for half the time, since the frames differ as well.
    """
    looks = engine.looks
    if pictures == 1:
        return (looks,)
    pairs = [looks[at : at + _PAIR] for at in range(0, len(looks), _PAIR)]
    return tuple(pairs[at % len(pairs)] for at in range(pictures))


def look_chips(image: Image, face: Face, engine: Engine, looks: Sequence[Look]) -> Image:
    """Cut a face out in each of these looks: uint8 (looks, side, side, 3)."""
    chips = engine.align(image, [_moved(face, look) for look in looks])
    for at, look in enumerate(looks):
        if look.mirrored:
            chips[at] = chips[at, :, ::-1].copy()
        if look.softness:
            chips[at] = cv2.GaussianBlur(chips[at], (0, 0), look.softness * engine.chip_px)
    return chips


def _moved(face: Face, look: Look) -> Face:
    """The face with its points turned and spread about their middle, so that it is cut out so."""
    if not look.turn_deg and not look.wider:
        return face
    angle = math.radians(look.turn_deg)
    cos, sin = math.cos(angle), math.sin(angle)
    middle = face.landmarks.mean(axis=0)
    turn = (1 + look.wider) * np.array([[cos, sin], [-sin, cos]])
    return replace(face, landmarks=(face.landmarks - middle) @ turn.astype(np.float32) + middle)
