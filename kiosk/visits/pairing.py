"""Which face of this frame is which face of the last one."""

from collections.abc import Sequence
from itertools import product
from math import dist

from recognition import Box

ENOUGH_OVERLAP = 0.3
"""Intersection over union of one face in two frames a tenth of a second apart is above this."""
STEP = 0.6
"""A face that moved by less than this share of its width, between two looks, may be the same."""
GROWTH = 1.6
"""A face does not grow or shrink by more than this between two looks."""


def pair(known: Sequence[Box], seen: Sequence[Box]) -> dict[int, int]:
    """Match boxes of the last frame to those of this one: indices known -> seen.

    Greedy, best overlap first, then nearest centre; each box is used at most once. Faces before
    a door are few and do not cross in a tenth of a second: nothing cleverer is needed.
    """
    candidates = []
    for (i, old), (j, new) in product(enumerate(known), enumerate(seen)):
        overlap = old.iou(new)
        if overlap >= ENOUGH_OVERLAP:
            candidates.append((0, -overlap, i, j))
        elif _one_step(old, new):
            candidates.append((1, dist(old.center, new.center), i, j))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, i, j in sorted(candidates):
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs


def _one_step(old: Box, new: Box) -> bool:
    small, large = sorted((old.width, new.width))
    if small <= 0 or large > GROWTH * small:
        return False
    return dist(old.center, new.center) <= STEP * large
