"""Which way, and how far, a person should move so that a face is no longer refused."""

from dataclasses import dataclass
from enum import StrEnum

from recognition.arguments import is_number, require_kind
from recognition.face_quality import Quality
from recognition.quality import yaw_degrees
from recognition.reasons import Reason

# Nearer than this no measure of pose is.
_STEP_DEG = 5


class Side(StrEnum):
    """A side as the person in the picture has it; a camera shows their left at the right."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Advice:
    """What is wrong, and the way to put it right."""

    reason: Reason
    toward: Side | None = None
    """Where to turn or tilt the head; None where no side helps."""
    degrees: int | None = None
    """About how far, in steps of 5; None where there is no angle to it."""


def advice_for(reason: Reason, quality: Quality) -> Advice:
    """The advice of one reason to somebody whose face has this quality. Pure.

    Where the measure is no number there is no side to turn to, and the reason stands alone.
    Raises ArgumentError for what is no reason, or no quality.
    """
    require_kind(reason, Reason, "The reason")
    require_kind(quality, Quality, "The quality")
    if not all(map(is_number, (quality.yaw, quality.roll, quality.side_light))):
        return Advice(reason)
    match reason:
        case Reason.FACE_TURNED:
            return Advice(reason, _own_left(quality.yaw < 0), _rounded(yaw_degrees(quality.yaw)))
        case Reason.FACE_TILTED:
            return Advice(reason, _own_left(quality.roll < 0), _rounded(quality.roll))
        case Reason.UNEVEN_LIGHT:
            return Advice(reason, _own_left(quality.side_light > 0))
        case _:
            return Advice(reason)


def _own_left(is_left: bool) -> Side:
    return Side.LEFT if is_left else Side.RIGHT


def _rounded(degrees: float) -> int:
    return max(_STEP_DEG, _STEP_DEG * round(abs(degrees) / _STEP_DEG))
