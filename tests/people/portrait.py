"""A person as three sheets (behind the head, body, head) that a stage puts in its place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import cv2
import numpy as np

from tests.people.beard import paint_beard
from tests.people.canvas import Extent, Layer, Pixels, Plane
from tests.people.clothing import paint_body, paint_glasses
from tests.people.features import Expression, paint_brows, paint_eyes, paint_mouth, paint_nose
from tests.people.hair import paint_behind, paint_hair
from tests.people.skin import Light, paint_ears, paint_head
from tests.people.traits import Traits, traits_of

# Bounds in sixteenths of a face width, so that layers share their pixels.
HEAD = Extent(-0.9375, -1.3125, 0.9375, 1.5625)
BUST = Extent(-1.625, 0.3125, 1.625, 1.9375)
TORSO = Extent(-1.625, 0.3125, 1.625, 3.25)
WHOLE_BODY = Extent(-1.625, 0.3125, 1.625, 8.625)


@dataclass(frozen=True)
class Sheet:
    """A finished layer: premultiplied RGBA, where it lies, pixels to the face width, relief.

    `depth` says how far each pixel moves sideways, in face widths, when the head turns
    by one unit; None is a sheet that does not turn.
    """

    pixels: Pixels
    extent: Extent
    scale: float
    depth: Plane | None = None

    @cached_property
    def halved(self) -> Sheet:
        """The same sheet at half the size."""
        rows, columns = self.pixels.shape[0] // 2, self.pixels.shape[1] // 2
        pixels = cv2.resize(self.pixels, (columns, rows), interpolation=cv2.INTER_AREA)
        depth = None
        if self.depth is not None:
            smaller = cv2.resize(self.depth, (columns, rows), interpolation=cv2.INTER_AREA)
            depth = np.asarray(smaller, dtype=np.float32)
        return Sheet(np.asarray(pixels, dtype=np.uint8), self.extent, self.scale / 2, depth)


@dataclass(frozen=True)
class Figure:
    """The sheets of one person with one expression, from back to front."""

    behind: Sheet
    body: Sheet
    head: Sheet


def _turning(layer: Layer) -> Plane:
    """Return the relief that turns: a rounded head with the nose standing out."""
    x, y = layer.grid()
    radius = np.add.outer(((y - 0.05) / 1.05) ** 2, (x / 0.66) ** 2)
    nose = np.outer(np.exp(-(((y - 0.24) / 0.15) ** 2)), np.exp(-((x / 0.14) ** 2)))
    return np.asarray(0.20 * np.clip(1 - radius, 0, 1) + 0.045 * nose, dtype=np.float32)


def _head(traits: Traits, expression: Expression, light: Light, scale: float) -> Sheet:
    layer = Layer(HEAD, scale)
    paint_ears(layer, traits)
    head = paint_head(layer, traits, light)
    paint_eyes(layer, traits, expression, head)
    paint_nose(layer, traits, head)
    paint_beard(layer, traits, head)
    paint_mouth(layer, traits, expression, head)
    paint_brows(layer, traits, expression)
    paint_hair(layer, traits, light)
    paint_glasses(layer, traits)
    return Sheet(layer.finished(), HEAD, scale, _turning(layer))


@lru_cache(maxsize=4)
def _body(identity: int, light: Light, scale: float, extent: Extent) -> tuple[Sheet, Sheet]:
    traits = traits_of(identity)
    body, behind = Layer(extent, scale), Layer(HEAD, scale)
    paint_body(body, traits, light)
    paint_behind(behind, traits, light)
    return Sheet(behind.finished(), HEAD, scale), Sheet(body.finished(), extent, scale)


@lru_cache(maxsize=8)
def figure(
    identity: int,
    expression: Expression = Expression(),  # noqa: B008 - a frozen value
    light: Light = Light(),  # noqa: B008 - a frozen value
    scale: float = 256,
    extent: Extent = BUST,
) -> Figure:
    """Draw a person with `scale` pixels to the face width, as far down as `extent` says."""
    behind, body = _body(identity, light, scale, extent)
    return Figure(behind, body, _head(traits_of(identity), expression, light, scale))
