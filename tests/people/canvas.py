"""A small antialiased canvas: soft shapes painted over one another.

Positions are in face widths: the origin lies midway between the eyes, x grows to the
right of the picture, y grows down. A layer holds premultiplied colours, so layers are
composed with one multiplication and one sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

Points = NDArray[np.float64]
Pixels = NDArray[np.uint8]
Plane = NDArray[np.float32]
Colour = tuple[float, float, float]

SUBPIXEL_BITS = 4


@dataclass(frozen=True)
class Extent:
    """The part of the plane that a layer covers, in face widths."""

    left: float
    top: float
    right: float
    bottom: float

    def pixels(self, scale: float) -> tuple[int, int]:
        """Return (rows, columns) of a layer with `scale` pixels to the face width."""
        rows = round((self.bottom - self.top) * scale)
        return rows, round((self.right - self.left) * scale)


def smooth(points: ArrayLike, *, closed: bool = False, steps: int = 10) -> Points:
    """Return a Catmull-Rom curve (n, 2) through the points."""
    given = np.asarray(points, dtype=np.float64)
    if closed:
        padded = np.vstack([given[-1:], given, given[:2]])
    else:
        padded = np.vstack([2 * given[0] - given[1], given, 2 * given[-1] - given[-2]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    a, b, c, d = (padded[i : len(padded) - 3 + i, None] for i in range(4))
    curve = 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )
    curve = curve.reshape(-1, 2)
    return curve if closed else np.vstack([curve, given[-1]])


def mirrored(points: ArrayLike) -> Points:
    """Return the points reflected about the middle of the face."""
    return np.asarray(points, dtype=np.float64) * (-1, 1)


def oval(x: float, y: float, width: float, height: float, power: float = 2.0) -> Points:
    """Return a superellipse: power 2 is an ellipse, more is boxier."""
    angle = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    cos, sin = np.cos(angle), np.sin(angle)
    dx = np.sign(cos) * np.abs(cos) ** (2 / power) * width / 2
    dy = np.sign(sin) * np.abs(sin) ** (2 / power) * height / 2
    return np.stack([x + dx, y + dy], axis=1)


def ribbon(points: ArrayLike, widths: float | Sequence[float]) -> Points:
    """Return the outline of a stroke along the points, with a width at each of them."""
    line = np.asarray(points, dtype=np.float64)
    given = np.atleast_1d(np.asarray(widths, dtype=np.float64))
    along = np.interp(np.linspace(0, 1, len(line)), np.linspace(0, 1, len(given)), given)
    direction = np.gradient(line, axis=0)
    direction /= np.linalg.norm(direction, axis=1, keepdims=True) + 1e-9
    offset = direction[:, ::-1] * (-1, 1) * along[:, None] / 2
    return np.vstack([line + offset, (line - offset)[::-1]])


def grain(seed: int, shape: tuple[int, int], *, cells: tuple[int, int]) -> Plane:
    """Return smooth noise of mean 0 and deviation 1; fewer cells along an axis are streaks."""
    rng = np.random.default_rng([seed, *cells])
    noise = rng.standard_normal(cells).astype(np.float32)
    return cv2.resize(noise, shape[::-1], interpolation=cv2.INTER_CUBIC).astype(np.float32)


class Layer:
    """A transparent sheet on which shapes are painted, each over those before it."""

    def __init__(self, extent: Extent, scale: float) -> None:
        """Open an empty sheet with `scale` pixels to the face width."""
        self.extent = extent
        self.scale = scale
        self.shape = extent.pixels(scale)
        self.pixels: Plane = np.zeros((*self.shape, 4), np.float32)  # all 0..255

    def grid(self) -> tuple[Plane, Plane]:
        """Return the x of every column and the y of every row, in face widths."""
        rows, columns = self.shape
        x = self.extent.left + (np.arange(columns, dtype=np.float32) + 0.5) / self.scale
        y = self.extent.top + (np.arange(rows, dtype=np.float32) + 0.5) / self.scale
        return x, y

    def mask(
        self, outline: Points, soft: float = 0.0
    ) -> tuple[slice, slice, Plane] | tuple[None, None, None]:
        """Return the window and the coverage 0..1 of a shape, or Nones where it lies outside."""
        margin = 2 + int(3 * soft * self.scale)
        at = (outline - (self.extent.left, self.extent.top)) * self.scale - 0.5
        low = np.maximum(np.floor(at.min(axis=0)).astype(int) - margin, 0)
        high = np.ceil(at.max(axis=0)).astype(int) + margin + 1
        high = np.minimum(high, (self.shape[1], self.shape[0]))
        if (high <= low).any():
            return None, None, None
        window = np.zeros((high[1] - low[1], high[0] - low[0]), np.uint8)
        fixed = np.round((at - low) * (1 << SUBPIXEL_BITS)).astype(np.int32)
        cv2.fillPoly(window, [fixed], 255, lineType=cv2.LINE_AA, shift=SUBPIXEL_BITS)
        if soft * self.scale > 0.3:
            window = cv2.GaussianBlur(window, (0, 0), soft * self.scale).astype(np.uint8)
        coverage = window.astype(np.float32) / np.float32(255)
        return slice(low[1], high[1]), slice(low[0], high[0]), coverage

    def fill(
        self,
        outline: Points,
        colour: Colour | Plane,
        *,
        opacity: float = 1.0,
        soft: float = 0.0,
        inside: Plane | None = None,
    ) -> None:
        """Paint a shape.

        `colour` is one RGB colour (0..255) or a picture as `picture` makes it; `inside`
        is a coverage plane of the layer's size that bounds the paint.
        """
        rows, columns, coverage = self.mask(outline, soft)
        if rows is None or columns is None or coverage is None:
            return
        if inside is not None:
            coverage = coverage * inside[rows, columns]
        coverage = (coverage * np.float32(opacity))[..., None]
        region = self.pixels[rows, columns]
        if isinstance(colour, tuple):
            region += coverage * (np.array((*colour, 255), np.float32) - region)
        else:
            region += coverage * (colour[rows, columns] - region)

    def coverage(self, *outlines: Points, soft: float = 0.0) -> Plane:
        """Return the coverage of the shapes together, as a plane of the layer's size."""
        plane = np.zeros(self.shape, np.float32)
        for outline in outlines:
            rows, columns, part = self.mask(outline, soft)
            if rows is not None and columns is not None and part is not None:
                np.maximum(plane[rows, columns], part, out=plane[rows, columns])
        return plane

    def finished(self) -> Pixels:
        """Return the sheet as premultiplied RGBA, uint8 (rows, columns, 4)."""
        return np.asarray(cv2.convertScaleAbs(self.pixels), dtype=np.uint8)

    def picture(self, colour: Colour, amount: Plane) -> Plane:
        """Return an opaque RGBA picture of the layer's size: the colour times the amount."""
        picture = cv2.merge([amount * np.float32(part) for part in colour] + [amount])
        picture[..., 3] = 255
        return np.asarray(picture, dtype=np.float32)
