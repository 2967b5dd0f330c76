"""The head's skin: a relief of soft bumps lit from one side, with colour laid over it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from tests.people.canvas import (
    Colour,
    Extent,
    Layer,
    Plane,
    Points,
    grain,
    mirrored,
    oval,
    ribbon,
    smooth,
)
from tests.people.traits import Traits

FOREHEAD_TOP = -0.84
FACE = Extent(-0.625, -0.9375, 0.625, 1.0)  # in sixteenths, as every layer: whole pixels
TEETH: Colour = (238, 232, 222)


@dataclass(frozen=True)
class Light:
    """The light on a person: side -1 (from the left) .. 1, height 0..1, strength about 1."""

    side: float = -0.35
    height: float = 0.55
    strength: float = 1.0
    warmth: float = 0.0


def head_outline(traits: Traits) -> Points:
    """Return the outline of skull and jaw."""
    half = [
        (0.20, FOREHEAD_TOP + 0.02),
        (0.38, -0.68),
        (0.475, -0.42),
        (traits.cheek, -0.05),
        (traits.cheek * 0.975, 0.22),
        (traits.jaw + 0.045, 0.47),
        ((traits.jaw + traits.chin) / 2 + 0.03, traits.chin_y - 0.13),
        (traits.chin, traits.chin_y - 0.03),
        (traits.chin * 0.5, traits.chin_y + 0.005),
    ]
    left = [(-x, y) for x, y in reversed(half)]
    top, bottom = (0.0, FOREHEAD_TOP), (0.0, traits.chin_y + 0.012)
    return smooth([top, *half, bottom, *left], closed=True, steps=8)


def _relief(traits: Traits, x: Plane, y: Plane) -> Plane:
    """Return the face's height above the picture's plane, in face widths."""

    def bump(at: tuple[float, float], wide: float, high: float, height: float) -> Plane:
        across = np.exp(-(((x - at[0]) / wide) ** 2) / 2)
        down = np.exp(-(((y - at[1]) / high) ** 2) / 2)
        return np.asarray(np.outer(down, across) * height, dtype=np.float32)

    def pair(at: tuple[float, float], wide: float, high: float, height: float) -> Plane:
        return bump(at, wide, high, height) + bump((-at[0], at[1]), wide, high, height)

    eye, nose, tall = traits.eye_gap / 2, traits.nose_y, traits.nose_height
    half, mouth = traits.nose_width / 2, traits.mouth_y
    radius = np.add.outer(((y - 0.02) / 0.98) ** 2, (x / (traits.cheek + 0.03)) ** 2)
    ridge = 0.022 * traits.masculine + 0.006
    relief = np.sqrt(np.clip(1.15 - radius, 0.01, None)).astype(np.float32) * 0.40
    relief += pair((eye, -0.015), 0.11, 0.065, -0.055 * traits.socket)
    relief += pair((eye * 0.95, traits.brow_y + 0.01), 0.15, 0.045, ridge)
    relief += bump((0, 0.0), traits.nose_bridge, 0.13, 0.040 * tall)
    relief += bump((0, nose * 0.60), traits.nose_bridge * 1.15, 0.10, 0.060 * tall)
    relief += bump((0, nose - 0.045), half * 0.50, 0.055, 0.085 * tall)
    relief += pair((half * 0.74, nose - 0.02), half * 0.30, 0.042, 0.042 * tall)
    relief += pair((0.33, 0.19), 0.11, 0.11, 0.030 * traits.sculpted)
    relief += pair((0.30, 0.42), 0.09, 0.12, -0.024 * traits.sculpted)
    relief += bump((0, mouth - 0.02), 0.22, 0.13, 0.045 * traits.sculpted)
    relief += bump((0, mouth - 0.035), traits.mouth_width * 0.28, 0.022, 0.016)
    relief += bump((0, mouth + 0.05), traits.mouth_width * 0.25, 0.028, 0.024)
    relief += bump((0, mouth + 0.12), 0.09, 0.028, -0.022)
    relief += bump((0, traits.chin_y - 0.10), 0.11, 0.065, 0.040)
    return np.asarray(relief, dtype=np.float32)


def lit_skin(traits: Traits, light: Light, layer: Layer) -> Plane:
    """Return skin under the light as a picture of the layer's size, RGBA 0..255."""
    face = Layer(FACE, layer.scale)
    x, y = face.grid()
    relief = _relief(traits, x, y)
    slope_y, slope_x = np.gradient(relief, 1 / layer.scale)
    towards = np.array([light.side * 0.75, -light.height * 0.75, 1.0])
    towards /= np.linalg.norm(towards)
    norm = np.sqrt(slope_x**2 + slope_y**2 + 1)
    facing = (-slope_x * towards[0] - slope_y * towards[1] + towards[2]) / norm
    facing = np.clip(facing, 0, 1).astype(np.float32)
    pores = grain(traits.seed, face.shape, cells=(face.shape[0] // 2, face.shape[1] // 2))
    amount = 0.36 + 0.70 * facing + 0.010 * pores
    # Light that has passed under the skin comes out red, so shadows lose red last.
    shine = cv2.pow(facing, 28) * np.float32(20 + 0.02 * sum(traits.skin))
    parts = [
        cv2.pow(amount, power) * np.float32(part) + shine
        for part, power in zip(traits.skin, (0.85, 1.08, 1.20), strict=True)
    ]
    top = round((FACE.top - layer.extent.top) * layer.scale)
    left = round((FACE.left - layer.extent.left) * layer.scale)
    picture = np.zeros((*layer.shape, 4), np.float32)
    window = picture[top : top + face.shape[0], left : left + face.shape[1]]
    window[:] = cv2.merge([*parts, np.full_like(shine, 255)])
    return picture


def shade(colour: Colour, factor: float) -> Colour:
    """Return the colour made darker (below 1) or lighter (above 1)."""
    red, green, blue = (min(255.0, part * factor) for part in colour)
    return red, green, blue


def blend(one: Colour, other: Colour, share: float) -> Colour:
    """Return a mixture that holds `share` (0..1) of the other colour."""
    red, green, blue = (a + (b - a) * share for a, b in zip(one, other, strict=True))
    return red, green, blue


def paint_ears(layer: Layer, traits: Traits) -> None:
    """Paint the ears, before the head that overlaps them."""
    for side in (-1, 1):
        shape = oval(side * (traits.cheek + 0.015), 0.08, 0.15, 0.34 * traits.ear, 2.4)
        layer.fill(shape, shade(traits.skin, 0.86))
        inner = oval(side * (traits.cheek + 0.03), 0.07, 0.07, 0.20 * traits.ear)
        layer.fill(inner, shade(traits.skin, 0.62), opacity=0.6, soft=0.02)


def paint_head(layer: Layer, traits: Traits, light: Light) -> Plane:
    """Paint the bare head and return its coverage."""
    outline = head_outline(traits)
    layer.fill(outline, lit_skin(traits, light, layer))
    head = layer.coverage(outline)
    flush = blend(traits.skin, (214, 70, 60), 0.45)
    for side in (-1, 1):
        cheek = oval(side * 0.29, 0.25, 0.24, 0.18)
        layer.fill(cheek, flush, opacity=0.34 * traits.blush, soft=0.05, inside=head)
    tip = oval(0, traits.nose_y - 0.03, traits.nose_width * 0.8, 0.10)
    layer.fill(tip, flush, opacity=0.22 * traits.blush, soft=0.03, inside=head)
    _paint_freckles(layer, traits, head)
    _paint_wrinkles(layer, traits, head)
    return head


def _paint_freckles(layer: Layer, traits: Traits, head: Plane) -> None:
    if traits.freckles <= 0:
        return
    rng = np.random.default_rng([traits.seed, 7])
    colour = blend(shade(traits.skin, 0.72), (150, 84, 46), 0.4)
    for _ in range(int(90 * traits.freckles)):
        x, y = rng.normal(0, 0.22), rng.normal(0.19, 0.09)
        size = rng.uniform(0.010, 0.022)
        layer.fill(oval(x, y, size, size), colour, opacity=0.55, inside=head)


def _paint_wrinkles(layer: Layer, traits: Traits, head: Plane) -> None:
    dark, age = shade(traits.skin, 0.58), traits.age
    half, mouth = traits.nose_width / 2, traits.mouth_y
    fold = smooth(
        [
            (half + 0.02, traits.nose_y - 0.05),
            (half + 0.09, traits.nose_y + 0.06),
            (traits.mouth_width / 2 + 0.05, mouth + 0.02),
        ]
    )
    eye = traits.eye_gap / 2
    bag = smooth([(eye - 0.10, 0.07), (eye, 0.115), (eye + 0.10, 0.075)])
    for line, weight in ((fold, 0.16 + 0.55 * age), (bag, 0.10 + 0.5 * age**2)):
        for outline in (line, mirrored(line)):
            stroke = ribbon(outline, [0.01, 0.022, 0.006])
            layer.fill(stroke, dark, opacity=weight, soft=0.010, inside=head)
    for row in range(3 if age > 0.45 else 0):
        y = -0.32 - 0.075 * row
        line = smooth([(-0.24, y + 0.015), (-0.1, y), (0.1, y), (0.24, y + 0.015)])
        layer.fill(ribbon(line, [0.004, 0.014, 0.004]), dark, opacity=0.5 * age, soft=0.006)
