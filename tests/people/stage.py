"""Puts a figure into a camera's frame: where it stands, how the head turns and tilts."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.people.canvas import Pixels, Plane
from tests.people.portrait import Figure, Sheet

FACE_CENTRE = (0.0, 0.20)  # the middle of a detector's box, from the middle of the eyes
NECK = (0.0, 0.85)
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Pose:
    """Where a person stands: the face's centre and width in pixels, tilt in degrees, turn -1..1."""

    at: tuple[float, float]
    face_px: float
    tilt: float = 0.0
    turn: float = 0.0


def _placement(pose: Pose) -> Matrix:
    """Return the 2x3 matrix from face widths to pixels."""
    angle = np.deg2rad(pose.tilt)
    turn = pose.face_px * np.array(
        [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    )
    shift = np.array(pose.at) - turn @ np.array(FACE_CENTRE)
    return np.column_stack([turn, shift])


def place(frame: Pixels, figure: Figure, pose: Pose) -> None:
    """Paint the figure into the RGB frame (h, w, 3)."""
    head = _placement(pose)
    body = _placement(Pose(pose.at, pose.face_px))
    # The body stands upright and follows the neck of the tilted head.
    body[:, 2] += head @ (*NECK, 1.0) - body @ (*NECK, 1.0)
    _paste(frame, figure.behind, head, 0.0)
    _paste(frame, figure.body, body, 0.0)
    _paste(frame, figure.head, head, pose.turn)


def _fitting(sheet: Sheet, face_px: float) -> Sheet:
    while sheet.scale > 1.8 * face_px:
        sheet = sheet.halved
    return sheet


def _paste(frame: Pixels, sheet: Sheet, matrix: Matrix, turn: float) -> None:
    sheet = _fitting(sheet, float(np.hypot(matrix[0, 0], matrix[1, 0])))
    extent = sheet.extent
    xs, ys = (extent.left, extent.right), (extent.top, extent.bottom)
    corners = np.array([(x, y, 1.0) for x in xs for y in ys]) @ matrix.T
    low = np.maximum(np.floor(corners.min(axis=0)).astype(int), 0)
    high = np.minimum(np.ceil(corners.max(axis=0)).astype(int), (frame.shape[1], frame.shape[0]))
    if (high <= low).any():
        return
    back: Matrix = np.asarray(cv2.invertAffineTransform(matrix), dtype=np.float64)
    # Frame pixel -> sheet pixel, for a window that starts at `low`.
    back = back * sheet.scale
    back[:, 2] += back[:, :2] @ low - np.array([extent.left, extent.top]) * sheet.scale
    size = (int(high[0] - low[0]), int(high[1] - low[1]))
    if turn and sheet.depth is not None:
        warped = _turned(sheet.pixels, sheet.depth, back, size, turn * sheet.scale)
    else:
        warped = _straight(sheet.pixels, back, size)
    _compose(frame[low[1] : high[1], low[0] : high[0]], warped)


def _straight(pixels: Pixels, back: Matrix, size: tuple[int, int]) -> Pixels:
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(pixels, back, size, flags=flags), dtype=np.uint8)


def _turned(
    pixels: Pixels, depth: Plane, back: Matrix, size: tuple[int, int], shift_px: float
) -> Pixels:
    """Return the sheet with what stands out shifted sideways, by `shift_px` for each depth."""
    x, y = np.meshgrid(np.arange(size[0], dtype=np.float32), np.arange(size[1], dtype=np.float32))
    m = back.astype(np.float32)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    shift = cv2.warpAffine(depth, back, size, flags=flags) * np.float32(shift_px)
    source_x = m[0, 0] * x + m[0, 1] * y + m[0, 2] - shift
    source_y = m[1, 0] * x + m[1, 1] * y + m[1, 2]
    return np.asarray(cv2.remap(pixels, source_x, source_y, cv2.INTER_LINEAR), dtype=np.uint8)


def _compose(window: Pixels, over: Pixels) -> None:
    clear = cv2.merge([255 - over[..., 3]] * 3)
    kept = cv2.multiply(window, clear, scale=1 / 255)
    cv2.add(kept, np.ascontiguousarray(over[..., :3]), dst=kept)
    window[:] = kept
