"""A face to draw over, and what drawing over it has in common."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.datasets.cut_outs import CutOut
from recognition.keypoints.points import PARTS, Points
from recognition.values import Image

Random = np.random.Generator
Floats = NDArray[np.float32]
Place = NDArray[np.floating]
"""x, y in pixels, (2,)."""
Paint = tuple[Floats, Floats]
"""Colours, float32 (height, width, 3) of 0..255, and the share of them, (height, width) of 0..1."""

EYES, MOUTH = list(PARTS["eyes"]), list(PARTS["mouth"])


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A face to draw over."""

    image: Image
    points: Points
    """float32 (68, 2), in pixels."""

    @property
    def side(self) -> float:
        """About the width of a detector's box."""
        return float(np.ptp(self.points[:17, 0]) * 0.6 + np.ptp(self.points[17:, 1]) * 0.55)


def hidden(share: Floats, points: Points) -> float:
    """The share of points behind something."""
    height, width = share.shape
    columns = np.clip(points[:, 0].round().astype(int), 0, width - 1)
    rows = np.clip(points[:, 1].round().astype(int), 0, height - 1)
    return float((share[rows, columns] > 0.6).mean())


def over(image: Image, colours: Floats, share: Floats) -> Image:
    """The picture behind this paint."""
    mixed = image * (1 - share[..., None]) + colours * share[..., None]
    return np.asarray(np.clip(mixed, 0, 255), np.uint8)


def filled(shape: tuple[int, ...], outline: NDArray[np.floating], soft: float) -> Floats:
    """1 inside an outline (n, 2), softly 0 outside."""
    mask = np.zeros(shape[:2], np.uint8)
    fixed = (outline * 16).round().astype(np.int32)
    cv2.fillPoly(mask, [fixed], 255, lineType=cv2.LINE_AA, shift=4)
    return np.asarray(cv2.GaussianBlur(mask.astype(np.float32) / 255, (0, 0), soft), np.float32)


def cloth(scene: Scene, random: Random) -> Floats:
    """A piece of cloth in the face's light, with folds and perhaps a pattern."""
    height, width = scene.image.shape[:2]
    plain = [(150, 185, 215), (240, 240, 240), (25, 25, 28), (90, 95, 105), (120, 170, 150)]
    base = np.array(plain[int(random.integers(len(plain)))], np.float32)
    if random.random() < 0.4:
        base = random.uniform(10, 245, 3).astype(np.float32)
    woven = np.broadcast_to(base, (height, width, 3)).copy()
    y, x = np.mgrid[:height, :width].astype(np.float32)
    if random.random() < 0.3:
        angle, step = random.uniform(0, math.pi), scene.side * random.uniform(0.04, 0.2)
        wave = np.sin((x * math.cos(angle) + y * math.sin(angle)) * 2 * math.pi / step)
        woven += (wave > random.uniform(-0.5, 0.8))[..., None] * random.uniform(-90, 90, 3)
    side = scene.side
    across = (x - scene.points[33, 0]) / side
    shade = 1 - random.uniform(0, 0.5) * across**2 + random.uniform(-0.4, 0.4) * across
    folds = random.normal(0, 1, (max(3, int(height / side * 7)), 5)).astype(np.float32)
    shade += random.uniform(0, 0.12) * cv2.resize(folds, (width, height))
    noise = random.normal(0, random.uniform(0, 6), (height, width, 1))
    return np.asarray(woven * (shade * _light(scene))[..., None] + noise, np.float32)


def _light(scene: Scene) -> float:
    """How bright the face stands in its picture, 0..1: what is before it stands in its light."""
    inside = scene.points[17:].round().astype(int)
    height, width = scene.image.shape[:2]
    rows, columns = np.clip(inside[:, 1], 0, height - 1), np.clip(inside[:, 0], 0, width - 1)
    return float(np.clip(scene.image[rows, columns].mean() / 150, 0.25, 1.4))


def pasted(
    scene: Scene, random: Random, hands: Sequence[CutOut], place: Place, long: float
) -> Paint:
    """A photographed hand around a place, `long` pixels long, in about the skin's tone."""
    hand = hands[int(random.integers(len(hands)))]
    rows, columns = np.nonzero(hand.alpha > 128)
    middle = columns.mean(), rows.mean()
    scale = long / max(float(np.ptp(rows)), float(np.ptp(columns)), 1.0)
    matrix = cv2.getRotationMatrix2D(middle, random.uniform(0, 360), scale)
    matrix[:, 2] += place - middle
    if random.random() < 0.5:
        matrix = np.array([[-1, 0, 2 * place[0]], [0, 1, 0]]) @ np.vstack([matrix, [0, 0, 1]])
    size = scene.image.shape[1::-1]
    share = cv2.warpAffine(hand.alpha, matrix, size, flags=cv2.INTER_AREA)
    colours = cv2.warpAffine(hand.colour, matrix, size, borderMode=cv2.BORDER_REPLICATE)
    tones = np.asarray(colours, np.float32)
    own = hand.colour[hand.alpha > 128].mean(axis=0)
    inside = np.clip(scene.points[28:36].round().astype(int), 0, np.array(size) - 1)
    skin = scene.image[inside[:, 1], inside[:, 0]].mean(axis=0)
    tint = skin / np.maximum(own, 1) * random.uniform(0.7, 1.2)
    return np.asarray(tones * tint, np.float32), np.asarray(share / np.float32(255), np.float32)


def line(on: Floats, one: Place, two: Place, value: "float | Place", thick: float) -> None:
    """Draw a straight line, `thick` pixels wide, with a fraction of a pixel."""
    start, end = ([round(float(number) * 16) for number in ends] for ends in (one, two))
    values = np.atleast_1d(np.asarray(value, np.float64)).tolist()
    colour = values if len(values) > 1 else values * 3
    cv2.line(on, start, end, colour, max(1, round(thick)), cv2.LINE_AA, 4)
