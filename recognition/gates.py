"""Which faces are good enough to compare: a bound for each quality, and the reason of each."""

import math
from dataclasses import dataclass, fields, replace
from operator import attrgetter

from recognition.arguments import is_measured, require_kind
from recognition.errors import ArgumentError
from recognition.face_quality import Quality
from recognition.reasons import Reason
from recognition.values import Face


@dataclass(frozen=True, slots=True)
class Gates:
    """Bounds a face must keep; units are those of `Quality`.

    The defaults are for a door. Of 2,200 faces the detector found in videos of 190 people they
    leave out 2 in 100, size not counted, and of faces smeared until the detector itself
    starts to miss them (a Gaussian of 3 pixels at 108 pixels' width), nine in ten.
    """

    min_face_px: int = 80
    min_inside: float = 0.85
    max_yaw: float = 0.40
    max_roll: float = 45.0
    """Faces tilted by 40 degrees were found less often, but no more of those were missed."""
    min_brightness: float = 40.0
    max_brightness: float = 225.0
    min_contrast: float = 12.0
    min_sharpness: float = 0.08
    max_side_light: float = 1.0
    """Refuses nobody: of faces lit from one side, no more were missed (docs/quality.md)."""
    max_covered: float = 0.93
    """Refused 3 in 776 uncovered faces of held-out people, two of them behind microphones, and 95
    in 100 that a mask, sunglasses or a scarf hid (recognition/weights/covers.md)."""

    def __post_init__(self) -> None:
        """Raise ArgumentError for a bound that is no number; an infinite one bounds nothing."""
        for bound in _bounds(self):
            if not is_measured(bound) or math.isnan(bound):
                raise ArgumentError("Every bound on a face's quality must be a number.")


_measures = attrgetter(*(one.name for one in fields(Quality)))
_bounds = attrgetter(*(one.name for one in fields(Gates)))
DEFAULT_GATES = Gates()
# An enrolment happens once, with time to do it again: only a good, nearly frontal picture is kept.
ENROLMENT_GATES = Gates(
    min_face_px=100,
    min_inside=0.95,
    max_yaw=0.30,
    max_roll=20.0,
    min_brightness=50.0,
    max_brightness=215.0,
    min_contrast=15.0,
    min_sharpness=0.10,
    # Covered as at the door: whom a lower bound took for covered by beard and glasses was refused
    # with every picture.
)
# Somebody chose the picture by hand: only what is no clear face at all is left out.
LENIENT_GATES = Gates(
    min_face_px=40,
    min_inside=0.5,
    max_yaw=1.0,
    max_roll=90.0,
    min_brightness=5.0,
    max_brightness=250.0,
    min_contrast=2.0,
    min_sharpness=0.0,
    max_covered=1.0,
)
# Worth a word to whoever enrols a picture, though it is taken: another might serve for longer.
WARNING_GATES = replace(LENIENT_GATES, min_face_px=0, max_side_light=0.7)


def gate(face: Face, gates: Gates = DEFAULT_GATES) -> tuple[Reason, ...]:
    """Name every bound this face does not keep; empty where it may be compared.

    The first is what the person in front of the camera should change first. Pure. Raises
    ArgumentError for what is no face, or no gates.
    """
    require_kind(face, Face, "The face")
    require_kind(gates, Gates, "The gates")
    quality = face.quality
    require_kind(quality, Quality, "The quality of a face")
    if not all(is_measured(measure) for measure in _measures(quality)):
        raise ArgumentError("Every measure of a face's quality must be a number.")
    # Written so that a quality that is no number passes nothing.
    kept = (
        (Reason.FACE_TOO_SMALL, quality.face_px >= gates.min_face_px),
        (Reason.CUT_OFF, quality.inside >= gates.min_inside),
        (Reason.FACE_TURNED, abs(quality.yaw) <= gates.max_yaw),
        (Reason.FACE_TILTED, abs(quality.roll) <= gates.max_roll),
        (Reason.TOO_DARK, quality.brightness >= gates.min_brightness),
        (Reason.TOO_BRIGHT, quality.brightness <= gates.max_brightness),
        (Reason.UNEVEN_LIGHT, abs(quality.side_light) <= gates.max_side_light),
        (Reason.LOW_CONTRAST, quality.contrast >= gates.min_contrast),
        (Reason.COVERED, quality.covered <= gates.max_covered),
        (Reason.BLURRED, quality.sharpness >= gates.min_sharpness),
    )
    return tuple(reason for reason, passed in kept if not passed)
