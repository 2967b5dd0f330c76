"""Other hands, distances, cameras and backgrounds, made of the drawings that there are.

Works on ink: uint8 (64, 64), 255 on the lines. Everything is drawn from the generator given.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.sign_letters.preprocess import SIDE, preprocess_grey

Ink = NDArray[np.uint8]
Random = np.random.Generator

# Some stay nearly as they are, so that what the data shows plainly is learnt plainly.
_PLAIN = 0.25
_MIRRORED = 0.5
_CLUTTERED = 0.4
_SPECKLED = 0.5
_CLEARED = 0.5
_FADED = 0.3
_BENT = 0.8
_THICKER_OR_THINNER = 0.4
# Components of fewer pixels are creases and noise that another camera would not show.
_CREASE_PX = (10, 60)


def augmented(ink: Ink, random: Random) -> Ink:
    """Another picture of the same sign."""
    if random.random() < _PLAIN:
        return _shifted(ink, random)
    if random.random() < _CLEARED:
        ink = _without_creases(ink, int(random.integers(*_CREASE_PX)))
    if random.random() < _BENT:
        ink = _bent(ink, random)
    ink = _moved(ink, random)
    if random.random() < _THICKER_OR_THINNER:
        ink = _other_lines(ink, random)
    if random.random() < _FADED:
        ink = _faded(ink, random)
    if random.random() < _CLUTTERED:
        ink = _before_clutter(ink, clutter(random), random)
    if random.random() < _SPECKLED:
        ink = _speckled(ink, random)
    return ink


def clutter(random: Random, hands: NDArray[np.uint8] | None = None) -> Ink:
    """A picture without a sign: cloth, walls, things, faces, pieces of hands, or nearly nothing.

    `hands` (n, 64, 64) of ink are what pieces are taken from.
    """
    kind = random.integers(0, 7)
    if kind == 0:
        return _speckled(np.zeros((SIDE, SIDE), np.uint8), random)
    if kind == 1:
        return _texture(random)
    if kind in (2, 3, 6):
        return _face(random)
    if kind == 4 and hands is not None:
        return _pieces(hands[random.integers(len(hands))], random)
    return _things(random)


def _shifted(ink: Ink, random: Random) -> Ink:
    """A few pixels to the side, and the other hand at times."""
    if random.random() < _MIRRORED:
        ink = np.ascontiguousarray(ink[:, ::-1])
    right, down = random.integers(-4, 5, 2)
    matrix = np.array([[1, 0, right], [0, 1, down]], np.float32)
    return np.asarray(cv2.warpAffine(ink, matrix, (SIDE, SIDE)), np.uint8)


def _bent(ink: Ink, random: Random) -> Ink:
    """Another hand: fingers longer or shorter, thicker or thinner, by a smooth bend of the plane.

    Source: P. Simard, D. Steinkraus, J. Platt, Best practices for convolutional networks (2003).
    """
    knots = int(random.integers(3, 6))
    reach = random.uniform(0.5, 4.0)
    field = random.normal(0, reach, (2, knots, knots)).astype(np.float32)
    x, y = (cv2.resize(one, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC) for one in field)
    rows, columns = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    bent = cv2.remap(ink, columns + x, rows + y, cv2.INTER_LINEAR)
    return np.asarray(bent, np.uint8)


def _moved(ink: Ink, random: Random) -> Ink:
    """Turned, scaled, sheared, shifted, mirrored: another place in the box, the other hand."""
    angle, scale = np.deg2rad(random.normal(0, 9)), random.uniform(0.68, 1.18)
    shear = random.normal(0, 0.06)
    flip = -1 if random.random() < _MIRRORED else 1
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = scale * turn @ np.array([[flip, shear], [0, random.uniform(0.88, 1.14)]])
    middle = np.full(2, (SIDE - 1) / 2)
    shift = random.uniform(-0.14, 0.14, 2) * SIDE
    matrix = np.column_stack([linear, middle + shift - linear @ middle])
    moved = cv2.warpAffine(ink, matrix, (SIDE, SIDE), flags=cv2.INTER_AREA)
    return np.asarray(moved, np.uint8)


def _other_lines(ink: Ink, random: Random) -> Ink:
    """Thicker, thinner or softer lines: another sharpness or distance of the camera."""
    wide = cv2.GaussianBlur(ink, (0, 0), random.uniform(0.5, 1.0)).astype(np.float32)
    return np.asarray(np.clip(wide * random.uniform(0.8, 2.2), 0, 255), np.uint8)


def _faded(ink: Ink, random: Random) -> Ink:
    """Lines that are weaker here and there, as where light falls straight on a finger."""
    coarse = random.uniform(0.1, 1.4, (4, 4)).astype(np.float32)
    left = cv2.resize(coarse, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.clip(ink * left, 0, 255), np.uint8)


def _without_creases(ink: Ink, smallest: int) -> Ink:
    count, labels, stats, _ = cv2.connectedComponentsWithStats((ink > 60).astype(np.uint8))
    small = np.flatnonzero(stats[:count, cv2.CC_STAT_AREA] < smallest)
    return np.where(np.isin(labels, small), 0, ink).astype(np.uint8)


def _before_clutter(ink: Ink, behind: Ink, random: Random) -> Ink:
    """Clutter everywhere but within the hull of the hand's lines, in places only."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats((ink > 60).astype(np.uint8))
    large = np.flatnonzero(stats[1:, cv2.CC_STAT_AREA] >= _CREASE_PX[0]) + 1
    points = np.argwhere(np.isin(labels, large))[:, ::-1].astype(np.int32)
    covered = np.zeros_like(ink)
    if len(points) >= 3:
        cv2.fillConvexPoly(covered, cv2.convexHull(np.ascontiguousarray(points)), 255)
    coarse = random.random((4, 4), np.float32)
    there = cv2.resize(coarse, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC) > random.uniform(0, 0.9)
    return np.maximum(ink, np.where((covered == 0) & there, behind, 0)).astype(np.uint8)


def _speckled(ink: Ink, random: Random) -> Ink:
    """The dots that a camera's noise leaves."""
    share = random.uniform(0, 0.03)
    dots = random.random((SIDE, SIDE)) < share
    grey = random.integers(30, 256, (SIDE, SIDE), np.uint8)
    return np.where(dots, np.maximum(ink, grey), ink).astype(np.uint8)


def _texture(random: Random) -> Ink:
    """Cloth, plaster, foliage: noise of one grain, thresholded as a frame is."""
    side = int(random.integers(6, 60))
    grain = random.integers(0, 256, (side, side), np.uint8)
    if random.random() < 0.5:  # checked or striped
        grain = np.repeat(grain[:, :1], side, axis=1) // 2 + np.repeat(grain[:1], side, axis=0) // 2
    soft = cv2.resize(grain, (SIDE * 2, SIDE * 2), interpolation=cv2.INTER_CUBIC)
    return np.asarray(255 - preprocess_grey(np.asarray(soft, np.uint8)), np.uint8)


def _things(random: Random) -> Ink:
    """Edges of things: lines, ovals, boxes and their like."""
    ink = np.zeros((SIDE, SIDE), np.uint8)
    for _ in range(random.integers(1, 9)):
        one, two = random.integers(-10, SIDE + 10, (2, 2)).tolist()
        grey, wide = int(random.integers(120, 256)), int(random.integers(1, 3))
        kind = random.integers(0, 4)
        if kind == 0:
            cv2.line(ink, one, two, grey, wide, cv2.LINE_AA)
        elif kind == 1:
            cv2.rectangle(ink, one, two, grey, wide)
        elif kind == 2:
            axes = random.integers(2, 30, 2).tolist()
            turned, opened = float(random.uniform(0, 180)), float(random.uniform(90, 360))
            cv2.ellipse(ink, one, axes, turned, 0, opened, grey, wide, cv2.LINE_AA)
        else:
            points = np.cumsum(random.normal(0, 7, (12, 2)), axis=0) + random.uniform(0, SIDE, 2)
            cv2.polylines(ink, [points.astype(np.int32)], False, grey, wide, cv2.LINE_AA)
    return ink


def _face(random: Random) -> Ink:
    """A face as the threshold leaves it: outline, hair, eyes, brows, nose and mouth."""
    ink = _things(random) if random.random() < 0.3 else np.zeros((SIDE, SIDE), np.uint8)
    size = random.uniform(10, 34)
    middle = random.uniform(18, SIDE - 18, 2)
    wide, high = size * random.uniform(0.65, 0.85), size

    def oval(x: float, y: float, across: float, down: float, start: float, end: float) -> None:
        grey, thick = int(random.integers(100, 256)), int(random.integers(1, 3))
        at = (round(middle[0] + x * wide), round(middle[1] + y * high))
        axes = (max(1, round(across * wide)), max(1, round(down * high)))
        cv2.ellipse(ink, at, axes, float(random.normal(0, 6)), start, end, grey, thick, cv2.LINE_AA)

    oval(0, 0, 1, 1, *((0, 360) if random.random() < 0.4 else (-20, 200)))
    if random.random() < 0.8:  # hair
        oval(0, -0.15, random.uniform(0.9, 1.2), random.uniform(0.8, 1.1), 180, 360)
    for side in (-0.4, 0.4):
        oval(side, -0.15, 0.18, 0.07, 0, 360)
        oval(side, -0.35, 0.25, 0.06, 190, 350)
    oval(0, 0.15, 0.14, 0.12, 20, 160)
    oval(0, 0.5, random.uniform(0.2, 0.4), random.uniform(0.02, 0.14), 0, 360)
    for side in (-0.5, 0.5):  # neck
        oval(side, 1.3, 0.05, 0.4, 0, 360)
    return ink


def _pieces(ink: Ink, random: Random) -> Ink:
    """A hand cut into small squares and laid down again in another order: lines, but no sign."""
    side = 8
    across = SIDE // side
    tiles = ink.reshape(across, side, across, side).swapaxes(1, 2).reshape(-1, side, side)
    mixed = tiles[random.permutation(len(tiles))].reshape(across, across, side, side)
    return np.ascontiguousarray(mixed.swapaxes(1, 2).reshape(SIDE, SIDE))
