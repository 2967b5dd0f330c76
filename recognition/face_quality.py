"""The quality of one face, as its measures give it.

By itself, since both the values and the errors of `recognition` hold it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quality:
    """What makes a face good or bad to compare; `recognition.quality` measures it."""

    face_px: float
    """Width of the detector's box, in pixels."""
    sharpness: float
    """0 (smeared) upwards; of faces in focus, 99 in 100 have 0.08 or more."""
    brightness: float
    """Mean grey of the face, 0 (black) to 255 (white)."""
    contrast: float
    """Standard deviation of the face's grey, 0..127.5."""
    yaw: float
    """How far the nose stands off the middle of the eyes, in eye distances: 0 frontal, signed."""
    roll: float
    """Tilt of the line through the eyes in degrees, positive when it falls to the right."""
    inside: float
    """Share of the box that lies inside the picture, 0..1."""
    side_light: float
    """How differently both halves of the face are lit: 0 (alike) to 1, positive when the half at
    the picture's right is the brighter one."""
    covered: float
    """How likely the mouth or an eye is hidden, 0..1."""
    overall: float
    """Six of these in one number, 0..1, to choose the best frames by."""
