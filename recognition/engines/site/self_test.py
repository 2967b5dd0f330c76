"""Tries an engine out before anybody relies on it: whether what it gives are vectors at all."""

import numpy as np

from recognition.engines.site.engine import SiteEngine
from recognition.engines.site.manifest import EngineManifest
from recognition.errors import ModelError
from recognition.values import Image, Vectors

# The same chips again, alone or among others, must give the same vectors up to rounding.
_MAX_DIFFERENCE = 1e-3
# Different chips must not: a network that says the same of everything recognises everybody.
_MIN_DIFFERENCE = 1e-3


def self_test(engine: SiteEngine, manifest: EngineManifest) -> None:
    """Run the detector and the network on drawn pictures. Raises ModelError, naming the fault.

    Shape, dimension, finite values and a length of 1 are checked by the embedder itself with each
    run; here that they come out the same twice, whole and one by one, and differ between chips.
    """
    chips = known_chips(manifest.side_px)
    engine.find(np.full((240, 320, 3), 127, np.uint8), min_face=80)
    together = engine.embed_chips(chips)
    again = engine.embed_chips(chips)
    alone = np.concatenate([engine.embed_chips(chips[[i]]) for i in range(len(chips))])
    _same(together, again, f"The model of {manifest.name} gives other vectors the second time")
    _same(together, alone, f"The model of {manifest.name} gives other vectors in a batch")
    between = np.linalg.norm(together[:, np.newaxis] - together[np.newaxis], axis=2)
    nearest = float(between[~np.eye(len(chips), dtype=bool)].min())
    if not nearest > _MIN_DIFFERENCE * _size(together):
        raise ModelError(f"The model of {manifest.name} gives one vector for different pictures.")


def known_chips(side_px: int) -> Image:
    """Noise, a slope and a drawn face, uint8 (3, side, side, 3); always the same."""
    noise = np.random.default_rng(11).integers(0, 256, (side_px, side_px, 3), np.uint8)
    y, x = np.mgrid[:side_px, :side_px].astype(np.float64) / side_px
    slope = np.stack([x, y, (x + y) / 2], axis=2) * 255
    face = np.full((side_px, side_px, 3), 60.0)
    for at_x, at_y, wide, high, colour in (
        (0.5, 0.52, 0.36, 0.47, (224, 172, 140)),
        (0.34, 0.46, 0.07, 0.035, (40, 30, 28)),
        (0.66, 0.46, 0.07, 0.035, (40, 30, 28)),
        (0.5, 0.62, 0.05, 0.09, (196, 140, 112)),
        (0.5, 0.82, 0.14, 0.04, (150, 60, 64)),
    ):
        face[((x - at_x) / wide) ** 2 + ((y - at_y) / high) ** 2 <= 1] = colour
    return np.stack([noise, slope.astype(np.uint8), face.astype(np.uint8)])


def _same(one: Vectors, other: Vectors, fault: str) -> None:
    apart = float(np.linalg.norm(one - other, axis=1).max())
    if not apart <= _MAX_DIFFERENCE * _size(one):
        raise ModelError(f"{fault}: {apart:.1e} apart.")


def _size(vectors: Vectors) -> float:
    return max(1.0, float(np.linalg.norm(vectors, axis=1).max()))
