"""Grounds that are drawn: what doors have behind a hand and the photographs have too little of.

Walls, wood, checked and striped cloth, folds, bricks, bright windows, shelves, writing, hair, skin
without a hand, colours run into each other, noise, clutter. All from a seed.
"""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.datasets.photographs import GROUND_PX
from recognition.values import Image

Random = np.random.Generator
Canvas = NDArray[np.floating[Any]]

_SKINS = np.array([[236, 196, 168], [214, 164, 130], [190, 140, 104], [150, 102, 74], [98, 66, 48]])


def drawn_grounds(count: int, *, seed: int, faces: bool = True) -> list[Image]:
    """So many RGB grounds of all kinds in turn, GROUND_PX on a side; without `faces` no heads."""
    kinds = [kind for kind in _KINDS if faces or kind is not _drawn_face]
    out = []
    for number in range(count):
        random = np.random.default_rng((seed, number))
        canvas = kinds[number % len(kinds)](random)
        if random.random() < 0.3:
            canvas = _cluttered(canvas, random)
        out.append(np.clip(_lit(canvas, random), 0, 255).astype(np.uint8))
    return out


def _colour(random: Random, *, pale: float = 0.0) -> Canvas:
    plain = random.uniform(0, 255, 3)
    grey = plain.mean()
    mixed = grey + (plain - grey) * random.uniform(0.1, 1)
    return np.asarray(mixed * (1 - pale) + 255 * pale, np.float32)


def _flat(colour: Canvas) -> Canvas:
    return np.full((GROUND_PX, GROUND_PX, 3), colour, np.float32)


def _cloud(random: Random, cells: int, *, tall: int | None = None) -> Canvas:
    """Smooth noise of about -1..1, (GROUND_PX, GROUND_PX, 1)."""
    small = random.normal(0, 0.6, (tall or cells, cells)).astype(np.float32)
    big = cv2.resize(small, (GROUND_PX, GROUND_PX), interpolation=cv2.INTER_CUBIC)
    return np.asarray(big[..., None], np.float32)


def _lit(canvas: Canvas, random: Random) -> Canvas:
    """Light from a side, and a lamp's spot."""
    y, x = np.mgrid[-1 : 1 : GROUND_PX * 1j, -1 : 1 : GROUND_PX * 1j]
    turn = random.uniform(0, 2 * np.pi)
    ramp = 1 + random.uniform(0, 0.4) * (np.cos(turn) * x + np.sin(turn) * y)
    spot = np.exp(-((x - random.normal()) ** 2 + (y - random.normal()) ** 2) * 2)
    return np.asarray(canvas * (ramp + random.uniform(0, 0.5) * spot)[..., None], np.float32)


def _paper(random: Random) -> Canvas:
    canvas = _flat(_colour(random, pale=random.uniform(0.5, 0.9)))
    return canvas + 6 * _cloud(random, 4) + random.normal(0, 2, canvas.shape)


def _wall(random: Random) -> Canvas:
    canvas = _flat(_colour(random, pale=random.uniform(0, 0.6)))
    canvas = canvas + random.uniform(2, 14) * _cloud(random, int(random.integers(3, 60)))
    if random.random() < 0.4:
        edge = int(random.integers(GROUND_PX))
        canvas[:, edge:] = canvas[:, edge:] * random.uniform(0.5, 1.2)
    return canvas + random.normal(0, 4, canvas.shape)


def _wood(random: Random) -> Canvas:
    base = np.array([random.uniform(90, 210), 0, 0], np.float32)
    base[1] = base[0] * random.uniform(0.6, 0.8)
    base[2] = base[1] * random.uniform(0.45, 0.8)
    y, x = np.mgrid[0:GROUND_PX, 0:GROUND_PX].astype(np.float32)
    bend = 12 * _cloud(random, 3)[..., 0]
    rings = np.sin((x + bend) / random.uniform(1, 6) + 0.02 * y)
    grain = _cloud(random, 60, tall=4)[..., 0]
    canvas = base * (1 + 0.1 * rings + 0.15 * grain)[..., None]
    for edge in range(0, GROUND_PX, int(random.integers(20, 80))):
        canvas[:, edge : edge + 2] *= 0.6
    return np.asarray(np.rot90(canvas, int(random.integers(2))), np.float32)


def _checks(random: Random) -> Canvas:
    """Tartan: stripes of both ways over each other."""
    across, down = _stripes(random), np.rot90(_stripes(random)).astype(np.float32)
    return np.asarray((across + down) / 2 + random.normal(0, 4, across.shape))


def _stripes(random: Random) -> Canvas:
    colours = [_colour(random) for _ in range(int(random.integers(2, 5)))]
    widths = random.integers(2, 24, len(colours))
    row = np.concatenate([np.repeat(c[None], w, 0) for c, w in zip(colours, widths, strict=True)])
    row = np.tile(row, (GROUND_PX // len(row) + 2, 1))[:GROUND_PX]
    return np.broadcast_to(row[None], (GROUND_PX, GROUND_PX, 3)).astype(np.float32)


def _striped(random: Random) -> Canvas:
    canvas = _turned(_stripes(random), random)
    return canvas * (1 + 0.2 * _cloud(random, 4))


def _folds(random: Random) -> Canvas:
    wave = np.arange(GROUND_PX, dtype=np.float32) + 20 * _cloud(random, 3)[..., 0]
    shade = 1 + random.uniform(0.1, 0.4) * np.sin(wave / random.uniform(4, 16))
    canvas = _flat(_colour(random)) * shade[..., None] + random.normal(
        0, 3, (GROUND_PX,) * 2 + (3,)
    )
    return _turned(canvas.astype(np.float32), random)


def _bricks(random: Random) -> Canvas:
    canvas = _flat(_colour(random, pale=0.4)).copy()
    high, wide = int(random.integers(8, 24)), int(random.integers(16, 50))
    colour = _colour(random)
    for number, top in enumerate(range(0, GROUND_PX, high)):
        for left in range(-wide * (number % 2) // 2, GROUND_PX, wide):
            shade = colour * random.uniform(0.75, 1.2)
            corner = (left + wide - 2, top + high - 2)
            cv2.rectangle(canvas, (left, top), corner, shade.tolist(), -1)
    return canvas + 8 * _cloud(random, 40)


def _window(random: Random) -> Canvas:
    """Panes brighter than everything else, whose light spills over their frame."""
    canvas = _wall(random) * random.uniform(0.2, 0.6)
    left, top = random.integers(-40, 70, 2).tolist()
    wide, high = random.integers(50, 140, 2).tolist()
    pane = np.zeros((GROUND_PX, GROUND_PX), np.float32)
    cv2.rectangle(pane, (left, top), (left + wide, top + high), 1.0, -1)
    for bar in (left + wide // 2, left + wide // 4):
        cv2.line(pane, (bar, 0), (bar, GROUND_PX), 0.0, int(random.integers(1, 6)))
    outside = _colour(random, pale=random.uniform(0.5, 1)) + 40 * _cloud(random, 8)
    glow = cv2.GaussianBlur(pane, (0, 0), random.uniform(4, 20))[..., None]
    sharp = cv2.GaussianBlur(pane, (0, 0), random.uniform(0.5, 2))[..., None]
    return np.asarray(canvas * (1 - sharp) + outside * sharp + 120 * glow, np.float32)


def _shelves(random: Random) -> Canvas:
    canvas = _flat(_colour(random) * 0.4).copy()
    shelf = int(random.integers(24, 60))
    for top in range(0, GROUND_PX, shelf):
        left = 0
        while left < GROUND_PX:
            wide = int(random.integers(3, 16))
            book = top + int(random.integers(2, shelf // 2))
            end = (left + wide - 1, top + shelf - 4)
            cv2.rectangle(canvas, (left, book), end, _colour(random).tolist(), -1)
            left += wide
        cv2.line(canvas, (0, top), (GROUND_PX, top), _colour(random).tolist(), 3)
    return canvas


def _writing(random: Random) -> Canvas:
    canvas = _flat(_colour(random, pale=random.uniform(0, 0.9))).astype(np.uint8)
    letters = list("ABCDEFGHKLMNPRSTUVWXYZabdeghkmnqrstw0123456789&%#")
    size = random.uniform(0.3, 2.5)
    for row in range(int(10 + 6 * size), GROUND_PX + 10, int(10 + 22 * size)):
        word = "".join(random.choice(letters, 16))
        at = (int(random.integers(-20, 20)), row)
        thick = int(random.integers(1, 4))
        cv2.putText(canvas, word, at, 0, size, _colour(random).tolist(), thick, cv2.LINE_AA)
    return _turned(canvas.astype(np.float32), random)


def _hair(random: Random) -> Canvas:
    dark = _SKINS[random.integers(5)] * random.uniform(0.1, 0.7)
    canvas = _flat(dark.astype(np.float32)).copy()
    lean = random.normal(0, 0.4)
    for _ in range(220):
        x, y = random.uniform(-20, GROUND_PX + 20, 2)
        long = random.uniform(20, 120)
        bow = lean + random.normal(0, 0.15)
        steps = np.linspace(0, 1, 8)
        line = np.stack([x + long * (bow * steps + 0.2 * steps**2), y + long * steps], 1)
        shade = (dark * random.uniform(0.4, 1.9)).tolist()
        cv2.polylines(canvas, [line.astype(np.int32)], False, shade, 1, cv2.LINE_AA)
    return canvas


def skin(random: Random) -> Canvas:
    """A skin's colour, as lamps and cameras give it."""
    return np.asarray(_SKINS[random.integers(5)] * random.uniform(0.7, 1.15, 3), np.float32)


def _skin_shapes(random: Random) -> Canvas:
    """Heads, arms and parcels of a skin's colour: all that is no hand."""
    kinds = (_wall, _folds, _gradient, _paper)
    canvas = kinds[random.integers(len(kinds))](random)
    for _ in range(int(random.integers(1, 4))):
        mask = np.zeros((GROUND_PX, GROUND_PX), np.float32)
        middle = random.integers(0, GROUND_PX, 2)
        kind = random.integers(4)
        turn = float(random.uniform(0, 180))
        if kind == 0:
            axes = (int(random.integers(15, 60)), int(random.integers(15, 70)))
            cv2.ellipse(mask, middle.tolist(), axes, turn, 0, 360, 1.0, -1)
        elif kind == 1:
            ends = (middle + random.integers(-140, 140, 2)).tolist()
            cv2.line(mask, middle.tolist(), ends, 1.0, int(random.integers(8, 44)))
        elif kind == 2:
            points = (middle + random.integers(-50, 50, (6, 2))).astype(np.int32)
            cv2.fillConvexPoly(mask, cv2.convexHull(points), 1.0)
        else:
            start = random.integers(-20, 30)
            for left in range(int(start), GROUND_PX, int(random.integers(10, 40))):
                cv2.line(mask, (left, 0), (left, GROUND_PX), 1.0, int(random.integers(3, 10)))
        soft = cv2.GaussianBlur(mask, (0, 0), random.uniform(0.5, 2))[..., None]
        shaded = skin(random) * (1 + 0.25 * _cloud(random, 4)) + 4 * _cloud(random, 50)
        canvas = np.asarray(canvas * (1 - soft) + shaded * soft, np.float32)
    return canvas


def _drawn_face(random: Random) -> Canvas:
    """A head with eyes, brows, mouth, hair and shoulders."""
    canvas = _wall(random)
    tone, dark = skin(random), skin(random) * random.uniform(0.1, 0.4)
    x, y = (GROUND_PX * random.uniform(0.3, 0.7, 2)).astype(int).tolist()
    wide = int(random.integers(18, 48))
    high = int(wide * random.uniform(1.15, 1.5))
    body = (int(wide * 2.2), high)
    cv2.ellipse(canvas, (x, y + 2 * high), body, 0, 0, 360, _colour(random).tolist(), -1)
    cv2.ellipse(canvas, (x, y - high // 4), (wide + 5, high), 0, 0, 360, dark.tolist(), -1)
    cv2.rectangle(
        canvas, (x - wide // 2, y), (x + wide // 2, y + high + 12), (tone * 0.9).tolist(), -1
    )
    cv2.ellipse(canvas, (x, y), (wide, high), 0, 0, 360, tone.tolist(), -1)
    for side in (-1, 1):
        eye = (x + side * wide // 2, y - high // 6)
        cv2.ellipse(canvas, eye, (wide // 5, wide // 9), 0, 0, 360, (235, 235, 235), -1)
        cv2.circle(canvas, eye, max(2, wide // 10), (50, 35, 25), -1)
        brow = (eye[0], eye[1] - wide // 4)
        cv2.ellipse(canvas, brow, (wide // 4, wide // 14), 0, 180, 360, dark.tolist(), 2)
    cv2.ellipse(canvas, (x, y + high // 2), (wide // 3, wide // 8), 0, 0, 180, (150, 70, 70), 3)
    cv2.line(canvas, (x, y - high // 8), (x - wide // 8, y + high // 5), (tone * 0.8).tolist(), 2)
    return cv2.GaussianBlur(canvas, (0, 0), 0.8) * (1 + 0.2 * _cloud(random, 4))


def _gradient(random: Random) -> Canvas:
    y, x = np.mgrid[0 : 1 : GROUND_PX * 1j, 0 : 1 : GROUND_PX * 1j]
    turn = random.uniform(0, np.pi)
    share = np.clip(np.cos(turn) * x + np.sin(turn) * y, 0, 1)[..., None]
    return np.asarray(_colour(random) * share + _colour(random) * (1 - share), np.float32)


def _noise(random: Random) -> Canvas:
    canvas = _flat(_colour(random)).copy()
    for cells in (3, 8, 20, 60):
        canvas = canvas + random.uniform(5, 60) * _cloud(random, cells) * random.uniform(0, 1, 3)
    return np.asarray(canvas, np.float32)


def _shapes(random: Random) -> Canvas:
    return _cluttered(_cluttered(_gradient(random), random), random)


def _cluttered(canvas: Canvas, random: Random) -> Canvas:
    """Things of any shape strewn over it."""
    canvas = np.ascontiguousarray(canvas, np.float32)
    for _ in range(int(random.integers(2, 12))):
        middle = random.integers(0, GROUND_PX, 2)
        size = int(random.integers(4, 50))
        colour = _colour(random).tolist()
        kind = random.integers(4)
        if kind == 0:
            points = (middle + random.integers(-size, size + 1, (5, 2))).astype(np.int32)
            cv2.fillPoly(canvas, [points], colour)
        elif kind == 1:
            axes = (size, int(random.integers(3, 50)))
            cv2.ellipse(
                canvas, middle.tolist(), axes, float(random.uniform(0, 180)), 0, 360, colour, -1
            )
        elif kind == 2:
            ends = (middle + random.integers(-90, 90, 2)).tolist()
            cv2.line(canvas, middle.tolist(), ends, colour, int(random.integers(1, 14)))
        else:
            cv2.rectangle(canvas, middle.tolist(), (middle + size).tolist(), colour, -1)
    return np.asarray(cv2.GaussianBlur(canvas, (0, 0), random.uniform(0.4, 1.5)), np.float32)


def _turned(canvas: Canvas, random: Random) -> Canvas:
    middle = (GROUND_PX / 2, GROUND_PX / 2)
    turn = cv2.getRotationMatrix2D(middle, random.uniform(0, 360), random.uniform(1, 1.8))
    size = (GROUND_PX, GROUND_PX)
    return np.asarray(cv2.warpAffine(canvas, turn, size, borderMode=cv2.BORDER_REFLECT), np.float32)


_KINDS: tuple[Callable[[Random], Canvas], ...] = (
    _paper,
    _wall,
    _wood,
    _checks,
    _striped,
    _folds,
    _bricks,
    _window,
    _shelves,
    _writing,
    _hair,
    _skin_shapes,
    _skin_shapes,
    _drawn_face,
    _drawn_face,
    _gradient,
    _noise,
    _shapes,
)
