"""Symbols drawn with a pen of any width: digits, letters, print, scribbles and other shapes.

Each function gives ink: float32 (height, width), 0..1. All chance comes from the generator given.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.handwritten_digits.preprocess import Ink
from recognition.training.handwritten_digits.shapes import (
    DIGIT_SHAPES,
    LETTER_SHAPES,
    Shape,
    Stroke,
)

_CANVAS = 128
_MARGIN = 24
# Sixteenths of a pixel: cv2's fixed-point coordinates.
_SHIFT = 4

# As in LETTER_SHAPES, those that could be digits are left out.
_PRINTED = "ABCDEFGHJKLMNPQRTUVWXYacdefhkmnprtuvwx#&?%@=+*"
_WORDS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# With and without serifs, and script.
_FONTS = (
    cv2.FONT_HERSHEY_SIMPLEX,
    cv2.FONT_HERSHEY_DUPLEX,
    cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_TRIPLEX,
    cv2.FONT_HERSHEY_SCRIPT_SIMPLEX,
)


def digit(value: int, random: np.random.Generator) -> Ink:
    """A digit in one of the ways it is written."""
    return _written(DIGIT_SHAPES[value], random, most_jitter=0.045 if value else 0.02)


def letter(random: np.random.Generator) -> Ink:
    """A letter or sign, written or printed."""
    if random.random() < 0.65:
        return _written(LETTER_SHAPES, random, most_jitter=0.03)
    return _put(_PRINTED[int(random.integers(len(_PRINTED)))], random)


def word(random: np.random.Generator) -> Ink:
    """Two or three letters that run into one another."""
    return _put("".join(random.choice(list(_WORDS), int(random.integers(2, 4)))), random)


def _written(shapes: tuple[Shape, ...], random: np.random.Generator, *, most_jitter: float) -> Ink:
    shape = shapes[int(random.integers(len(shapes)))]
    frame = _frame(random)
    width = float(random.choice([2, 3, 4, 6, 8, 11, 15]))
    jitter = float(random.uniform(0.0, most_jitter))
    return _pen([_curve(stroke, random, jitter) for stroke in shape], frame, width)


def scribble(random: np.random.Generator) -> Ink:
    """A curve through points that mean nothing."""
    strokes = [
        _curve(tuple(map(tuple, random.random((int(random.integers(3, 9)), 2)))), random, 0.0)
        for _ in range(int(random.integers(1, 4)))
    ]
    return _pen(strokes, _frame(random), float(random.choice([2, 3, 5, 8, 12])))


def figure(random: np.random.Generator) -> Ink:
    """Crosses, arrows, ticks, bars, boxes and filled shapes."""
    draw = (_lines, _filled, _polygon)[int(random.integers(3))]
    return draw(random)


def _lines(random: np.random.Generator) -> Ink:
    """Two to five straight lines, some of them parallel or crossed; or one that is level."""
    width = float(random.choice([2, 4, 7, 11]))
    if random.random() < 0.3:
        rise = float(random.uniform(-0.3, 0.3))
        level = np.array([[0.0, 0.5 - rise / 2], [1.0, 0.5 + rise / 2]])
        return _pen([level], _frame(random, slim=False), width)
    lines = [random.random((2, 2)) for _ in range(int(random.integers(2, 6)))]
    if random.random() < 0.4:
        lines = [lines[0], lines[0] + random.uniform(0.15, 0.4, 2)]
    return _pen(lines, _frame(random, slim=False), width)


def _polygon(random: np.random.Generator) -> Ink:
    corners = int(random.integers(3, 7))
    turn = np.sort(random.random(corners)) * 2 * np.pi
    points = 0.5 + 0.5 * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    closed = np.concatenate([points, points[:1]])
    if random.random() < 0.3:
        closed = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]], np.float64)
    return _pen([closed], _frame(random, slim=False), float(random.choice([2, 4, 7])))


def _filled(random: np.random.Generator) -> Ink:
    canvas = np.zeros((_CANVAS, _CANVAS), np.uint8)
    for _ in range(int(random.integers(1, 4))):
        middle = tuple(int(value) for value in random.integers(40, 88, 2))
        axes = tuple(int(value) for value in random.integers(16, 40, 2))
        cv2.ellipse(canvas, middle, axes, float(random.uniform(0, 180)), 0, 360, 255, -1)
    rough = cv2.GaussianBlur(random.random((_CANVAS, _CANVAS)).astype(np.float32), (0, 0), 3)
    edge = cv2.GaussianBlur(canvas, (0, 0), 4).astype(np.float32) / 255
    return np.asarray(edge + 2 * (rough - 0.5) > 0.5, np.float32)


def _frame(random: np.random.Generator, *, slim: bool = True) -> NDArray[np.float64]:
    """The affine map from the box 0..1 to the canvas: size, slant and tilt of a hand."""
    high = _CANVAS - 2 * _MARGIN
    wide = high * float(random.uniform(0.45, 0.85) if slim else random.uniform(0.4, 1.0))
    slant, tilt = float(random.normal(0.08, 0.16)), float(random.normal(0, 0.08))
    across = np.array([[wide, -slant * high], [tilt * wide, high]])
    middle = np.array([_CANVAS / 2, _CANVAS / 2]) - across @ np.array([0.5, 0.5])
    return np.concatenate([across, middle[:, np.newaxis]], axis=1)


def _curve(stroke: Stroke, random: np.random.Generator, jitter: float) -> NDArray[np.float64]:
    """Points along a Catmull-Rom curve through a stroke's points; equal neighbours are a corner."""
    given = np.asarray(stroke, np.float64)
    repeated = np.concatenate([[False], (given[1:] == given[:-1]).all(axis=1)])
    moved = given + random.normal(0, jitter, given.shape) if jitter else given.copy()
    for index in np.flatnonzero(repeated):
        moved[index] = moved[index - 1]
    parts = np.split(moved, np.flatnonzero(repeated))
    return np.concatenate([_smooth(part) for part in parts if len(part) > 1])


def _smooth(points: NDArray[np.float64]) -> NDArray[np.float64]:
    padded = np.concatenate([points[:1], points, points[-1:]])
    steps = np.linspace(0, 1, 12)[:, np.newaxis]
    pieces = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        linear, square = c - a, 2 * a - 5 * b + 4 * c - d
        cube = -a + 3 * b - 3 * c + d
        pieces.append(0.5 * (2 * b + linear * steps + square * steps**2 + cube * steps**3))
    return np.concatenate(pieces)


def _pen(strokes: list[NDArray[np.float64]], frame: NDArray[np.float64], width: float) -> Ink:
    canvas = np.zeros((_CANVAS, _CANVAS), np.uint8)
    for stroke in strokes:
        points = stroke @ frame[:, :2].T + frame[:, 2]
        fixed = np.round(points * 2**_SHIFT).astype(np.int32).reshape(-1, 1, 2)
        cv2.polylines(canvas, [fixed], False, 255, round(width), cv2.LINE_AA, _SHIFT)
    return np.asarray(canvas / np.float32(255), np.float32)


def _put(text: str, random: np.random.Generator) -> Ink:
    """Print, of any weight, slanted a little."""
    font = _FONTS[int(random.integers(len(_FONTS)))]
    width = int(random.choice([2, 3, 5, 8]))
    scale = float(random.uniform(1.6, 2.6))
    (wide, high), below = cv2.getTextSize(text, font, scale, width)
    margin = 30
    canvas = np.zeros((high + below + 2 * margin, wide + 2 * margin), np.uint8)
    cv2.putText(canvas, text, (margin, margin + high), font, scale, 255, width, cv2.LINE_AA)
    slant = float(random.normal(0, 0.1))
    shear = np.array([[1.0, -slant, slant * canvas.shape[0] / 2], [0.0, 1.0, 0.0]])
    slanted = cv2.warpAffine(canvas, shear, (canvas.shape[1], canvas.shape[0]))
    return np.asarray(slanted / np.float32(255), np.float32)
