"""`draw`: one frame of one person, all of it following from seeds."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from tests.people.canvas import Extent, Pixels
from tests.people.features import Expression
from tests.people.portrait import BUST, TORSO, WHOLE_BODY, figure
from tests.people.scene import wall
from tests.people.skin import Light
from tests.people.stage import FACE_CENTRE, Pose, place

FINE_SCALE = 512
USUAL_SCALE = 256


@dataclass(frozen=True)
class Variation:
    """What differs between two pictures of a person."""

    light: Light
    expression: Expression
    tilt: float
    turn: float
    face_scale: float
    offset: tuple[float, float]
    wall: int
    noise: float


def variation_of(identity: int, variation: int) -> Variation:
    """Return what a variation seed sets; 0 is the plain frontal picture."""
    if variation == 0:
        return Variation(Light(), Expression(), 0.0, 0.0, 1.0, (0.0, 0.0), identity, 1.5)
    rng = np.random.default_rng([0xFACE, identity, variation])

    def between(low: float, high: float) -> float:
        return float(rng.uniform(low, high))

    opening = between(-0.4, 0.35)
    return Variation(
        light=Light(between(-0.8, 0.8), between(0.3, 0.8), between(0.88, 1.08), between(-1, 1)),
        expression=Expression(
            mouth_open=opening if opening > 0.12 else 0.0,
            smile=between(0, 1),
            gaze=(between(-0.7, 0.7), between(-0.4, 0.4)),
            brow_raise=between(-0.2, 0.6),
        ),
        tilt=between(-6, 6),
        turn=between(-0.3, 0.3),
        face_scale=between(0.94, 1.06),
        offset=(between(-0.06, 0.06), between(-0.05, 0.05)),
        wall=int(rng.integers(4)),
        noise=between(1.5, 3.5),
    )


def draw(
    identity: int,
    variation: int = 0,
    *,
    size: tuple[int, int] = (480, 640),
    face_px: float = 200,
    at: tuple[float, float] | None = None,
    blink: float = 0.0,
    mouth_open: float | None = None,
    turn: float | None = None,
    tilt: float | None = None,
    light: Light | None = None,
) -> Pixels:
    """Draw a person before an office wall: RGB uint8, of `size` (height, width).

    `face_px` is about the width of a detector's box, `at` the box's centre (x, y) in
    pixels. `blink` and `mouth_open` are 0..1, `turn` is -1..1 (about 25 degrees each
    way), `tilt` is in degrees; what is not given follows from the variation, and
    variation 0 is the plain frontal picture. The same arguments give the same bytes.
    """
    chosen = variation_of(identity, variation)
    lit = chosen.light if light is None else light
    expression = replace(chosen.expression, blink=blink)
    if mouth_open is not None:
        expression = replace(expression, mouth_open=mouth_open)
    width = face_px * chosen.face_scale
    middle = (size[1] * (0.5 + chosen.offset[0]), size[0] * (0.53 + chosen.offset[1]))
    pose = Pose(
        middle if at is None else at,
        width,
        chosen.tilt if tilt is None else tilt,
        chosen.turn if turn is None else turn,
    )
    scale = USUAL_SCALE if width <= USUAL_SCALE else FINE_SCALE
    frame = wall(*size, chosen.wall).copy()
    place(frame, figure(identity, expression, lit, scale, _visible(pose, size[0])), pose)
    return exposed(frame, lit, chosen.noise, seed=identity * 1009 + variation)


def _visible(pose: Pose, height: int) -> Extent:
    """Return the smallest part of the body that reaches the frame's lower edge."""
    lowest = (height - pose.at[1]) / pose.face_px + FACE_CENTRE[1] + 0.1
    return next((part for part in (BUST, TORSO) if part.bottom >= lowest), WHOLE_BODY)


def exposed(frame: Pixels, light: Light, noise: float, *, seed: int) -> Pixels:
    """Return the frame as a camera would: strength and warmth of the light, sensor noise."""
    strength, warmth = light.strength, light.warmth
    gains = (strength * (1 + 0.03 * warmth), strength, strength * (1 - 0.05 * warmth))
    rng = np.random.default_rng([0xCA, seed])
    speckle = rng.standard_normal(frame.shape[:2], dtype=np.float32) * np.float32(noise)
    graded = cv2.multiply(frame, np.array([*gains, 0.0]), dtype=cv2.CV_32F)
    seen = np.maximum(cv2.add(graded, cv2.merge([speckle] * 3)), 0)
    return np.asarray(cv2.convertScaleAbs(seen), dtype=np.uint8)
