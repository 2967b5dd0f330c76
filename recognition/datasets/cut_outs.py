"""Cuts a hand out of its light ground, softly, so that it can stand before another one.

The ground is a smooth surface of colour, fitted robustly; what differs from it seeds GrabCut; along
the border the share of hand in each pixel is found by projecting its colour on the line between the
ground's colour and the hand's nearby, and the ground's light is taken out of the hand's colour.

Sources: C. Rother, V. Kolmogorov, A. Blake, GrabCut (2004); A. Smith, J. Blinn, Blue screen matting
(1996).
"""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.values import Image

Floats = NDArray[np.float32]
Mask = NDArray[np.uint8]

_SMALL = np.ones((3, 3), np.uint8)
# Colour distances in 8-bit Lab. Paper and its soft shadows stay below the first, skin lies above
# the last.
_SURELY_GROUND, _MAYBE_HAND, _SURELY_HAND = 9.0, 16.0, 26.0
# A hand fills this share of its picture; less or more means that the cut went wrong.
_LEAST_SHARE, _MOST_SHARE = 0.06, 0.75
_HOLE_PX = 12


@dataclass(frozen=True, slots=True, eq=False)
class CutOut:
    """A hand without its ground."""

    colour: Image
    """The hand's own colours, carried on beyond its border."""
    alpha: Mask
    """0 ground, 255 hand, of the picture's height and width."""


def cut_out(image: Image) -> CutOut | None:
    """Cut out the hand of an RGB picture; None where no believable hand was found."""
    distance, warmth = _difference(image)
    hand = _segmented(image, distance, warmth)
    if hand is None or not _LEAST_SHARE <= hand.mean() <= _MOST_SHARE:
        return None
    inside = cv2.erode(hand, _SMALL) > 0
    outside = cv2.dilate(hand, _SMALL) == 0
    picture = image.astype(np.float32)
    own, ground = _carried_on(picture, inside), _carried_on(picture, outside)
    line = own - ground
    length = np.maximum((line * line).sum(-1), 200.0)
    share = np.clip((((picture - ground) * line).sum(-1) / length - 0.08) / 0.84, 0, 1)
    soft = cv2.GaussianBlur(hand.astype(np.float32), (0, 0), 0.8)
    alpha = np.where(inside, 1.0, np.where(outside, 0.0, 0.7 * share + 0.3 * soft))
    return CutOut(
        np.clip(own, 0, 255).astype(np.uint8), np.clip(alpha * 255, 0, 255).astype(np.uint8)
    )


def _difference(image: Image) -> tuple[Floats, Floats]:
    """How far each pixel lies from the ground, and how much warmer it is."""
    sharp = cv2.cvtColor(image, cv2.COLOR_RGB2LAB).astype(np.float32)
    lab = np.asarray(cv2.bilateralFilter(sharp, 5, 12, 3), np.float32)
    rest = lab - _ground(lab)
    chroma = rest[..., 1] ** 2 + rest[..., 2] ** 2
    return (
        np.sqrt(2 * chroma + (0.5 * rest[..., 0]) ** 2).astype(np.float32),
        (rest[..., 1] + rest[..., 2]).astype(np.float32),
    )


def _ground(lab: NDArray[np.float32]) -> Floats:
    """A cubic surface through the light ground, refitted to what lies near it."""
    height, width = lab.shape[:2]
    terms = _terms(height, width)
    values = lab.reshape(-1, 3).astype(np.float64)
    ring = np.ones((height, width), np.bool_)
    ring[6:, 6:-6] = False
    light = values[:, 0] > np.percentile(values[:, 0], 40)
    usual = np.median(values[ring.ravel() & light], axis=0)
    darker = 0.3 * np.maximum(0, usual[0] - values[:, 0])
    kept = np.hypot(values[:, 1] - usual[1], values[:, 2] - usual[2]) + darker < 14
    surface = np.broadcast_to(usual, values.shape)
    for _ in range(8):
        if kept.sum() < 0.04 * len(values):
            break
        near_terms = terms[kept]
        # Ten unknowns: their normal equations are quicker than a decomposition, and as good.
        square = near_terms.T @ near_terms + 1e-6 * np.eye(terms.shape[1])
        surface = terms @ np.linalg.solve(square, near_terms.T @ values[kept])
        rest = values - surface
        near = 2 * (rest[:, 1] ** 2 + rest[:, 2] ** 2) + (0.6 * rest[:, 0]) ** 2
        kept = near < 100
    return surface.reshape(lab.shape).astype(np.float32)


@cache
def _terms(height: int, width: int) -> NDArray[np.float64]:
    y, x = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
    powers = [x**i * y**j for i in range(4) for j in range(4 - i)]
    return np.stack(powers, axis=-1).reshape(height * width, -1)


def _segmented(image: Image, distance: Floats, warmth: Floats) -> Mask | None:
    """1 on the hand, 0 elsewhere; None where nothing is warm enough to be one."""
    sure = ((distance > _SURELY_HAND) & (warmth > 8)).astype(np.uint8)
    sure = _largest(np.asarray(cv2.morphologyEx(sure, cv2.MORPH_OPEN, _SMALL), np.uint8))
    if not sure.any():
        return None
    marks = np.full(distance.shape, cv2.GC_BGD, np.uint8)
    marks[distance > _SURELY_GROUND] = cv2.GC_PR_BGD
    marks[distance > _MAYBE_HAND] = cv2.GC_PR_FGD
    marks[cv2.erode(sure, _SMALL) > 0] = cv2.GC_FGD
    if not {cv2.GC_BGD, cv2.GC_FGD} <= set(np.unique(marks).tolist()):
        return None
    cv2.setRNGSeed(0)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    bgr = np.ascontiguousarray(image[..., ::-1])
    nowhere = (0, 0, 0, 0)
    cv2.grabCut(bgr, marks, nowhere, *models, 3, cv2.GC_INIT_WITH_MASK)
    hand = _largest(((marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD)).astype(np.uint8))
    return _without_holes(hand, distance)


def _largest(mask: Mask) -> Mask:
    """Its largest connected part."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    if count < 2:
        return mask
    return np.asarray(labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA])), np.uint8)


def _without_holes(hand: Mask, distance: Floats) -> Mask:
    """Fill holes that do not show the ground: nails, rings, deep shadows; not that of a zero."""
    filled = hand.copy()
    count, labels, stats, _ = cv2.connectedComponentsWithStats(1 - hand, connectivity=4)
    for label in range(1, count):
        hole = labels == label
        if stats[label, cv2.CC_STAT_AREA] < _HOLE_PX or np.median(distance[hole]) > 14:
            filled[hole] = 1
    return filled


def _carried_on(picture: Floats, known: NDArray[np.bool_], reach: float = 2.0) -> Floats:
    """The colours where they are known, and elsewhere the mean of those nearby."""
    weight = known.astype(np.float32)
    near, near_weight = _blurred(picture, weight, reach)
    far, far_weight = _blurred(picture, weight, reach * 5)
    guess = np.where(
        near_weight > 0.02, near / np.maximum(near_weight, 1e-4), far / np.maximum(far_weight, 1e-6)
    )
    return np.where(known[..., None], picture, guess).astype(np.float32)


def _blurred(picture: Floats, weight: Floats, reach: float) -> tuple[Floats, Floats]:
    sum_near = cv2.GaussianBlur(picture * weight[..., None], (0, 0), reach)
    share = np.asarray(cv2.GaussianBlur(weight, (0, 0), reach), np.float32)
    return np.asarray(sum_near, np.float32), share[..., None]
