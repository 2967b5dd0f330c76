"""Hair behind and before the head."""

from __future__ import annotations

import numpy as np

from tests.people.canvas import Colour, Layer, Plane, Points, grain, mirrored, oval, ribbon, smooth
from tests.people.headwear import HEADWEAR, paint_headwear
from tests.people.skin import Light, head_outline, shade
from tests.people.traits import Traits

BEHIND = ("long", "bob", "curtain", "scarf", "afro")


def _strands(layer: Layer, traits: Traits, light: Light, colour: Colour) -> Plane:
    """Return hair as a picture of the layer's size: streaks, and a band of shine."""
    x, y = layer.grid()
    rows, columns = layer.shape
    curly = traits.hair_style == "afro"
    cells = (rows // 4, columns // 4) if curly else (rows // 60, columns // 2)
    streaks = grain(traits.seed, layer.shape, cells=cells) * (0.16 if curly else 0.10)
    band = 0.30 * np.exp(-(((y + 0.72) / 0.10) ** 2))[:, None]
    side = 1 + 0.22 * light.side * x[None, :] - 0.10 * np.abs(x)[None, :]
    amount = (0.92 + streaks + band * (0.6 + 2 * streaks)) * side
    return layer.picture(colour, amount.astype(np.float32))


def paint_behind(layer: Layer, traits: Traits, light: Light) -> None:
    """Paint what hangs behind head and neck."""
    if traits.hair_style not in BEHIND:
        return
    if traits.hair_style == "afro":
        _paint_curls(layer, traits, _strands(layer, traits, light, traits.hair))
        return
    if traits.hair_style == "scarf":
        shape = smooth([(0, -0.9), (0.2, -0.85), (0.45, -0.6), (0.55, 0.1), (0.6, 0.9), (0, 1.2)])
        colour: Colour | Plane = shade(traits.scarf, 0.6)
    else:
        length = {"long": 1.32, "bob": 0.74, "curtain": 0.52}[traits.hair_style]
        wide = 0.56 + traits.hair_volume * (1.0 if traits.hair_style != "curtain" else 0.4)
        shape = smooth(
            [
                (0, -0.93), (wide * 0.45, -0.89), (wide * 0.76, -0.72), (wide * 0.92, -0.45),
                (wide, 0.0), (wide, 0.4), (wide, length * 0.75), (wide * 0.86, length),
                (0, length + 0.05),
            ]
        )  # fmt: skip
        colour = _strands(layer, traits, light, shade(traits.hair, 0.62))
    layer.fill(np.vstack([shape, mirrored(shape)[::-1]]), colour)


def _hairline(traits: Traits) -> Points:
    """Return the inner edge of the hair, from the right temple over the brow to the left."""
    top, part, cheek = traits.hairline, traits.parting, traits.cheek
    temple = [(cheek + 0.02, 0.10), (cheek - 0.025, -0.12)]
    edges: dict[str, list[tuple[float, float]]] = {
        "parted": [*temple, (0.38, -0.38), (part + 0.12, top + 0.03), (part, top - 0.06),
                   (part - 0.14, top + 0.05), (-0.36, top + 0.16)],
        "swept": [*temple, (0.40, -0.46), (0.22, top - 0.06), (0, top - 0.09), (-0.22, top - 0.06),
                  (-0.40, -0.46)],
        "fringe": [*temple, (0.43, -0.22), (0.25, -0.27), (0.12, -0.25), (-0.05, -0.28),
                   (-0.2, -0.25), (-0.34, -0.27), (-0.43, -0.20)],
        "receding": [*temple, (0.43, -0.42), (0.30, -0.66), (0.12, top - 0.08), (0, top - 0.03),
                     (-0.12, top - 0.08), (-0.30, -0.66), (-0.43, -0.42)],
        "curtain": [*temple, (0.46, -0.2), (0.30, -0.42), (0.03, -0.68), (-0.26, -0.42),
                    (-0.46, -0.2)],
        "long": [*temple, (0.47, -0.15), (0.36, -0.40), (part + 0.04, -0.68), (part - 0.1, -0.62),
                 (-0.36, -0.36), (-0.47, -0.12)],
        "bob": [*temple, (0.46, -0.12), (0.36, -0.32), (part + 0.25, -0.46), (part, -0.62),
                (-0.30, -0.36), (-0.46, -0.12)],
    }  # fmt: skip
    usual = [*temple, (0.42, -0.36), (0.26, top + 0.02), (0, top), (-0.26, top + 0.02),
             (-0.42, -0.36)]  # fmt: skip
    other_temple = [(-x, y) for x, y in reversed(temple)]
    return smooth([*edges.get(traits.hair_style, usual), *other_temple])


def _cap(traits: Traits, volume: float) -> Points:
    """Return the outer edge of the hair, from the left temple over the top to the right."""
    outline = head_outline(traits)
    upper = outline[outline[:, 1] < 0.10]
    order = np.argsort(np.arctan2(upper[:, 0], -(upper[:, 1] - 0.10)))
    grown = (upper[order] - (0, 0.0)) * (1 + volume * 0.55, 1 + volume)
    # The sides hug the head where the hair meets the ear.
    near = np.clip((0.10 - upper[order][:, 1]) / 0.35, 0, 1)[:, None]
    return np.asarray(upper[order] * (1 - near) + grown * near)


def paint_hair(layer: Layer, traits: Traits, light: Light) -> None:
    """Paint the hair that lies before the head, or what covers it."""
    style = traits.hair_style
    if style in HEADWEAR:
        paint_headwear(layer, traits, light)
        return
    if style == "bald":
        return
    strands = _strands(layer, traits, light, traits.hair)
    volume = {"buzz": 0.02, "receding": 0.05, "afro": 0.16, "short": 0.10}.get(
        style, traits.hair_volume + 0.03
    )
    cap = np.vstack([_cap(traits, volume), _hairline(traits)])
    if style == "bun":
        layer.fill(oval(0, -1.02, 0.40, 0.34), strands)
    edge = ribbon(_hairline(traits), 0.05)
    layer.fill(edge, shade(traits.skin, 0.5), opacity=0.35, soft=0.02, inside=_opaque(layer))
    layer.fill(cap, strands, opacity=0.8 if style == "buzz" else 1.0, soft=0.006)
    if style in ("long", "bob", "curtain"):
        _paint_side_locks(layer, traits, strands)


def _opaque(layer: Layer) -> Plane:
    return layer.pixels[..., 3] / np.float32(255)


def _paint_curls(layer: Layer, traits: Traits, strands: Plane) -> None:
    rng = np.random.default_rng([traits.seed, 5])
    layer.fill(oval(0, -0.40, 1.30, 1.24), strands)
    for angle in np.linspace(-2.2, 2.2, 34):
        radius = 0.60 + rng.uniform(-0.02, 0.03)
        x, y = radius * np.sin(angle), -0.40 - radius * 0.95 * np.cos(angle)
        size = rng.uniform(0.14, 0.22)
        layer.fill(oval(x, y, size, size), strands)


def _paint_side_locks(layer: Layer, traits: Traits, strands: Plane) -> None:
    length = {"long": 1.18, "bob": 0.70, "curtain": 0.34}[traits.hair_style]
    outer = 0.55 + traits.hair_volume * (0.9 if traits.hair_style != "curtain" else 0.3)
    edge = traits.cheek - 0.035
    lock = smooth(
        [
            (edge - 0.06, -0.42), (outer - 0.10, -0.46), (outer - 0.01, -0.05),
            (outer + 0.02, length * 0.45), (outer - 0.01, length * 0.8), (outer - 0.12, length),
            (edge + 0.06, length * 0.86), (edge + 0.03, length * 0.5), (edge - 0.01, 0.10),
            (edge - 0.02, -0.15),
        ],
        closed=True,
    )  # fmt: skip
    for shape in (lock, mirrored(lock)):
        layer.fill(shape, strands, soft=0.004)
