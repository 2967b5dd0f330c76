"""What a person wears: glasses before the eyes, and the body's clothes below the neck."""

from __future__ import annotations

import numpy as np

from tests.people.canvas import Colour, Layer, Plane, Points, grain, mirrored, oval, ribbon, smooth
from tests.people.skin import Light, shade
from tests.people.traits import Traits

TROUSERS: tuple[Colour, ...] = ((44, 46, 56), (70, 66, 62), (36, 44, 66))
HIP = 3.3


def paint_glasses(layer: Layer, traits: Traits) -> None:
    """Paint the glasses that this person wears, if any."""
    if traits.glasses == "none":
        return
    power, width, height, thick, colour = {
        "round": (2.0, 0.37, 0.34, 0.016, (132, 104, 62)),
        "square": (4.5, 0.40, 0.27, 0.022, (52, 54, 66)),
        "heavy": (3.4, 0.42, 0.31, 0.044, (28, 24, 26)),
        "large": (2.6, 0.47, 0.40, 0.020, (168, 136, 72)),
        "half": (3.6, 0.39, 0.26, 0.012, (96, 98, 106)),
        "red": (2.6, 0.40, 0.29, 0.034, (158, 36, 44)),
    }[traits.glasses]
    centre = max(traits.eye_gap / 2, width / 2 + 0.035)
    for side in (-1, 1):
        lens = oval(side * centre, 0.02, width, height, power)
        layer.fill(lens, (225, 235, 245), opacity=0.05)
        rim = np.vstack([lens, lens[:2]])
        layer.fill(ribbon(rim, thick), colour)
        if traits.glasses == "half":
            layer.fill(ribbon(lens[24:], 0.034), (34, 32, 36))
        temple = np.array([(centre + width / 2, -0.02), (traits.cheek + 0.02, -0.03)])
        layer.fill(ribbon(temple * (side, 1), thick), colour)
        across = np.array([(-0.10, 0.08), (-0.02, -0.08)])
        glint = ribbon(np.add(across, (side * centre, 0.02)), 0.02)
        layer.fill(glint, (255, 255, 255), opacity=0.10, soft=0.006)
    bridge = smooth([(-centre + width / 2, -0.01), (0, -0.035), (centre - width / 2, -0.01)])
    layer.fill(ribbon(bridge, thick), colour)


def _cloth(layer: Layer, traits: Traits, light: Light, colour: Colour) -> Plane:
    x, _ = layer.grid()
    rows, columns = layer.shape
    cells = (max(3, rows // 130), max(3, columns // 60))
    folds = grain(traits.seed + 9, layer.shape, cells=cells) * 0.045
    side = 1 + 0.14 * light.side * x[None, :] - 0.10 * (x[None, :] / 1.2) ** 2
    return layer.picture(colour, ((1 + folds) * side).astype(np.float32))


def _torso(traits: Traits) -> Points:
    broad = 1.02 + 0.22 * traits.masculine
    half = smooth(
        [
            (0.20, 0.98), (0.46, 1.08), (broad * 0.78, 1.20), (broad, 1.45), (broad + 0.10, 2.0),
            (broad + 0.14, 2.9), (broad + 0.10, 3.9), (broad - 0.12, 4.0),
            (broad - 0.16, HIP + 0.3),
        ]
    )  # fmt: skip
    return np.vstack([half, mirrored(half)[::-1]])


def paint_body(layer: Layer, traits: Traits, light: Light) -> None:
    """Paint neck, torso with arms, and legs, as far down as the layer reaches."""
    cloth = _cloth(layer, traits, light, traits.shirt)
    if layer.extent.bottom > HIP:
        trousers = TROUSERS[traits.seed % len(TROUSERS)]
        for side in (-1, 1):
            leg = np.array([(0.03, HIP), (0.86, HIP), (0.70, 8.2), (0.12, 8.2)])
            layer.fill(leg * (side, 1), _cloth(layer, traits, light, trousers))
            layer.fill(oval(side * 0.46, 8.3, 0.66, 0.36, 2.6), (38, 32, 32))
            hand = oval(side * (1.06 + 0.22 * traits.masculine), 4.1, 0.26, 0.44)
            layer.fill(hand, shade(traits.skin, 0.9))
    layer.fill(_torso(traits), cloth)
    for side in (-1, 1):
        arm = smooth([(0.80, 1.75), (0.86, 2.4), (0.88, 3.4)]) * (side, 1)
        layer.fill(
            ribbon(arm, [0.01, 0.035, 0.03]), shade(traits.shirt, 0.55), opacity=0.6, soft=0.015
        )
    _paint_neck(layer, traits)
    _paint_collar(layer, traits, cloth)


def _paint_neck(layer: Layer, traits: Traits) -> None:
    half = 0.255 + 0.075 * traits.masculine
    side = smooth(
        [(half, 0.35), (half, 0.80), (half + 0.03, 0.98), (half + 0.16, 1.10), (0.10, 1.30)]
    )
    neck = np.vstack([side, mirrored(side)[::-1]])
    layer.fill(neck, shade(traits.skin, 0.80))
    inside = layer.coverage(neck)
    under_jaw = oval(0, traits.chin_y - 0.02, 0.86, 0.34)
    layer.fill(under_jaw, shade(traits.skin, 0.46), opacity=0.75, soft=0.06, inside=inside)


def _paint_collar(layer: Layer, traits: Traits, cloth: Plane) -> None:
    dark = shade(traits.shirt, 0.62)
    if traits.collar == 0:  # a round neck
        band = smooth([(-0.44, 1.02), (-0.26, 1.19), (0, 1.27), (0.26, 1.19), (0.44, 1.02)])
        below = np.vstack([band, [(0.6, 1.5), (-0.6, 1.5)]])
        layer.fill(below, cloth)
        layer.fill(ribbon(band, 0.05), dark, opacity=0.8)
        return
    if traits.collar == 2:  # a jacket over a light shirt
        lapel = np.array([(0.28, 1.02), (0.62, 1.14), (0.42, 1.9), (0.02, 2.9), (-0.02, 2.4)])
        layer.fill(
            np.array([(-0.32, 1.05), (0.32, 1.05), (0.05, 2.7), (-0.05, 2.7)]), (232, 232, 230)
        )
        for side in (-1, 1):
            layer.fill(lapel * (side, 1), shade(traits.shirt, 0.72))
    flap = np.array(
        [(0.275, 0.90), (0.37, 1.02), (0.42, 1.16), (0.27, 1.44), (0.0, 1.235), (0.16, 1.13)]
    )
    colour = (244, 244, 242) if traits.collar == 2 else shade(traits.shirt, 1.12)
    for side in (-1, 1):
        layer.fill(flap * (side, 1) + (0, 0.012), dark, opacity=0.5, soft=0.012)
        layer.fill(flap * (side, 1), colour)
