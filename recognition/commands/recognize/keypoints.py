"""`recognize --keypoints`: 68 points of every face, its pose, and how open eyes and mouth are."""

import argparse
import math
import sys
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from recognition.commands import json_output, tables
from recognition.commands.recognize.running import check_out, each_frame, exit_status, short_name
from recognition.engines.protocol import Engine
from recognition.engines.registry import load_engine
from recognition.keypoints.drawing import draw_keypoints
from recognition.keypoints.head_pose import head_pose
from recognition.keypoints.predictor import KeypointPredictor, Keypoints, load_keypoint_predictor
from recognition.keypoints.ratios import ratios
from recognition.sources import Source, open_source, without_password
from recognition.values import Face, Frame, Image

_DIGITS = 3


def add_mode(mode: Any) -> None:
    """Add --keypoints to the modes, of which one is chosen."""
    mode.add_argument(
        "--keypoints",
        action="store_true",
        help="place 68 points on every face; pose, eyes and mouth follow from them",
    )


def run(chosen: argparse.Namespace) -> int:
    """Search all frames, then print what was found."""
    engine = load_engine(chosen.engine, threads=chosen.threads)
    predictor = load_keypoint_predictor()
    with open_source(chosen.source) as source:
        check_out(chosen, source)
        placing = _Placing(chosen, engine, predictor)
        stopped = each_frame(chosen, source, placing.see)
        if chosen.json:
            json_output.print_json(placing.json_form(source, stopped=stopped))
        else:
            Console().print(placing.table)
            sys.stderr.write(tables.skipped_lines(source.skipped))
    return exit_status(source, stopped=stopped)


@dataclass
class _Placing:
    """What is found frame by frame, kept only as far as it will be printed."""

    chosen: argparse.Namespace
    engine: Engine
    predictor: KeypointPredictor
    frames: list[json_output.Json] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.table = Table(title="Faces")
        for heading in ("Picture", "Time", "Surely", "Yaw", "Pitch", "Roll", "Eyes", "Mouth"):
            self.table.add_column(heading, overflow="fold")

    def see(self, frame: Frame, drawn: bool) -> Image | None:
        """Find the faces of a frame and place their points."""
        faces = self.engine.find(frame.image, min_face=self.chosen.min_face)
        placed = self.predictor.predict(frame.image, faces)
        if self.chosen.json:
            self.frames.append(_frame_form(frame, faces, placed))
        else:
            for one in placed:
                self._add_row(frame, one)
        return draw_keypoints(frame.image, placed) if drawn else None

    def _add_row(self, frame: Frame, face: Keypoints) -> None:
        pose, measured = head_pose(face.points), ratios(face.points)
        name = Text(tables.printable(short_name(self.chosen, frame)))
        sure = f"{face.confidence:.2f}"
        if pose is None or not face.accepted:
            self.table.add_row(name, f"{frame.time_s:.2f}", f"{sure}, no face")
            return
        angles = (f"{angle:+.0f}" for angle in (pose.yaw, pose.pitch, pose.roll))
        opened = (f"{measured.eyes:.2f}", f"{measured.mouth_open:.2f}")
        self.table.add_row(name, f"{frame.time_s:.2f}", sure, *angles, *opened)

    def json_form(self, source: Source, *, stopped: bool) -> json_output.Json:
        """Everything, as docs/keypoints.md says."""
        return {
            "source": without_password(self.chosen.source),
            "kind": source.kind,
            "engine": json_output.engine_form(self.engine.id),
            "frames": self.frames,
            "skipped": json_output.skipped_form(source.skipped),
            "out": None if self.chosen.out is None else str(self.chosen.out),
            "stopped": stopped,
        }


def _frame_form(
    frame: Frame, faces: tuple[Face, ...], placed: tuple[Keypoints, ...]
) -> json_output.Json:
    height, width = frame.image.shape[:2]
    pairs = zip(faces, placed, strict=True)
    return {
        "index": frame.index,
        "time_s": round(frame.time_s, 3),
        "file": frame.source,
        "width": width,
        "height": height,
        "faces": [_face_form(*pair) for pair in pairs],
    }


def _face_form(face: Face, placed: Keypoints) -> json_output.Json:
    """Points, pose and ratios are null where the network sees no face."""
    form: dict[str, object] = {
        "box": json_output.box_form(face.box),
        "score": round(face.score, _DIGITS),
        "confidence": round(placed.confidence, _DIGITS),
        "accepted": placed.accepted,
        "points": None,
        "pose": None,
        "ratios": None,
    }
    pose, measured = head_pose(placed.points), ratios(placed.points)
    if placed.accepted and pose is not None and math.isfinite(measured.eyes):
        form["points"] = [[round(float(x), 1), round(float(y), 1)] for x, y in placed.points]
        form["pose"] = {name: round(getattr(pose, name), 1) for name in ("yaw", "pitch", "roll")}
        names = ("left_eye", "right_eye", "mouth_open", "mouth_wide")
        form["ratios"] = {name: round(getattr(measured, name), _DIGITS) for name in names}
    return form
