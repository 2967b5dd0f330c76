"""Beards: regions of short hairs over the skin."""

from __future__ import annotations

import numpy as np

from tests.people.canvas import Layer, Plane, Points, grain, mirrored, oval, smooth
from tests.people.skin import shade
from tests.people.traits import Traits


def paint_beard(layer: Layer, traits: Traits, head: Plane) -> None:
    """Paint stubble, a full beard, a goatee or a moustache."""
    if traits.beard == "none":
        return
    moustache, chin, jaw = _beard_shapes(traits)
    shapes = {
        "stubble": (moustache, jaw), "full": (moustache, jaw),
        "goatee": (moustache, chin), "moustache": (moustache,), "strap": (jaw,),
        "long": (moustache, jaw, oval(0, traits.chin_y + 0.03, traits.jaw * 1.35, 0.52)),
    }[traits.beard]  # fmt: skip
    region = layer.coverage(*shapes, soft=0.022)
    if traits.beard == "long":
        lips = oval(0, traits.mouth_y + 0.02, traits.mouth_width * 1.02, 0.16)
        region *= 1 - layer.coverage(lips, soft=0.012)
    if traits.beard in ("stubble", "moustache"):
        region = region * head
    _paint_hairs(layer, traits, region, 0.38 if traits.beard == "stubble" else 0.92)


def _beard_shapes(traits: Traits) -> tuple[Points, Points, Points]:
    half, y, chin = traits.mouth_width / 2, traits.mouth_y, traits.chin_y
    right = smooth([(0, y - 0.105), (half * 0.6, y - 0.08), (half + 0.045, y + 0.03),
                    (half * 0.9, y - 0.005), (half * 0.4, y - 0.035), (0, y - 0.032)])  # fmt: skip
    moustache = np.vstack([right, mirrored(right)[::-1]])
    goatee = smooth([(0, y + 0.085), (half * 0.8, y + 0.05), (half + 0.04, y + 0.02),
                     (half + 0.02, y + 0.18), (half * 0.6, chin + 0.03),
                     (0, chin + 0.05)])  # fmt: skip
    side = smooth([(0, y + 0.095), (half * 0.9, y + 0.07), (half + 0.06, y), (0.34, y - 0.08),
                   (traits.cheek - 0.06, 0.12), (traits.cheek + 0.01, 0.05),
                   (traits.cheek - 0.005, 0.3), (traits.jaw + 0.065, 0.48),
                   (traits.chin + 0.09, chin - 0.03), (0, chin + 0.07)])  # fmt: skip
    return (
        moustache,
        np.vstack([goatee, mirrored(goatee)[::-1]]),
        np.vstack([side, mirrored(side)[::-1]]),
    )


def _paint_hairs(layer: Layer, traits: Traits, region: Plane, strength: float) -> None:
    """Darken the region with short hairs; strength 0..1."""
    rows, columns = layer.shape
    dots = grain(traits.seed + 3, layer.shape, cells=(rows // 2, columns // 2))
    texture = region * np.clip(strength * (0.85 + 0.35 * dots), 0, 1).astype(np.float32)
    whole = np.array([(-9.0, -9.0), (9.0, -9.0), (9.0, 9.0), (-9.0, 9.0)])
    layer.fill(whole, shade(traits.hair, 0.9), inside=texture)
