"""Door videos made of photographs, for whole runs on real faces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition import Engine, decode, load_engine
from tests.people.canvas import Pixels
from tests.people.scene import SensorNoise
from tests.people.video import VideoFile

FACE_PX = (180.0, 220.0)  # the face's width when its owner comes, and when they stand
SWAY_PX = 5.0
AROUND = 0.6  # how much of the photograph is shown on each side, in face widths
GREY = 128


@dataclass(frozen=True)
class Cutting:
    """The part of a photograph around its largest face, and that face's place in it."""

    pixels: Pixels
    face_px: float
    centre: tuple[float, float]


def cut_face(photograph: Path, engine: Engine) -> Cutting:
    """Cut the largest face with its surroundings out of a photograph.

    Raises ValueError where there is no face, DecodeError where it is no picture.
    """
    picture = decode(photograph.read_bytes())
    faces = engine.find(picture, min_face=40, thorough=True)
    if not faces:
        raise ValueError(f"no face was found in {photograph}")
    box = faces[0].box
    margin = AROUND * box.width
    left, top = max(0, round(box.left - margin)), max(0, round(box.top - margin))
    right, bottom = round(box.right + margin), round(box.bottom + margin)
    centre_x, centre_y = box.center
    part = np.ascontiguousarray(picture[top:bottom, left:right])
    return Cutting(part, box.width, (centre_x - left, centre_y - top))


def _placed(cutting: Cutting, face_px: float, at: tuple[float, float]) -> NDArray[np.float64]:
    scale = face_px / cutting.face_px
    x, y = cutting.centre
    return np.array([[scale, 0, at[0] - scale * x], [0, scale, at[1] - scale * y]])


def visit_frames(
    cuttings: Sequence[Cutting], *, seconds: float, fps: float, size: tuple[int, int]
) -> Iterator[Pixels]:
    """Show a person's cuttings in turn: the face comes nearer while it sways a little."""
    height, width = size
    count = round(seconds * fps)
    for index in range(count):
        share = index / max(1, count - 1)
        near = min(1.0, 2 * share)
        face_px = FACE_PX[0] + (FACE_PX[1] - FACE_PX[0]) * near
        sway = SWAY_PX * np.array([np.sin(9 * share), np.cos(7 * share)])
        at = (width / 2 + float(sway[0]), height / 2 + float(sway[1]))
        cutting = cuttings[min(int(share * len(cuttings)), len(cuttings) - 1)]
        frame = np.full((height, width, 3), GREY, np.uint8)
        cv2.warpAffine(
            cutting.pixels,
            _placed(cutting, face_px, at),
            (width, height),
            dst=frame,
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_TRANSPARENT,
        )
        yield frame


def write_walk_up_video_from_photos(
    path: Path,
    visits: Sequence[Sequence[Path]],
    *,
    seconds_each: float = 3.0,
    gap_s: float = 1.0,
    fps: float = 15,
    size: tuple[int, int] = (480, 640),
    engine: Engine | None = None,
) -> int:
    """Write a door video of photographs and return the number of its frames.

    Each visit is the photographs of one person; they share its `seconds_each`, with the
    face 180 to 220 pixels wide. Grey background lies before, between and after. `path`
    ends in .mp4, `size` is (height, width). Raises ValueError for a visit without
    photographs or a photograph without a face, DecodeError, OSError.
    """
    if not all(visits):
        raise ValueError("a visit needs at least one photograph")
    engine = engine or load_engine()
    noise = SensorNoise(*size, deviation=1.2)
    empty = np.full((*size, 3), GREY, np.uint8)
    gap = round(gap_s * fps)
    count = 0
    with VideoFile(path, fps=fps, size=size) as video:
        for photographs in visits:
            cuttings = [cut_face(photograph, engine) for photograph in photographs]
            shown = visit_frames(cuttings, seconds=seconds_each, fps=fps, size=size)
            for frame in (*[empty] * gap, *shown):
                video.write(noise.over(frame))
                count += 1
        for _ in range(gap):
            video.write(noise.over(empty))
    return count + gap
