"""Draws what hides a face: masks, sunglasses, hands, scarves, hair.

Nobody's picture with a real mask is among the data, so covers are drawn over photographs, by their
68 points; hands are photographs of hands, cut out.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.datasets.covers.scene import (
    EYES,
    MOUTH,
    Paint,
    Place,
    Random,
    Scene,
    cloth,
    filled,
    hidden,
    line,
    over,
    pasted,
)
from recognition.datasets.covers.spectacles import sunglasses
from recognition.datasets.cut_outs import CutOut
from recognition.values import Image

# A face is covered where this share of the mouth's points, or of both eyes', is hidden: the mouth
# but for a corner, or one eye whole.
_MOUTH_HIDDEN, _EYES_HIDDEN = 0.6, 0.5
MOST_IN_SIGHT = 0.1
"""Up to this share of points may be hidden of a face that is not covered."""
TRIES = 6


class Cover(StrEnum):
    """What hides a part of a face."""

    MASK = "mask"
    SUNGLASSES = "sunglasses"
    HAND = "hand"
    SCARF = "scarf"
    HAIR = "hair"


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A picture with something before a face."""

    image: Image
    mouth: float
    """1.0 hidden, 0.0 in sight, NaN where it is hidden so far that either answer is right."""
    eyes: float


def covered(scene: Scene, cover: Cover, random: Random, hands: Sequence[CutOut]) -> Drawn | None:
    """The picture with this before the face; None where none of a few tries hid enough."""
    for _ in range(TRIES):
        colours, share = _COVERS[cover](scene, random, hands)
        mouth = _verdict(hidden(share, scene.points[MOUTH]), _MOUTH_HIDDEN)
        eyes = _verdict(hidden(share, scene.points[EYES]), _EYES_HIDDEN)
        if 1.0 in (mouth, eyes):
            return Drawn(over(scene.image, colours, share), mouth, eyes)
    return None


def _verdict(share: float, enough: float) -> float:
    if share >= enough:
        return 1.0
    return 0.0 if share <= MOST_IN_SIGHT else math.nan


def _mask(scene: Scene, random: Random, _: Sequence[CutOut]) -> Paint:
    """Over mouth and chin, mostly over the nose, held by straps."""
    points = scene.points.astype(np.float64)
    first = int(random.integers(1, 4))
    jaw = points[first : 17 - first]
    middle = jaw.mean(axis=0)
    jaw = middle + (jaw - middle) * random.uniform(1.0, 1.1)
    down = points[8] - points[27]
    nose = points[27] + (points[30] - points[27]) * random.uniform(0.3, 0.9)
    if random.random() < 0.15:
        nose = points[33] + down * random.uniform(-0.02, 0.05)
    sag = down * random.uniform(0.0, 0.12)
    left, right = jaw[0], jaw[-1]
    top = [(right + nose) / 2 + sag, nose, (left + nose) / 2 + sag]
    outline = np.concatenate([jaw, np.array(top)])
    share = filled(scene.image.shape, outline, random.uniform(0.4, 1.2))
    colours = cloth(scene, random)
    if random.random() < 0.6:
        for at in np.linspace(0.25, 0.75, int(random.integers(2, 5))):
            ends = left + (jaw[5] - left) * at, right + (jaw[-6] - right) * at
            line(colours, *ends, colours[0, 0] * 0.75, scene.side * 0.012)
    straps = np.zeros(scene.image.shape[:2], np.float32)
    if random.random() < 0.8:
        for from_, to in ((left, points[0]), (jaw[3], points[1]), (right, points[16])):
            line(straps, from_, to, 1.0, scene.side * 0.02)
    return colours, np.maximum(share, straps)


def _scarf(scene: Scene, random: Random, _: Sequence[CutOut]) -> Paint:
    """Cloth from the nose down, wider than the face."""
    points = scene.points.astype(np.float64)
    nose = points[27] + (points[33] - points[27]) * random.uniform(0.4, 1.1)
    across, down = points[16] - points[0], points[8] - points[27]
    reach = random.uniform(0.55, 0.9)
    edge = _wavy(nose - across * reach, nose + across * reach, random, scene.side * 0.05)
    below = [nose + across * reach + down * 2, nose - across * reach + down * 2]
    outline = np.concatenate([edge, np.array(below)])
    share = filled(scene.image.shape, outline, random.uniform(0.5, 2.0))
    return cloth(scene, random), share


def _wavy(start: Place, end: Place, random: Random, height: float) -> NDArray[np.float64]:
    """A line that is not straight, (12, 2)."""
    at = np.linspace(0, 1, 12)[:, None]
    line = start + (end - start) * at
    line[:, 1] += np.cumsum(random.normal(0, height / 4, 12)) * np.sin(at[:, 0] * math.pi)
    return np.asarray(line)


def _hand(scene: Scene, random: Random, hands: Sequence[CutOut]) -> Paint:
    """A photographed hand over the mouth or an eye."""
    points = scene.points
    targets = (points[MOUTH], points[36:42], points[42:48], points[27:36])
    target = targets[int(random.choice(4, p=(0.55, 0.15, 0.15, 0.15)))].mean(axis=0)
    place = target + random.normal(0, 0.06, 2) * scene.side
    return pasted(scene, random, hands, place, scene.side * random.uniform(0.7, 1.4))


def _hair(scene: Scene, random: Random, _: Sequence[CutOut]) -> Paint:
    """Strands from the forehead over one eye or both."""
    height, width = scene.image.shape[:2]
    side, points = scene.side, scene.points
    eyes = [points[36:42], points[42:48]][: 1 + int(random.random() < 0.5)]
    if random.random() < 0.5:
        eyes = eyes[::-1] if len(eyes) > 1 else [points[42:48]]
    middle = np.concatenate(eyes).mean(axis=0)
    reach = side * (0.28 if len(eyes) == 1 else 0.5)
    share = np.zeros((height, width), np.float32)
    tone = random.uniform(10, 120) * np.array([1, random.uniform(0.7, 1), random.uniform(0.5, 1)])
    colours = np.broadcast_to(tone.astype(np.float32), (height, width, 3)).copy()
    slant, low = random.normal(0, 0.25) * side, random.uniform(0.1, 0.5) * side
    for _strand in range(int(random.integers(60, 140))):
        x = middle[0] + random.uniform(-reach, reach)
        above = np.array([x - slant, middle[1] - side * 0.6])
        below = np.array([x + slant / 2, middle[1] + low * random.uniform(0.7, 1.1)])
        wide = side * random.uniform(0.01, 0.035)
        line(share, above, below, 1.0, wide)
        line(colours, above, below, tone * random.uniform(0.6, 1.6), wide)
    return colours, np.asarray(cv2.GaussianBlur(share, (0, 0), 0.5), np.float32)


_COVERS: dict[Cover, Callable[[Scene, Random, Sequence[CutOut]], Paint]] = {
    Cover.MASK: _mask,
    Cover.SUNGLASSES: sunglasses,
    Cover.HAND: _hand,
    Cover.SCARF: _scarf,
    Cover.HAIR: _hair,
}
