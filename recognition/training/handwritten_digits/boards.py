"""Camera pictures of writing, drawn: boards and paper under uneven light, chalk, marker and pen.

What is drawn is what the camera at a door sees: a board's dust, smears and erased traces, its
frame, ruled paper, shadows, reflections, vignette, blur, noise and JPEG. All chance comes from the
generator given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.handwritten_digits.preprocess import Ink
from recognition.training.handwritten_digits.camera import photographed, seen_aslant
from recognition.values import Box, Image

Light = NDArray[np.float32]
"""Grey levels, float32 (height, width)."""
Free = tuple[int, int, int, int]
"""Pixels at the top, bottom, left and right on which nobody writes."""

# What lies around a picture and is seen from aslant, as a share of its longer side.
_MARGIN = 0.08
# Photographs darker than this grey level are written on with something light.
_DARK = 115
# Of the surface's width, a row takes at most this.
_MOST_FILLED = 0.94
# Symbols stand at least this share of the surface's width and height away from its borders.
_LEAST_AWAY = 0.015


class Surface(StrEnum):
    """What is written on."""

    BLACKBOARD = "blackboard"
    WHITEBOARD = "whiteboard"
    PAPER = "paper"


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A picture of writing, and where each symbol stands."""

    image: Image
    boxes: tuple[Box, ...]
    surface: Surface


def draw_scene(
    inks: Sequence[Ink],
    random: np.random.Generator,
    *,
    size: tuple[int, int] = (240, 320),
    surface: Surface | None = None,
    background: Image | None = None,
) -> Scene:
    """Write symbols in a row on a surface and take its picture; no symbols give an empty board.

    `size` is (height, width). `background` stands for a drawn surface: the writing is laid on a
    photograph of the same size, light where the photograph is dark and dark where it is light.
    A drawn surface is seen more or less aslant.
    """
    kind = surface or list(Surface)[int(random.integers(len(Surface)))]
    if background is not None:
        return _on_photograph(inks, random, background, kind)
    margin = round(_MARGIN * max(size))
    whole = (size[0] + 2 * margin, size[1] + 2 * margin)
    colour, ground, frame = _ground(kind, random, whole, margin)
    layer, boxes = _row(inks, random, whole, frame)
    written = _written(ground, layer, random, light=kind is Surface.BLACKBOARD)
    lit = (written[:, :, np.newaxis] * _tinted(colour, layer)).astype(np.float32)
    seen, boxes = seen_aslant(lit, boxes, random, margin=margin)
    return Scene(photographed(seen, random), boxes, kind)


def _on_photograph(
    inks: Sequence[Ink], random: np.random.Generator, background: Image, kind: Surface
) -> Scene:
    ground = cv2.cvtColor(background, cv2.COLOR_RGB2GRAY).astype(np.float32)
    layer, boxes = _row(inks, random, background.shape[:2], (0, 0, 0, 0))
    written = _written(ground, layer, random, light=float(ground.mean()) < _DARK)
    lit = background.astype(np.float32) + (written - ground)[:, :, np.newaxis]
    return Scene(photographed(lit, random), boxes, kind)


def _ground(
    kind: Surface, random: np.random.Generator, size: tuple[int, int], margin: int
) -> tuple[NDArray[np.float64], Light, Free]:
    """Colour (the channels' share of the grey) and light of an empty surface, and its frame."""
    colour = {
        Surface.BLACKBOARD: ((0.85, 1.08, 0.98), (1.0, 1.0, 1.0), (0.8, 1.05, 1.02)),
        Surface.WHITEBOARD: ((1.0, 1.0, 1.0), (0.98, 1.0, 1.03)),
        Surface.PAPER: ((1.0, 1.0, 1.0), (1.04, 1.0, 0.9), (1.1, 1.0, 0.8)),
    }[kind]
    base = {
        Surface.BLACKBOARD: random.uniform(30, 120),
        Surface.WHITEBOARD: random.uniform(160, 225),
        Surface.PAPER: random.uniform(130, 235),
    }[kind]
    light = np.full(size, base, np.float32) * _uneven(random, size)
    if kind is Surface.BLACKBOARD:
        light += _dust(random, size)
    elif random.random() < 0.5:
        light -= _ruling(random, size, float(random.uniform(4, 26)))
    free = (margin, margin, margin, margin)
    if random.random() < 0.25:
        free = _frame(light, random, margin)
    return np.asarray(colour[int(random.integers(len(colour)))]), light, free


def _uneven(random: np.random.Generator, size: tuple[int, int]) -> Light:
    """A slope, a soft shadow or reflection, a vignette, sometimes the hard edge of a shadow."""
    height, width = size
    down, across = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    slope = random.uniform(-0.25, 0.25, 2)
    light = 1 + slope[0] * down + slope[1] * across
    light -= float(random.uniform(0, 0.25)) * (down**2 + across**2) / 2
    x, y = random.uniform(-1, 1, 2)
    spread = float(random.uniform(0.1, 0.8))
    spot = np.exp(-((across - x) ** 2 + (down - y) ** 2) / spread)
    light += float(random.uniform(-0.25, 0.35)) * spot
    if random.random() < 0.2:
        turn = float(random.uniform(0, 2 * np.pi))
        shaded = across * np.cos(turn) + down * np.sin(turn) > random.uniform(-0.6, 0.6)
        light *= 1 - float(random.uniform(0.1, 0.4)) * cv2.GaussianBlur(
            shaded.astype(np.float32), (0, 0), float(random.uniform(1, 6))
        )
    return np.asarray(np.clip(light, 0.25, 1.8), np.float32)


def _dust(random: np.random.Generator, size: tuple[int, int]) -> Light:
    """Chalk dust: the eraser's streaks, smears, traces of erased writing and specks."""
    height, width = size
    fine = random.normal(0, 1, size).astype(np.float32)
    angle = float(random.uniform(0, np.pi))
    kernel = np.zeros((31, 31), np.float32)
    reach = np.array([np.cos(angle), np.sin(angle)]) * 15
    ends = [tuple(int(value) for value in np.round(15 + side * reach)) for side in (-1, 1)]
    cv2.line(kernel, ends[0], ends[1], 1.0)
    streaks = cv2.filter2D(fine, -1, kernel / kernel.sum())
    dust = float(random.uniform(0, 12)) * streaks / max(float(streaks.std()), 1e-6) / 2
    layer = np.zeros(size, np.float32)
    for _ in range(int(random.integers(0, 5))):
        points = (random.random((4, 2)) * (width, height)).astype(np.int32).reshape(-1, 1, 2)
        strength, thick = float(random.uniform(5, 22)), int(random.integers(4, width // 8))
        smear = np.zeros(size, np.float32)
        cv2.polylines(smear, [points], False, strength, thick)
        layer += cv2.GaussianBlur(smear, (0, 0), thick / 3)
    if random.random() < 0.4:
        _trace(layer, random)
    for _ in range(int(random.integers(0, 14))):
        spot = tuple(int(value) for value in random.random(2) * (width, height))
        cv2.circle(layer, spot, int(random.integers(0, 2)), float(random.uniform(20, 90)), -1)
    return np.asarray(dust + layer, np.float32)


def _trace(layer: Light, random: np.random.Generator) -> None:
    """A word that was wiped away, almost."""
    height, width = layer.shape
    wiped = np.zeros(layer.shape, np.uint8)
    text = "".join(random.choice(list("ABEFHKMNRTWXaehkmnrtwx"), 4))
    place = (int(random.uniform(0, width * 0.6)), int(random.uniform(height * 0.2, height)))
    scale, strength = height / 200, float(random.uniform(8, 24))
    cv2.putText(wiped, text, place, cv2.FONT_HERSHEY_SIMPLEX, scale, strength, 2)
    layer += cv2.GaussianBlur(wiped.astype(np.float32), (0, 0), 0.8)


def _ruling(random: np.random.Generator, size: tuple[int, int], strength: float) -> Light:
    """Lines or squares of an exercise book."""
    light = np.zeros(size, np.float32)
    space = int(random.integers(size[0] // 14, size[0] // 4))
    first = int(random.integers(space))
    light[first::space] = strength
    if random.random() < 0.5:
        light[:, first::space] = strength
    return light


def _frame(light: Light, random: np.random.Generator, margin: int) -> Free:
    """The board's frame or the edge of the paper along one side or two."""
    free = [margin] * 4
    for side in random.choice(4, int(random.integers(1, 3)), replace=False):
        thick = margin + int(random.uniform(0.01, 0.09) * min(light.shape)) + 1
        grey = float(random.uniform(20, 240))
        bands = (np.s_[:thick, :], np.s_[-thick:, :], np.s_[:, :thick], np.s_[:, -thick:])
        light[bands[int(side)]] = grey
        free[int(side)] = thick
    return free[0], free[1], free[2], free[3]


def _row(
    inks: Sequence[Ink], random: np.random.Generator, size: tuple[int, int], free: Free
) -> tuple[Ink, tuple[Box, ...]]:
    """Symbols side by side, somewhere in the picture; they may stand near its border."""
    layer = np.zeros(size, np.float32)
    if not inks:
        return layer, ()
    height, width = size[0] - free[0] - free[1], size[1] - free[2] - free[3]
    high = float(random.uniform(0.2, 0.85)) * height
    sized = [_brought_to(_tight(ink), high * float(random.uniform(0.9, 1.1))) for ink in inks]
    space = [float(random.uniform(0.15, 0.5)) * high for _ in inks[1:]]
    wide = sum(ink.shape[1] for ink in sized) + sum(space)
    if wide > _MOST_FILLED * width:
        scale = _MOST_FILLED * width / wide
        sized = [_brought_to(ink, scale * ink.shape[0]) for ink in sized]
        space = [scale * gap for gap in space]
        wide *= scale
    tall = max(ink.shape[0] for ink in sized)
    left = free[2] + _anywhere(random, width, wide)
    top = free[0] + _anywhere(random, height, tall)
    boxes = []
    for index, ink in enumerate(sized):
        x, y = int(left), int(top + random.uniform(0, 0.1) * (tall - ink.shape[0]))
        part = layer[y : y + ink.shape[0], x : x + ink.shape[1]]
        np.maximum(part, ink[: part.shape[0], : part.shape[1]], out=part)
        boxes.append(Box(x, y, x + ink.shape[1], y + ink.shape[0]))
        left += ink.shape[1] + (space[index] if index < len(space) else 0)
    return layer, tuple(boxes)


def _anywhere(random: np.random.Generator, length: float, taken: float) -> float:
    """Where something begins that stands in a length, a little away from both its ends."""
    least = _LEAST_AWAY * length
    return float(random.uniform(least, max(least, length - taken - least)))


def _tight(ink: Ink) -> Ink:
    rows, columns = np.flatnonzero((ink > 0.3).any(1)), np.flatnonzero((ink > 0.3).any(0))
    if not len(rows):
        return ink
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _brought_to(ink: Ink, height: float) -> Ink:
    """Scaled to a height in pixels with clean borders, as a stroke has at any size."""
    scale = height / ink.shape[0]
    size = (max(2, round(ink.shape[1] * scale)), max(2, round(height)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    scaled = cv2.resize(ink, size, interpolation=way)
    if scale > 1.5:  # a small picture's soft border would stay soft: cut it at the middle
        scaled = cv2.GaussianBlur(scaled, (0, 0), 0.35 * scale)
        scaled = (scaled - 0.5) * scale + 0.5
    return np.asarray(np.clip(scaled, 0, 1), np.float32)


def _written(ground: Light, layer: Ink, random: np.random.Generator, *, light: bool) -> Light:
    """The writing on its ground: light chalk is rough and has gaps, marker and pen are even."""
    contrast = float(random.uniform(45, 130))
    covering = layer
    if light:
        rough = cv2.GaussianBlur(
            random.random(layer.shape).astype(np.float32), (0, 0), float(random.uniform(0.6, 1.4))
        )
        rough = (rough - rough.mean()) / max(float(rough.std()), 1e-6)
        covering = layer * np.clip(1 - float(random.uniform(0, 0.35)) * (rough + 0.3), 0, 1.1)
    if light:
        return np.asarray(ground + covering * np.minimum(contrast, 250 - ground), np.float32)
    dark = ground * (1 - min(0.95, contrast / max(float(ground.mean()), 1)))
    return np.asarray(ground + covering * (dark - ground), np.float32)


def _tinted(colour: NDArray[np.float64], layer: Ink) -> NDArray[np.float64]:
    """The surface's colour, which strokes do not have."""
    return np.asarray(colour + (1 - colour) * layer[:, :, np.newaxis], np.float64)
