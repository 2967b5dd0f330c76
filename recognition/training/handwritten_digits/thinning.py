"""Thin lines out of thick ones: what a finger's width of chalk on a wide board looks like.

Source: T. Zhang, C. Suen, A fast parallel algorithm for thinning digital patterns (1984).
"""

import cv2
import numpy as np
from numpy.typing import NDArray

_MOST_ROUNDS = 12
_BRUSH = np.array([[0.05, 0.35, 0.05], [0.35, 1.0, 0.35], [0.05, 0.35, 0.05]], np.float32)


def thin_lines(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Pictures (n, height, width) of light strokes, redrawn with lines about two pixels wide."""
    bones = np.pad(pictures > 127, ((0, 0), (1, 1), (1, 1)))
    for _ in range(_MOST_ROUNDS):
        before = int(bones.sum())
        for step in (0, 1):
            bones &= ~_removable(bones, step)
        if int(bones.sum()) == before:
            break
    drawn = [_drawn(one) for one in bones[:, 1:-1, 1:-1]]
    return np.stack(drawn) if drawn else pictures.copy()


def _removable(bones: NDArray[np.bool_], step: int) -> NDArray[np.bool_]:
    """Border pixels without which the pattern stays in one piece."""
    around = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))
    near = [np.roll(bones, (-down, -across), axis=(1, 2)) for down, across in around]
    count = np.sum(near, axis=0, dtype=np.uint8)
    turns = np.sum([~near[i] & near[(i + 1) % 8] for i in range(8)], axis=0, dtype=np.uint8)
    north, east, south, west = near[0], near[2], near[4], near[6]
    if step == 0:
        open_side = ~(north & east & south) & ~(east & south & west)
    else:
        open_side = ~(north & east & west) & ~(north & south & west)
    return np.asarray(bones & (count >= 2) & (count <= 6) & (turns == 1) & open_side)


def _drawn(bones: NDArray[np.bool_]) -> NDArray[np.uint8]:
    spread = cv2.filter2D(bones.astype(np.float32), -1, _BRUSH, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(np.clip(spread, 0, 1) * 255, np.uint8)
