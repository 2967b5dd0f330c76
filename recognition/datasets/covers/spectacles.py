"""Glasses: dark ones, which hide the eyes, and clear ones, which do not."""

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.datasets.covers.scene import Floats, Paint, Random, Scene, filled, line
from recognition.datasets.cut_outs import CutOut


def sunglasses(scene: Scene, random: Random, _: Sequence[CutOut]) -> Paint:
    """Dark lenses, with a rim, a gradient or a reflection."""
    height, width = scene.image.shape[:2]
    lenses = _lenses(scene, random, 0.36)
    share = np.zeros((height, width), np.float32)
    for lens in lenses:
        share = np.maximum(share, filled(scene.image.shape, lens, 0.6))
    share *= random.uniform(0.85, 1.0)
    _frame_of(scene, lenses, share, scene.side * random.uniform(0.015, 0.04))
    dark = random.uniform(5, 60) + random.uniform(-12, 12, 3)
    colours = np.broadcast_to(dark.astype(np.float32), (height, width, 3)).copy()
    if random.random() < 0.5:
        rows = np.arange(height, dtype=np.float32)[:, None, None]
        slope = (rows - scene.points[27, 1]) / scene.side
        colours += np.float32(random.uniform(0, 160)) * slope
    if random.random() < 0.5:
        for lens in lenses:
            spot = lens.mean(axis=0) + random.normal(0, 0.04, 2) * scene.side
            line(colours, spot, spot + scene.side * 0.04, random.uniform(90, 240), 3)
        colours = np.asarray(cv2.GaussianBlur(colours, (0, 0), scene.side * 0.02), np.float32)
    return colours, share


def glasses(scene: Scene, random: Random, _: Sequence[CutOut]) -> Paint:
    """Clear ones: rims, and at most a faint tint."""
    lenses = _lenses(scene, random, 0.3)
    share = np.zeros(scene.image.shape[:2], np.float32)
    tint = random.uniform(0, 0.25)
    for lens in lenses:
        share = np.maximum(share, tint * filled(scene.image.shape, lens, 0.6))
    _frame_of(scene, lenses, share, scene.side * random.uniform(0.008, 0.035))
    tone = random.uniform(5, 200, 3) if random.random() < 0.4 else random.uniform(5, 40, 3)
    colours = np.broadcast_to(tone.astype(np.float32), scene.image.shape).copy()
    return colours, np.asarray(cv2.GaussianBlur(share, (0, 0), 0.4), np.float32)


def _lenses(scene: Scene, random: Random, least: float) -> list[NDArray[np.float64]]:
    """Outlines of both lenses, about 0.7 to 1 of the eyes' distance wide."""
    points = scene.points.astype(np.float64)
    left, right = points[36:42].mean(axis=0), points[42:48].mean(axis=0)
    apart = float(np.hypot(*(right - left)))
    roll = math.atan2(right[1] - left[1], right[0] - left[0])
    wide, high = apart * random.uniform(least, 0.47), apart * random.uniform(least * 0.7, 0.4)
    power = random.uniform(0.5, 1.0)
    angles = np.linspace(0, 2 * math.pi, 40, endpoint=False)
    cos, sin = np.cos(angles), np.sin(angles)
    shape = np.column_stack(
        [wide * np.sign(cos) * np.abs(cos) ** power, high * np.sign(sin) * np.abs(sin) ** power]
    )
    turn = np.array([[math.cos(roll), math.sin(roll)], [-math.sin(roll), math.cos(roll)]])
    lower = np.array([0, random.uniform(-0.05, 0.1) * apart])
    return [eye + lower + shape @ turn for eye in (left, right)]


def _frame_of(scene: Scene, lenses: list[NDArray[np.float64]], share: Floats, thick: float) -> None:
    """Rims, bridge and temples."""
    points = scene.points
    for lens in lenses:
        for one, two in zip(lens, np.roll(lens, 1, axis=0), strict=True):
            line(share, one, two, 1.0, thick)
    inner = lenses[0][np.argmax(lenses[0][:, 0])], lenses[1][np.argmin(lenses[1][:, 0])]
    line(share, *inner, 1.0, thick)
    line(share, lenses[0][np.argmin(lenses[0][:, 0])], points[0], 1.0, thick)
    line(share, lenses[1][np.argmax(lenses[1][:, 0])], points[16], 1.0, thick)
