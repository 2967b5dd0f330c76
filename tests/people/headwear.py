"""What covers a head: a scarf, a turban, a knitted cap."""

from __future__ import annotations

import numpy as np

from tests.people.canvas import Layer, Plane, grain, mirrored, ribbon, smooth
from tests.people.skin import Light, shade
from tests.people.traits import Traits

HEADWEAR = ("scarf", "turban", "beanie")


def paint_headwear(layer: Layer, traits: Traits, light: Light) -> None:
    """Paint what this person's `hair_style` names, one of HEADWEAR."""
    if traits.hair_style == "scarf":
        _paint_scarf(layer, traits, light)
    elif traits.hair_style == "turban":
        _paint_turban(layer, traits, light)
    else:
        _paint_beanie(layer, traits, light)


def _cloth(layer: Layer, traits: Traits, light: Light) -> Plane:
    x, y = layer.grid()
    rows, columns = layer.shape
    folds = grain(traits.seed, layer.shape, cells=(rows // 90, columns // 40)) * 0.06
    amount = (1.0 + folds) * (1 + 0.25 * light.side * x[None, :] - 0.12 * np.abs(x)[None, :])
    amount = amount * (1.04 - 0.10 * np.clip(y, -1, 1)[:, None])
    return layer.picture(traits.scarf, amount.astype(np.float32))


def _paint_scarf(layer: Layer, traits: Traits, light: Light) -> None:
    cloth = _cloth(layer, traits, light)
    outer = smooth([(0, -0.96), (0.42, -0.82), (0.60, -0.4), (0.63, 0.2), (0.58, 0.7), (0.7, 1.2),
                    (0.5, 1.5), (0, 1.55)])  # fmt: skip
    chin = traits.chin_y
    inner = smooth([(0, traits.hairline + 0.05), (0.30, traits.hairline + 0.14),
                    (traits.cheek - 0.05, -0.12), (traits.cheek - 0.03, 0.2),
                    (traits.jaw, 0.46), ((traits.jaw + traits.chin) / 2 - 0.02, chin - 0.13),
                    (traits.chin * 0.6, chin - 0.035), (0, chin - 0.02)])  # fmt: skip
    for side in (1, -1):
        half = np.vstack([outer, inner[::-1]]) * (side, 1)
        layer.fill(half, cloth)
        hem = ribbon(inner * (side, 1), 0.025)
        layer.fill(hem, shade(traits.scarf, 0.6), opacity=0.55, soft=0.010)


def _paint_crown(
    layer: Layer,
    traits: Traits,
    light: Light,
    *,
    wide: float,
    height: float,
    edge: float,
    dip: float,
) -> None:
    half = smooth(
        [
            (0, height), (wide * 0.7, height + 0.12), (wide, -0.55), (wide * 0.97, -0.24),
            (wide * 0.8, edge + 0.06), (0.22, edge - 0.04), (0, edge - dip),
        ]
    )  # fmt: skip
    layer.fill(np.vstack([half, mirrored(half)[::-1]]), _cloth(layer, traits, light))


def _paint_turban(layer: Layer, traits: Traits, light: Light) -> None:
    wide, height = 0.66, -1.10
    _paint_crown(layer, traits, light, wide=wide, height=height, edge=-0.33, dip=0.10)
    for row in range(5):
        low = np.array([(-wide * 0.98, -0.30), (-0.25, -0.42 - 0.04 * row), (0.12, height + 0.1)])
        fold = smooth(low - (0, 0.09 * row) * np.array([[1.0], [0.8], [0.0]]))
        for side in (1, -1):
            stroke = ribbon(fold * (side, 1), 0.016)
            layer.fill(stroke, shade(traits.scarf, 0.6), opacity=0.5, soft=0.007)


def _paint_beanie(layer: Layer, traits: Traits, light: Light) -> None:
    wide, dark = 0.56, shade(traits.scarf, 0.6)
    _paint_crown(layer, traits, light, wide=wide, height=-1.02, edge=-0.36, dip=0.05)
    brim = smooth([(-wide, -0.44), (-0.3, -0.55), (0, -0.57), (0.3, -0.55), (wide, -0.44)])
    layer.fill(ribbon(brim, 0.02), dark, opacity=0.7, soft=0.006)
    for x in np.linspace(-0.5, 0.5, 15):
        rib = np.array([(x * 1.02, -0.50 - 0.04 * (1 - (x / 0.5) ** 2)), (x * 1.05, -0.37)])
        layer.fill(ribbon(rib, 0.012), dark, opacity=0.4, soft=0.004)
