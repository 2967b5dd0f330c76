"""Draws points, and what follows from them, over a picture."""

import math
from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np

from recognition.keypoints.head_pose import HeadPose, head_pose
from recognition.keypoints.points import Points
from recognition.keypoints.predictor import Keypoints
from recognition.keypoints.ratios import ratios
from recognition.values import Image

_LINE, _POINT, _NOSE = (22, 130, 64), (255, 255, 255), (230, 160, 20)
_INK, _PAPER = (255, 255, 255), (20, 24, 28)
# Rows that a line joins, and whether it goes back to its start.
_LINES = (
    (range(17), False),
    (range(17, 22), False),
    (range(22, 27), False),
    (range(27, 31), False),
    (range(31, 36), False),
    (range(36, 42), True),
    (range(42, 48), True),
    (range(48, 60), True),
    (range(60, 68), True),
)
_NOSE_TIP = 30
# Sixteenths of a pixel, so that points do not jump from one to the next.
_SHIFT = 4
# Below this the eyes are called closed: 4 in 100 faces of the held-out people.
EYES_CLOSED = 0.20


def draw_keypoints(image: Image, faces: Sequence[Keypoints], *, words: bool = True) -> Image:
    """Give a copy of an RGB picture with the accepted faces' points, lines and head poses.

    With `words`, yaw, pitch, roll and the ratios of eyes and mouth stand below each face. Faces
    that are not accepted are left out: their points mean nothing.
    """
    canvas = np.ascontiguousarray(image).copy()
    for face in faces:
        if face.accepted:
            _draw_face(canvas, face, words=words)
    return canvas


def _draw_face(canvas: Image, face: Keypoints, *, words: bool) -> None:
    thick = max(1, round(face.frame.side / 150))
    for rows, closed in _LINES:
        path = [_at(face.points, row) for row in rows]
        for one, other in pairwise([*path, path[0]] if closed else path):
            cv2.line(canvas, one, other, _LINE, thick, cv2.LINE_AA, _SHIFT)
    for row in range(len(face.points)):
        cv2.circle(canvas, _at(face.points, row), thick << _SHIFT, _POINT, -1, cv2.LINE_AA, _SHIFT)
    pose = head_pose(face.points)
    if pose is None:
        return
    _draw_nose(canvas, face, pose, thick)
    if words:
        _write(canvas, face, pose)


def _draw_nose(canvas: Image, face: Keypoints, pose: HeadPose, thick: int) -> None:
    """An arrow from the nose's tip to where it points."""
    yaw, pitch, roll = (math.radians(angle) for angle in (pose.yaw, pose.pitch, pose.roll))
    x, y = math.sin(yaw) * math.cos(pitch), -math.sin(pitch)
    turn = np.array([[math.cos(roll), -math.sin(roll)], [math.sin(roll), math.cos(roll)]])
    tip = face.points[_NOSE_TIP] + turn @ (x, y) * 0.8 * face.frame.side
    start, end = (tuple(round(float(v)) for v in at) for at in (face.points[_NOSE_TIP], tip))
    cv2.arrowedLine(canvas, start, end, _NOSE, thick + 1, cv2.LINE_AA, tipLength=0.2)


def _write(canvas: Image, face: Keypoints, pose: HeadPose) -> None:
    measured = ratios(face.points)
    state = "closed" if measured.eyes < EYES_CLOSED else "open"
    lines = (
        f"yaw {pose.yaw:+.0f} pitch {pose.pitch:+.0f} roll {pose.roll:+.0f}",
        f"eyes {measured.eyes:.2f} {state} mouth {measured.mouth_open:.2f}",
    )
    scale = max(0.4, face.frame.side / 420)
    sizes = [cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, 1)[0] for text in lines]
    wide, high = max(size[0] for size in sizes), sizes[0][1]
    step = round(high * 1.8)
    left = round(float(np.clip(face.frame.x - wide / 2, 2, max(2, canvas.shape[1] - wide - 4))))
    lowest = canvas.shape[0] - 2 * step - 4
    top = round(float(np.clip(face.points[:, 1].max() + 0.08 * face.frame.side, 0, max(0, lowest))))
    cv2.rectangle(canvas, (left - 3, top), (left + wide + 3, top + 2 * step), _PAPER, -1)
    for number, text in enumerate(lines, start=1):
        foot = (left, top + round((number - 0.3) * step))
        cv2.putText(canvas, text, foot, cv2.FONT_HERSHEY_SIMPLEX, scale, _INK, 1, cv2.LINE_AA)


def _at(points: Points, row: int) -> tuple[int, int]:
    """A point in sixteenths of a pixel, kept where OpenCV can draw it."""
    x, y = np.clip(points[row].astype(np.float64), -30_000, 30_000) * (1 << _SHIFT)
    return round(float(x)), round(float(y))
