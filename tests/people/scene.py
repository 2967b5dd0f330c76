"""What stands behind people: an office wall for portraits, a corridor for the door's camera."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from tests.people.canvas import Colour, Pixels, Plane, Points, grain, ribbon, smooth

WALLS: tuple[Colour, ...] = (
    (214, 218, 220), (222, 214, 202), (200, 210, 216), (208, 216, 206),
)  # fmt: skip
FRAME: Colour = (236, 236, 232)
LEAF: Colour = (70, 112, 78)


class _Backdrop:
    """A picture painted in shares of its size: (0, 0) is the upper left, (1, 1) the lower right."""

    def __init__(self, height: int, width: int, colour: Colour) -> None:
        down = np.linspace(1.06, 0.88, height, dtype=np.float32)[:, None]
        across = np.linspace(1.03, 0.95, width, dtype=np.float32)[None, :]
        amount = down * across
        planes = [amount * np.float32(part) for part in colour]
        self.pixels: Plane = np.asarray(cv2.merge(planes), dtype=np.float32)

    def box(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        """Paint a rectangle."""
        self.shape(np.array([(left, top), (right, top), (right, bottom), (left, bottom)]), colour)

    def shape(self, outline: Points, colour: Colour) -> None:
        """Paint a polygon."""
        height, width = self.pixels.shape[:2]
        fixed = np.round(outline * (width, height) * 16).astype(np.int32)
        cv2.fillPoly(self.pixels, [fixed], colour, lineType=cv2.LINE_AA, shift=4)

    def seen(self, blur: float) -> Pixels:
        """Return the picture as a camera sees it that is focused on something nearer."""
        sigma = blur * self.pixels.shape[1]
        blurred = cv2.GaussianBlur(self.pixels, (0, 0), sigma)
        picture: Pixels = np.clip(blurred + 0.5, 0, 255).astype(np.uint8)
        picture.flags.writeable = False
        return picture


@lru_cache(maxsize=8)
def wall(height: int, width: int, tint: int) -> Pixels:
    """Return a plain office wall with a window, RGB uint8 (height, width, 3), read-only."""
    picture = _Backdrop(height, width, WALLS[tint % len(WALLS)])
    _paint_window(picture, 0.10 if tint % 2 else 0.67, 0.08, 0.24, 0.52)
    return picture.seen(0.0055)


def _paint_window(picture: _Backdrop, left: float, top: float, wide: float, high: float) -> None:
    right, bottom = left + wide, top + high
    picture.box(left - 0.012, top - 0.016, right + 0.012, bottom + 0.016, FRAME)
    picture.box(left, top, right, bottom, (196, 216, 228))
    picture.box(left, top + 0.5 * high, right, bottom, (182, 200, 196))
    middle = left + wide / 2
    picture.box(middle - 0.004, top, middle + 0.004, bottom, FRAME)


@lru_cache(maxsize=4)
def corridor(height: int, width: int) -> Pixels:
    """Return the empty scene before an office door, RGB uint8 (height, width, 3), read-only."""
    picture = _Backdrop(height, width, (216, 217, 214))
    picture.shape(np.array([(0, 0.80), (1, 0.80), (1, 1.1), (0, 1.1)]), (150, 144, 138))
    picture.shape(np.array([(0, 0.785), (1, 0.785), (1, 0.80), (0, 0.80)]), (190, 188, 184))
    picture.box(0.0, 0.0, 1.0, 0.05, (232, 232, 230))
    for left in (0.18, 0.52):
        picture.box(left, 0.012, left + 0.26, 0.034, (252, 252, 248))
    _paint_window(picture, 0.37, 0.17, 0.26, 0.34)
    _paint_door(picture, 0.72)
    _paint_plant(picture, 0.13)
    return picture.seen(0.0030)


def _paint_door(picture: _Backdrop, left: float) -> None:
    picture.box(left - 0.012, 0.155, left + 0.182, 0.795, (206, 204, 198))
    picture.box(left, 0.17, left + 0.17, 0.795, (158, 128, 100))
    picture.box(left + 0.05, 0.24, left + 0.12, 0.44, (190, 206, 210))
    picture.box(left + 0.015, 0.49, left + 0.04, 0.505, (220, 220, 220))


def _paint_plant(picture: _Backdrop, x: float) -> None:
    rng = np.random.default_rng(8)
    for angle in np.linspace(-1.2, 1.2, 11):
        reach = 0.24 + rng.uniform(-0.05, 0.05)
        tip = (x + 0.34 * reach * np.sin(angle), 0.70 - reach * np.cos(angle))
        bend = (x + 0.10 * reach * np.sin(angle), 0.70 - 0.6 * reach)
        leaf = ribbon(smooth([(x, 0.70), bend, tip]), [0.006, 0.022, 0.002])
        tone = float(rng.uniform(0.8, 1.2))
        picture.shape(leaf, (LEAF[0] * tone, LEAF[1] * tone, LEAF[2] * tone))
    pot = np.array([(x - 0.04, 0.69), (x + 0.04, 0.69), (x + 0.03, 0.83), (x - 0.03, 0.83)])
    picture.shape(pot, (196, 190, 182))


class SensorNoise:
    """A camera's noise for video: one speckled plate, moved about for every frame."""

    def __init__(self, height: int, width: int, deviation: float) -> None:
        """Make the plate; `deviation` is in grey levels."""
        shape = (height + 64, width + 64)
        plate = grain(3, shape, cells=shape) * np.float32(deviation)
        self._size = (height, width)
        self._plate = cv2.merge([np.round(plate).astype(np.int8)] * 3)
        self._rng = np.random.default_rng(5)

    def over(self, frame: Pixels) -> Pixels:
        """Return the frame with noise."""
        top, left = self._rng.integers(0, 64, 2)
        height, width = self._size
        plate = self._plate[top : top + height, left : left + width]
        return np.asarray(cv2.add(frame, plate, dtype=cv2.CV_8U), dtype=np.uint8)
