"""A door camera's video: people walk up one after another, stand before it, and leave."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import cv2
import numpy as np

from tests.people.canvas import Pixels
from tests.people.drawing import variation_of
from tests.people.features import Expression
from tests.people.portrait import WHOLE_BODY, figure
from tests.people.scene import SensorNoise, corridor
from tests.people.stage import Pose, place

FAR_PX, NEAR_PX = 50.0, 200.0
STANDING_S = 1.6
GAP_S = 0.7
ENDING_S = 2.0
BLINK_S = 0.2
EYE_LEVEL = 0.40  # where the faces far away stand, as a share of the picture's height
NEAR_LEVEL = 0.50


class VideoFile:
    """Writes RGB frames to an MPEG-4 file, which appears whole or not at all.

    MPEG-4 (mp4v) is what OpenCV's wheel writes and reads everywhere without another
    library, at a sixth of the size of motion JPEG and no slower to read.
    """

    def __init__(self, path: Path, *, fps: float, size: tuple[int, int]) -> None:
        """Prepare a file for frames of `size` (height, width)."""
        self.path = path
        self._part = path.with_name(f"{path.stem}.part{path.suffix}")
        self._fps, self._size = fps, size
        self._writer: cv2.VideoWriter | None = None

    def __enter__(self) -> VideoFile:
        """Open the file; raises OSError where it cannot be written."""
        code = cv2.VideoWriter.fourcc(*"mp4v")
        self._writer = cv2.VideoWriter(str(self._part), code, self._fps, self._size[::-1])
        if not self._writer.isOpened():
            raise OSError(f"OpenCV cannot write a video to {self._part}")
        return self

    def write(self, frame: Pixels) -> None:
        """Append one RGB frame."""
        assert self._writer is not None
        self._writer.write(cv2.cvtColor(frame, cv2.COLOR_RGB2BGR))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file and give it its name, or drop it after an error."""
        assert self._writer is not None
        self._writer.release()
        if kind is None:
            self._part.replace(self.path)
        else:
            self._part.unlink(missing_ok=True)


@dataclass(frozen=True)
class Visit:
    """How one person comes and goes; all of it follows from the identity."""

    identity: int
    side: int
    blinks: tuple[float, ...]
    phase: float

    @classmethod
    def of(cls, identity: int) -> Visit:
        """Return the way this person walks up."""
        rng = np.random.default_rng([0xD0, identity])
        first = float(rng.uniform(0.15, 0.6))
        return cls(
            identity,
            side=-1 if rng.integers(2) else 1,
            blinks=(first, first + float(rng.uniform(0.6, 0.9))),
            phase=float(rng.uniform(0, 2 * np.pi)),
        )


def _eased(share: float) -> float:
    share = min(1.0, max(0.0, share))
    return share * share * (3 - 2 * share)


def _blink(visit: Visit, standing_s: float) -> float:
    """Return how far the eyes are closed, in halves: a few expressions serve a whole video."""
    depth = max(1 - abs(standing_s - at) / (BLINK_S / 2) for at in visit.blinks)
    return round(2 * max(0.0, depth)) / 2


def _pose(visit: Visit, time_s: float, seconds: float, size: tuple[int, int]) -> Pose:
    """Return where the person is: comes from one side, stands in the middle, leaves."""
    height, width = size
    walking = (seconds - STANDING_S) / 2
    come = _eased(time_s / (walking * 1.1))
    go = _eased((time_s - walking - STANDING_S) / walking)
    # A face's width falls with distance, and distance falls evenly while walking.
    face = 1 / (1 / FAR_PX + come * (1 / NEAR_PX - 1 / FAR_PX)) * (1 + 0.12 * go)
    step = (1 - come) + go
    sway = np.sin(1.9 * time_s + visit.phase)
    x = width / 2 + visit.side * width * (0.58 * (1 - come) ** 1.3 - 1.0 * go) + 4 * sway
    y = height * (EYE_LEVEL + (NEAR_LEVEL - EYE_LEVEL) * (face - FAR_PX) / (NEAR_PX - FAR_PX))
    y += 0.025 * face * np.sin(11 * time_s) * min(1.0, 2 * step * (1 - 0.5 * step))
    turn = -visit.side * 0.7 * min(1.0, (1 - come) + 1.5 * go) + 0.10 * sway
    tilt = 1.8 * np.sin(2.6 * time_s + visit.phase)
    scale = height / 480
    return Pose((float(x), float(y)), float(face * scale), float(tilt), float(turn))


def visit_frames(
    identity: int, *, seconds: float, fps: float, size: tuple[int, int]
) -> Iterator[Pixels]:
    """Draw one person's visit, frame by frame."""
    visit = Visit.of(identity)
    looks = variation_of(identity, 0)
    walking = (seconds - STANDING_S) / 2
    for index in range(round(seconds * fps)):
        time_s = index / fps
        expression = Expression(blink=_blink(visit, time_s - walking), smile=looks.expression.smile)
        frame = corridor(*size).copy()
        drawn = figure(identity, expression, looks.light, extent=WHOLE_BODY)
        place(frame, drawn, _pose(visit, time_s, seconds, size))
        yield frame


def write_door_video(
    path: Path | str,
    visitors: Sequence[int],
    *,
    seconds_each: float = 3.2,
    fps: float = 15,
    size: tuple[int, int] = (480, 640),
    tell: Callable[[str], None] | None = None,
) -> int:
    """Write a video in which the visitors come to the door one by one; return its frames.

    Each walks in from a side, stands about 1.6 s with a face of about 200 pixels, and
    leaves; 0.7 s of empty scene lie between, 2 s end it. `path` ends in .mp4, `size` is
    (height, width). The file appears when it is whole. `tell` hears a line for each
    visit. Raises OSError.
    """
    noise = SensorNoise(*size, deviation=1.6)
    empty = corridor(*size)
    count = 0
    with VideoFile(Path(path), fps=fps, size=size) as video:

        def show(frames: Iterator[Pixels]) -> int:
            shown = 0
            for shown, frame in enumerate(frames, start=1):  # noqa: B007
                video.write(noise.over(frame))
            return shown

        def pause(seconds: float) -> int:
            return show(empty for _ in range(round(seconds * fps)))

        for place_in_line, identity in enumerate(visitors, start=1):
            count += pause(GAP_S)
            count += show(visit_frames(identity, seconds=seconds_each, fps=fps, size=size))
            if tell is not None:
                tell(f"filmed visit {place_in_line} of {len(visitors)}")
        count += pause(ENDING_S)
    return count
