"""The JSON that the commands print; docs/recognition.md describes every key.

Distances that do not exist (a gallery of one person has no second) are null, never Infinity.
"""

import json
import math
import sys
from collections.abc import Mapping, Sequence

from recognition.errors import DecodeError, ProbeRefused, RecognitionError
from recognition.identification import Identified
from recognition.picture_files import Skipped
from recognition.summary import PersonSeen
from recognition.values import Box, EngineId, Frame, Match, MatchRule

Json = Mapping[str, object]

_DIGITS = 4


def print_json(value: Json) -> None:
    """Print one object on standard output.

    Bytes in a file's name that are no text become JSON's own escapes: the output is always UTF-8.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2)
    sys.stdout.write(text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")


def error_form(error: RecognitionError) -> Json:
    """What is printed where the work failed."""
    code = type(error).__name__
    if isinstance(error, DecodeError):
        code = error.code
    elif isinstance(error, ProbeRefused):
        code = error.reason.value
    return {"error": {"code": code, "message": str(error)}}


def engine_form(engine: EngineId) -> Json:
    """Name and version."""
    return {"name": engine.name, "version": engine.version}


def rule_form(rule: MatchRule) -> Json:
    """Threshold and margin."""
    return {"threshold": rule.threshold, "margin": rule.margin}


def box_form(box: Box) -> Json:
    """Edges in pixels."""
    edges = {"left": box.left, "top": box.top, "right": box.right, "bottom": box.bottom}
    return {name: round(value, 1) for name, value in edges.items()}


def skipped_form(skipped: Sequence[Skipped]) -> list[Json]:
    """Files that gave nothing."""
    return [{"file": one.file, "reason": one.reason} for one in skipped]


def frame_form(frame: Frame, found: Sequence[Identified]) -> Json:
    """A frame and its faces."""
    height, width = frame.image.shape[:2]
    return {
        "index": frame.index,
        "time_s": round(frame.time_s, 3),
        "file": frame.source,
        "width": width,
        "height": height,
        "faces": [face_form(identified) for identified in found],
    }


def face_form(identified: Identified) -> Json:
    """A face, whose it is, and how sure that is."""
    face, decision = identified.face, identified.decision
    match = decision.match or Match(None, math.inf, None, math.inf)
    return {
        "box": box_form(face.box),
        "score": round(face.score, _DIGITS),
        "quality": round(face.quality.overall, _DIGITS),
        "name": identified.name,
        "accepted": decision.accepted,
        "reason": decision.reason.value,
        "nearest": match.label,
        "distance": distance_form(match.distance),
        "second": match.second_label,
        "second_distance": distance_form(match.second_distance),
    }


def person_form(person: PersonSeen) -> Json:
    """One person over all frames."""
    return {
        "name": person.name,
        "frames": person.frames,
        "first_s": round(person.first_s, 3),
        "last_s": round(person.last_s, 3),
        "best_distance": distance_form(person.best_distance),
    }


def distance_form(distance: float) -> float | None:
    """A distance, or null where there is none."""
    return round(distance, _DIGITS) if math.isfinite(distance) else None
