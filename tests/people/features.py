"""The face's features: eyes, brows, nose and mouth, with blink and open mouth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.people.canvas import Colour, Layer, Plane, Points, mirrored, oval, ribbon, smooth
from tests.people.skin import TEETH, blend, shade
from tests.people.traits import Traits

LASH: Colour = (34, 24, 24)
SCLERA: Colour = (240, 236, 232)


@dataclass(frozen=True)
class Expression:
    """What moves in a face: blink, mouth_open and smile 0..1, gaze -1..1 each way."""

    blink: float = 0.0
    mouth_open: float = 0.0
    smile: float = 0.5
    gaze: tuple[float, float] = (0.0, 0.0)
    brow_raise: float = 0.0


def _lids(traits: Traits, openness: float) -> tuple[Points, Points]:
    """Return the upper and the lower lid of the right-hand eye, from inner to outer corner."""
    t = np.linspace(0, 1, 21)
    x = traits.eye_gap / 2 + (t - 0.5) * traits.eye_width
    base = 0.012 - traits.eye_slant * 2 * (t - 0.5)
    bow = np.sin(np.pi * t**0.92)
    lower = base + 0.36 * traits.eye_height * bow * (0.55 + 0.45 * openness)
    upper = lower - (0.36 + 0.64) * traits.eye_height * bow**0.85 * openness
    return np.stack([x, upper], axis=1), np.stack([x, lower], axis=1)


def paint_eyes(layer: Layer, traits: Traits, expression: Expression, head: Plane) -> None:
    """Paint both eyes with lids, lashes and gaze."""
    openness = 1 - 0.97 * expression.blink
    closed_upper, closed_lower = _lids(traits, 1.0)
    upper, lower = _lids(traits, openness)
    shadow = shade(traits.skin, 0.62 - 0.06 * traits.socket)
    for side in (1, -1):
        socket = np.vstack([closed_upper - (0, 0.035), np.add(closed_lower[::-1], (0, 0.02))])
        turned = socket * (side, 1)
        layer.fill(turned, shadow, opacity=0.30 + 0.25 * traits.socket, soft=0.028, inside=head)
        if expression.blink > 0:
            lid = np.vstack([closed_upper - (0, 0.012), closed_lower[::-1]]) * (side, 1)
            layer.fill(lid, shade(traits.skin, 0.84), opacity=min(1, 2 * expression.blink))
        if traits.eyeshadow > 0:
            tint = blend(traits.scarf, traits.skin, 0.25)
            layer.fill(turned, tint, opacity=0.6 * traits.eyeshadow, soft=0.012, inside=head)
        _paint_eyeball(layer, traits, expression, np.vstack([upper, lower[::-1]]), side)
        _paint_lids(layer, traits, upper, lower, side, openness)


def _paint_eyeball(
    layer: Layer, traits: Traits, expression: Expression, opening: Points, side: int
) -> None:
    shape = opening * (side, 1)
    inside = layer.coverage(shape)
    layer.fill(shape, shade(SCLERA, 0.93))
    centre_x = side * traits.eye_gap / 2 + 0.03 * expression.gaze[0]
    centre_y = 0.006 - 0.12 * traits.eye_height + 0.02 * expression.gaze[1]
    size = 0.098 + 0.1 * (traits.eye_height - 0.09)
    iris = oval(centre_x, centre_y, size, size)
    layer.fill(iris, shade(traits.iris, 0.45), inside=inside)
    layer.fill(oval(centre_x, centre_y, size * 0.84, size * 0.84), traits.iris, inside=inside)
    glow = oval(centre_x, centre_y + size * 0.22, size * 0.55, size * 0.35)
    layer.fill(glow, shade(traits.iris, 1.5), opacity=0.55, soft=0.008, inside=inside)
    layer.fill(oval(centre_x, centre_y, size * 0.42, size * 0.42), (12, 10, 12), inside=inside)
    spark = oval(centre_x - size * 0.17, centre_y - size * 0.2, size * 0.22, size * 0.22)
    layer.fill(spark, (250, 250, 250), opacity=0.9, inside=inside)
    lid_shadow = ribbon(opening[:21] * (side, 1), 0.035)
    layer.fill(lid_shadow, (60, 44, 46), opacity=0.42, soft=0.008, inside=inside)


def _paint_lids(
    layer: Layer, traits: Traits, upper: Points, lower: Points, side: int, openness: float
) -> None:
    made_up = traits.lipstick
    lash = ribbon((upper - (0, 0.004)) * (side, 1), [0.008, 0.020 + 0.012 * made_up, 0.016])
    layer.fill(lash, LASH, opacity=0.95)
    if made_up > 0.3:
        wing = upper[-1] + np.array([(0, 0), (0.03, -0.022)])
        layer.fill(ribbon(wing * (side, 1), [0.016, 0.004]), LASH, opacity=0.85)
    layer.fill(ribbon(lower * (side, 1), [0.004, 0.009]), shade(traits.skin, 0.45), opacity=0.7)
    lift = 0.018 + 0.034 * traits.eye_fold
    crease = upper * (0.98, 1) + (0.002, 0) - (0, lift * (0.4 + 0.6 * openness))
    stroke = ribbon(crease * (side, 1), [0.003, 0.013, 0.006])
    layer.fill(stroke, shade(traits.skin, 0.48), opacity=0.75, soft=0.003)


def _brow(traits: Traits, raised: float) -> Points:
    inner, outer = traits.brow_inner, traits.eye_gap / 2 + traits.eye_width * 0.66
    y = traits.brow_y - 0.03 * raised
    top = inner + (outer - inner) * 0.62
    return smooth(
        [
            (inner, y + traits.brow_slant),
            ((inner + top) / 2, y - traits.brow_arch * 0.6 + traits.brow_slant * 0.4),
            (top, y - traits.brow_arch),
            (outer, y + 0.030 - traits.brow_slant * 0.5),
        ]
    )


def paint_brows(layer: Layer, traits: Traits, expression: Expression) -> None:
    """Paint both brows, a soft ground with hairs over it."""
    colour = shade(blend(traits.hair, (50, 36, 30), 0.35), 0.85)
    curve, thick = _brow(traits, expression.brow_raise), traits.brow_thick
    rng = np.random.default_rng([traits.seed, 11])
    along = np.gradient(curve, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    for side in (1, -1):
        band = ribbon(curve * (side, 1), [thick * 0.7, thick, thick * 0.85, thick * 0.2])
        layer.fill(band, colour, opacity=0.85, soft=0.006)
        for _ in range(22):
            at = int(rng.uniform(0, 0.9) * (len(curve) - 1))
            root = curve[at] + (0, thick * rng.uniform(-0.2, 0.35))
            tip = root + 0.045 * along[at] + (0, -thick * 0.25)
            hair = ribbon(np.array([root, tip]) * (side, 1), [0.006, 0.002])
            layer.fill(hair, shade(colour, 0.72), opacity=0.5)


def paint_nose(layer: Layer, traits: Traits, head: Plane) -> None:
    """Paint the nostrils, the wings' edges and the shadow below the tip."""
    half, y, dark = traits.nose_width / 2, traits.nose_y, shade(traits.skin, 0.42)
    below = oval(0, y + 0.018, traits.nose_width * 0.95, 0.045)
    layer.fill(below, dark, opacity=0.34, soft=0.014, inside=head)
    nostril = smooth(
        [
            (half * 0.24, y + 0.004), (half * 0.5, y - 0.018), (half * 0.78, y - 0.006),
            (half * 0.5, y + 0.012),
        ],
        closed=True,
    )  # fmt: skip
    wing = smooth(
        [
            (half * 0.86, y - 0.075), (half * 1.04, y - 0.035), (half * 0.98, y + 0.008),
            (half * 0.72, y + 0.012),
        ]
    )  # fmt: skip
    for shape in (nostril, mirrored(nostril)):
        layer.fill(shape, shade(traits.skin, 0.22), opacity=0.9, soft=0.003)
    for line in (wing, mirrored(wing)):
        layer.fill(ribbon(line, [0.006, 0.018, 0.006]), dark, opacity=0.6, soft=0.006)


def paint_mouth(layer: Layer, traits: Traits, expression: Expression, head: Plane) -> None:
    """Paint the lips, and the teeth and the dark between them where the mouth is open."""
    half = traits.mouth_width / 2 * (1 + 0.07 * expression.smile)
    lift = traits.smile + 0.030 * expression.smile
    y, gap = traits.mouth_y, 0.13 * expression.mouth_open
    t = np.linspace(-1, 1, 25)
    seam = y - lift * t**2 + 0.006 * np.cos(3 * np.pi * t) * (1 - t**2)
    bow = (1 - np.abs(t) ** 1.8) * (1 - 0.30 * np.exp(-((t / 0.16) ** 2)))
    top = seam - traits.lip_upper * bow - 0.2 * gap * (1 - t**2)
    upper = seam - 0.2 * gap * (1 - t**2)
    lower = seam + 0.8 * gap * (1 - t**2) ** 0.7
    bottom = lower + traits.lip_lower * (1 - np.abs(t) ** 2.2)
    rose = blend(shade(traits.skin, 0.72), (176, 62, 70), 0.42 + 0.12 * (1 - traits.masculine))
    rose = blend(rose, (172, 24, 52), 0.65 * traits.lipstick)
    x = t * half

    def between(one: Points, other: Points) -> Points:
        return np.vstack([np.stack([x, one], axis=1), np.stack([x, other], axis=1)[::-1]])

    _paint_opening(layer, between(upper, lower), y - 0.2 * gap, gap, half)
    layer.fill(between(top, upper), shade(rose, 0.86), opacity=0.9, soft=0.004)
    layer.fill(between(lower, bottom), rose, opacity=0.85, soft=0.005)
    shine = oval(0, float(bottom[12] + lower[12]) / 2, half * 0.7, traits.lip_lower * 0.4)
    layer.fill(shine, shade(rose, 1.3), opacity=0.35, soft=0.012)
    line = np.stack([x * 1.03, seam if gap < 0.005 else upper], axis=1)
    layer.fill(ribbon(line, [0.010, 0.014, 0.016, 0.014, 0.010]), shade(rose, 0.32), opacity=0.9)
    under = np.stack([x * 0.55, bottom + 0.022], axis=1)
    layer.fill(ribbon(under, 0.03), shade(traits.skin, 0.55), opacity=0.4, soft=0.014, inside=head)


def _paint_opening(layer: Layer, opening: Points, top: float, gap: float, half: float) -> None:
    if gap < 0.005:
        return
    layer.fill(opening, (62, 22, 26))
    inside = layer.coverage(opening)
    layer.fill(oval(0, top, half * 1.5, gap * 0.7, 3), TEETH, inside=inside)
    layer.fill(oval(0, top + gap, half * 1.1, gap * 0.5), (178, 86, 88), inside=inside)
