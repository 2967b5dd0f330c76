"""Which faces are good enough to compare: a bound for each quality, and the reason of each."""

from dataclasses import dataclass

from recognition.reasons import Reason
from recognition.values import Face


@dataclass(frozen=True, slots=True)
class Gates:
    """Bounds a face must keep; units are those of `Quality`."""

    min_face_px: int = 80
    min_inside: float = 0.90
    max_yaw: float = 0.45
    max_roll: float = 35.0
    min_brightness: float = 40.0
    max_brightness: float = 225.0
    min_contrast: float = 12.0
    min_sharpness: float = 0.10


DEFAULT_GATES = Gates()


def gate(face: Face, gates: Gates = DEFAULT_GATES) -> tuple[Reason, ...]:
    """Name every bound this face does not keep; empty where it may be compared.

    The first is what the person in front of the camera should change first. Pure.
    """
    quality = face.quality
    # Written so that a quality that is no number passes nothing.
    kept = (
        (Reason.FACE_TOO_SMALL, quality.face_px >= gates.min_face_px),
        (Reason.CUT_OFF, quality.inside >= gates.min_inside),
        (Reason.FACE_TURNED, abs(quality.yaw) <= gates.max_yaw),
        (Reason.FACE_TILTED, abs(quality.roll) <= gates.max_roll),
        (Reason.TOO_DARK, quality.brightness >= gates.min_brightness),
        (Reason.TOO_BRIGHT, quality.brightness <= gates.max_brightness),
        (Reason.LOW_CONTRAST, quality.contrast >= gates.min_contrast),
        (Reason.BLURRED, quality.sharpness >= gates.min_sharpness),
    )
    return tuple(reason for reason, passed in kept if not passed)
