"""Where a hand stands in a crop: turned, scaled, mirrored, seen at a slant, shifted.

A placing is a 3x3 matrix that takes a point of the crop (x, y of -1..1) to a point of the hand's
picture (-1..1), as grid sampling asks for it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrices = NDArray[np.float64]

# Of a hand's box, the fingers and the palm; below lies the wrist, which may leave the crop.
_SIGN_SHARE = 0.72


@dataclass(frozen=True, slots=True)
class Reach:
    """How far hands are moved."""

    turn_deg: float = 30.0
    smallest: float = 0.45
    """Longer side of the hand's box, as a share of the crop."""
    largest: float = 1.1
    slant: float = 0.1
    stretch: float = 0.1


REACH = Reach()


def placings(boxes: NDArray[np.float32], reach: Reach, random: np.random.Generator) -> Matrices:
    """Matrices (n, 3, 3) for hands whose boxes (n, 4) are left, top, right, bottom in -1..1.

    Fingers and palm stay inside the crop as far as they fit; the wrist need not.
    """
    count = len(boxes)
    turn = np.radians(reach.turn_deg) * random.uniform(-1, 1, count)
    wide, high = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    share = random.triangular(reach.smallest, 0.75, reach.largest, count)
    scale = 2 * share / np.maximum(wide, high)
    middle_x = (boxes[:, 0] + boxes[:, 2]) / 2
    middle_y = boxes[:, 1] + _SIGN_SHARE * high / 2
    half = _turned_half(wide * scale / 2, _SIGN_SHARE * high * scale / 2, turn)
    # What is larger than the crop shows its middle, give or take a little.
    room = np.maximum(1 - half, 0.03)
    at = random.uniform(-1, 1, (2, count)) * room
    flip = random.choice([-1.0, 1.0], count)
    return _matrices(middle_x, middle_y, scale, turn, at, flip, reach, random)


def nudges(count: int, random: np.random.Generator) -> Matrices:
    """Matrices that leave a whole picture nearly as it is: plain hands on their own ground."""
    zero = np.zeros(count)
    turn = np.radians(18) * random.uniform(-1, 1, count)
    scale = random.uniform(0.8, 1.2, count)
    at = random.uniform(-0.1, 0.1, (2, count))
    still = random.random(count) < 0.35
    turn[still], scale[still], at[:, still] = 0, 1, 0
    flip = random.choice([-1.0, 1.0], count)
    reach = Reach(slant=0.04, stretch=0.05)
    return _matrices(zero, zero, scale, turn, at, flip, reach, random)


def partly_outside(boxes: NDArray[np.float32], random: np.random.Generator) -> Matrices:
    """Matrices under which a quarter of a hand or less reaches into the crop."""
    count = len(boxes)
    wide, high = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    turn = np.radians(30) * random.uniform(-1, 1, count)
    scale = 2 * random.uniform(0.6, 1.3, count) / np.maximum(wide, high)
    half = _turned_half(wide * scale / 2, high * scale / 2, turn)
    shown = random.uniform(0.05, 0.25, count)
    at = random.uniform(-0.6, 0.6, (2, count))
    side = random.integers(0, 4, count)
    for axis in (0, 1):
        for towards in (-1, 1):
            chosen = side == 2 * axis + (towards > 0)
            beyond = towards * (1 + half[axis] * (1 - 2 * shown))
            at[axis, chosen] = beyond[chosen]
    middle_x, middle_y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    flip = random.choice([-1.0, 1.0], count)
    return _matrices(middle_x, middle_y, scale, turn, at, flip, REACH, random)


def ground_placings(count: int, random: np.random.Generator) -> Matrices:
    """Matrices for grounds: mirrored, turned a little, and enlarged so that no edge shows."""
    zero = np.zeros(count)
    turn = np.radians(15) * random.normal(0, 0.5, count)
    scale = random.uniform(1.0, 1.9, count)
    at = random.uniform(-1, 1, (2, count)) * (scale - 1)
    flip = random.choice([-1.0, 1.0], count)
    return _matrices(zero, zero, scale, turn, at, flip, Reach(slant=0.0), random)


def _turned_half(
    half_wide: NDArray[np.float64], half_high: NDArray[np.float64], turn: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Half the sides (2, n) of the upright box around a turned one."""
    cosine, sine = np.abs(np.cos(turn)), np.abs(np.sin(turn))
    return np.stack(
        [
            half_wide * cosine + half_high * sine,
            half_wide * sine + half_high * cosine,
        ]
    )


def _matrices(
    middle_x: NDArray[np.float64],
    middle_y: NDArray[np.float64],
    scale: NDArray[np.float64],
    turn: NDArray[np.float64],
    at: NDArray[np.float64],
    flip: NDArray[np.float64],
    reach: Reach,
    random: np.random.Generator,
) -> Matrices:
    """Move to the crop's middle, slant, turn back, scale back, mirror, move to the hand."""
    count = len(scale)
    moved = _unit(count)
    moved[:, 0, 2], moved[:, 1, 2] = -at[0], -at[1]
    slanted = _unit(count)
    slanted[:, 2, :2] = random.uniform(-reach.slant, reach.slant, (count, 2))
    turned = _unit(count)
    turned[:, 0, 0] = turned[:, 1, 1] = np.cos(turn)
    turned[:, 0, 1], turned[:, 1, 0] = -np.sin(turn), np.sin(turn)
    stretch = np.exp(random.uniform(-reach.stretch, reach.stretch, count))
    sized = _unit(count)
    sized[:, 0, 0], sized[:, 1, 1] = flip * stretch / scale, 1 / (stretch * scale)
    back = _unit(count)
    back[:, 0, 2], back[:, 1, 2] = middle_x, middle_y
    return np.asarray(back @ sized @ turned @ slanted @ moved)


def _unit(count: int) -> Matrices:
    return np.tile(np.eye(3), (count, 1, 1))
