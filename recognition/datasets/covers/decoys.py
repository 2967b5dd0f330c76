"""Draws what only looks like a cover: clear glasses, a shadow, a hood, a hand beside the face.

They hide nothing that counts: what is learnt of them is to refuse nobody for them.
"""

import math
from collections.abc import Callable, Sequence
from enum import StrEnum

import numpy as np

from recognition.datasets.covers.occluders import MOST_IN_SIGHT, TRIES
from recognition.datasets.covers.scene import (
    EYES,
    MOUTH,
    Paint,
    Random,
    Scene,
    cloth,
    filled,
    hidden,
    over,
    pasted,
)
from recognition.datasets.covers.spectacles import glasses
from recognition.datasets.cut_outs import CutOut
from recognition.values import Image


class Decoy(StrEnum):
    """What hides nothing that counts."""

    GLASSES = "glasses"
    SHADOW = "shadow"
    HOOD = "hood"
    HAND_BESIDE = "hand_beside"


def decoyed(scene: Scene, decoy: Decoy, random: Random, hands: Sequence[CutOut]) -> Image | None:
    """The picture with this about the face; None where each try hid something that counts."""
    for _ in range(TRIES):
        colours, share = _DECOYS[decoy](scene, random, hands)
        seen = np.concatenate([scene.points[MOUTH], scene.points[EYES]])
        if hidden(share, seen) <= MOST_IN_SIGHT:
            return over(scene.image, colours, share)
    return None


def _shadow(scene: Scene, random: Random, _: Sequence[CutOut]) -> Paint:
    """One side of the face, or all below an edge, darker."""
    height, width = scene.image.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    angle = random.uniform(0, 2 * math.pi)
    middle = scene.points[30] + random.normal(0, 0.15, 2) * scene.side
    along = (x - middle[0]) * math.cos(angle) + (y - middle[1]) * math.sin(angle)
    soft = scene.side * random.uniform(0.02, 0.5)
    share = random.uniform(0.2, 0.58) / (1 + np.exp(-np.clip(along / soft * 4, -30, 30)))
    return np.zeros((height, width, 3), np.float32), np.asarray(share, np.float32)


def _hood(scene: Scene, random: Random, _: Sequence[CutOut]) -> Paint:
    """Cloth around the face: a headscarf, a hood, a hat when only its top remains."""
    points = scene.points.astype(np.float64)
    brows = points[17:27] + (points[27] - points[8]) * random.uniform(0.05, 0.25)
    around = np.concatenate([points[:17], brows[::-1]])
    middle = around.mean(axis=0)
    opening = middle + (around - middle) * random.uniform(1.0, 1.12)
    share = 1 - filled(scene.image.shape, opening, random.uniform(0.5, 1.5))
    if random.random() < 0.4:
        share[int(np.clip(brows[:, 1].mean(), 0, None)) :] = 0
    return cloth(scene, random), np.asarray(share, np.float32)


def _hand_beside(scene: Scene, random: Random, hands: Sequence[CutOut]) -> Paint:
    """At the cheek, the chin or the ear."""
    edge = scene.points[int(random.integers(0, 17))]
    place = edge + (edge - scene.points[30]) * random.uniform(0.3, 0.8)
    return pasted(scene, random, hands, place, scene.side * random.uniform(0.5, 1.0))


_DECOYS: dict[Decoy, Callable[[Scene, Random, Sequence[CutOut]], Paint]] = {
    Decoy.GLASSES: glasses,
    Decoy.SHADOW: _shadow,
    Decoy.HOOD: _hood,
    Decoy.HAND_BESIDE: _hand_beside,
}
