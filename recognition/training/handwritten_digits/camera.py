"""The camera's part in a drawn picture: where it stands, its lens, its sensor, its JPEG."""

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.values import Box, Image

Lit = NDArray[np.float32]
"""Grey levels of a scene, float32 (height, width, 3)."""

# Longest side of a picture in pixels: a thumbnail, and more than the finder works on.
_SMALLEST, _LARGEST = 110, 640
# Height by width: lying, square, standing, wide.
_SHAPES = (0.75, 0.75, 1.0, 1.33, 0.5625)
# How far the corners of what the camera sees lie outside of where they would lie straight ahead.
_ASLANT = 0.9


def any_size(random: np.random.Generator) -> tuple[int, int]:
    """Height and width of a picture of any size that matters to the finder."""
    longest = float(np.exp(random.uniform(np.log(_SMALLEST), np.log(_LARGEST))))
    shape = _SHAPES[int(random.integers(len(_SHAPES)))]
    return round(longest * min(1.0, shape)), round(longest * min(1.0, 1 / shape))


def seen_aslant(
    lit: Lit, boxes: tuple[Box, ...], random: np.random.Generator, *, margin: int
) -> tuple[Lit, tuple[Box, ...]]:
    """What a camera sees that does not stand straight before a scene.

    `margin` pixels of the scene lie around what it would see straight ahead; so many are lost.
    """
    height, width = lit.shape[0] - 2 * margin, lit.shape[1] - 2 * margin
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    outwards = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], np.float32)
    moved = corners + margin + outwards * random.uniform(0, _ASLANT * margin, (4, 2))
    turn = np.asarray(cv2.getPerspectiveTransform(moved.astype(np.float32), corners), np.float64)
    seen = cv2.warpPerspective(
        lit, turn, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(seen, np.float32), tuple(_moved(box, turn) for box in boxes)


def photographed(lit: Lit, random: np.random.Generator) -> Image:
    """Through a lens, onto a sensor, into a JPEG."""
    soft = np.asarray(cv2.GaussianBlur(lit, (0, 0), float(random.uniform(0.3, 1.1))), np.float32)
    if random.random() < 0.15:
        soft += _reflection(random, lit.shape[0], lit.shape[1])[:, :, np.newaxis]
    noise = random.normal(0, float(random.uniform(0.5, 5)), (*lit.shape[:2], 1))
    image = np.clip(soft + noise, 0, 255).astype(np.uint8)
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(60, 96))]
    coded = cv2.imencode(".jpg", image, quality)[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)


def _reflection(random: np.random.Generator, height: int, width: int) -> NDArray[np.float32]:
    """A lamp or a window in a shiny board: a bright spot over whatever is written there."""
    down, across = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j].astype(np.float32)
    x, y = random.random(2)
    wide, high = random.uniform(0.03, 0.2, 2)
    spot = np.exp(-(((across - x) / wide) ** 2) - ((down - y) / high) ** 2)
    return np.asarray(float(random.uniform(30, 120)) * spot, np.float32)


def _moved(box: Box, turn: NDArray[np.float64]) -> Box:
    """The rectangle around a box that was turned."""
    corners = np.array(
        [
            [
                [box.left, box.top],
                [box.right, box.top],
                [box.right, box.bottom],
                [box.left, box.bottom],
            ]
        ],
        np.float64,
    )
    ((left, top), (right, bottom)) = (
        edge(cv2.perspectiveTransform(corners, turn)[0], axis=0) for edge in (np.min, np.max)
    )
    return Box(float(left), float(top), float(right), float(bottom))
