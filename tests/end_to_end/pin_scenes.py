"""A drawn face before a door, and real hands of signers beside it."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.pin import pin_guide
from recognition.datasets.sign_digits import Part, read_signs
from tests.people.scene import SensorNoise
from tests.people.video import VideoFile, visit_frames

SIZE = (480, 640)
FPS = 15
STANDING = 24
"""The frame of a drawn visit at which the visitor stands before the door."""
BEFORE_S = 8.0
"""The face alone, for as long as finding it and asking the server may take on a busy machine."""
SIGN_FRAMES, WAY_FRAMES = 16, 8

Pixels = NDArray[np.uint8]


def held_out_hands(data: Path, digits: str) -> list[Pixels]:
    """A held-out signer's hands showing these digits, one signer for all of them."""
    signs = [sign for sign in read_signs(data) if sign.part is Part.TEST]
    for signer in sorted({sign.signer for sign in signs}):
        own = {sign.digit: sign.image for sign in signs if sign.signer == signer}
        if all(int(digit) in own for digit in digits):
            return [own[int(digit)] for digit in digits]
    raise AssertionError(f"no held-out signer shows all of {digits}")


def standing_frame(identity: int) -> Pixels:
    """A drawn person who stands before the door."""
    frames = visit_frames(identity, seconds=3.2, fps=FPS, size=SIZE)
    return next(islice(frames, STANDING, None))


def beside(face: Pixels, hand: Pixels) -> Pixels:
    """A frame with a hand in the guide box."""
    guide = pin_guide(face.shape[1], face.shape[0])
    edges = (guide.left, guide.top, guide.right, guide.bottom)
    left, top, right, bottom = (round(edge) for edge in edges)
    shown = face.copy()
    shown[top:bottom, left:right] = cv2.resize(hand, (right - left, bottom - top))
    return shown


def film(identity: int, hands: Sequence[Pixels], after_s: float) -> Iterator[Pixels]:
    """The face alone, then one hand after the other in the guide box, then the face again."""
    face = standing_frame(identity)
    yield from (face for _ in range(round(BEFORE_S * FPS)))
    for hand in hands:
        yield from (face for _ in range(WAY_FRAMES))
        shown = beside(face, hand)
        yield from (shown for _ in range(SIGN_FRAMES))
    yield from (face for _ in range(round(after_s * FPS)))


def write_film(
    path: Path, identity: int, hands: Sequence[Pixels] = (), *, after_s: float = 8.0
) -> Path:
    """Write the film and return its path."""
    noise = SensorNoise(*SIZE, deviation=1.6)
    with VideoFile(path, fps=FPS, size=SIZE) as video:
        for frame in film(identity, hands, after_s):
            video.write(noise.over(frame))
    return path
