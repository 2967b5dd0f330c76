"""A PIN of four digits by sign: how long from the first sign until the entry is complete.

The hands are those of signers whom no training and no tuning saw. Each signs as one does before the
kiosk's screen: a sign is held until its ring is full, and a moment longer; then the hand is on its
way to the next. Time is the camera's: each frame of 15 a second is read by the kiosk's own readers,
and what reading costs is measured apart, for it has to stay below the time between two frames.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import SignedPins
from kiosk.frames import CameraFrame
from kiosk.pin import Ask, Effect, Entry, Field, Given
from kiosk.pin.reading import DigitReaders, load_digit_readers
from recognition.datasets.sign_digits import Part, read_signs
from tests.end_to_end.pin_scenes import FPS, SIZE, beside, standing_frame
from tests.people.scene import SensorNoise

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
PINS = ("8305", "7416", "2958")
"""All ten digits."""
FACE = 1
REACTION_FRAMES = 5
"""A third of a second from the full ring until the hand moves."""
WAY_FRAMES = 9
"""Six tenths of a second from one sign to the next, nothing in the guide box."""
PATIENCE_S = 4.0
"""A sign that does not count within this time is given up by whoever holds it."""
LONGEST_S = 20.0

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class _Entered:
    """One PIN before the camera."""

    seconds: float
    given: str | None
    """What was sent; None where nothing was."""


class _Booth:
    """A camera, the kiosk's readers, and one entry."""

    def __init__(self, readers: DigitReaders, face: Pixels, noise: SensorNoise) -> None:
        self._readers = readers
        self._face = face
        self._noise = noise
        self.frames = 0
        self.read_s: list[float] = []
        self.effect: Effect | None = None
        ask = Ask(fields=(Field.PIN,), until_s=1000.0, capture=uuid4(), visit=1)
        self.entry = Entry(ask, 0.0)

    @property
    def now_s(self) -> float:
        return self.frames / FPS

    @property
    def dots(self) -> int:
        return self.entry.view(self.now_s).typed

    def see(self, picture: Pixels) -> None:
        """Show the camera one frame."""
        self.frames += 1
        frame = CameraFrame(self._noise.over(picture), self.frames, self.now_s)
        began_s = time.perf_counter()
        seen = self._readers.read(frame)
        self.read_s.append(time.perf_counter() - began_s)
        self.effect = self.effect or self.entry.see(seen, self.now_s)

    def sign(self, hand: Pixels) -> None:
        """Hold a sign until it counts, and a moment longer; then move the hand away."""
        shown, before, from_s = beside(self._face, hand), self.dots, self.now_s
        while self.dots == before and self.now_s - from_s < PATIENCE_S:
            self.see(shown)
        for _ in range(REACTION_FRAMES):
            self.see(shown)

    def rest(self, frames: int) -> None:
        """Nothing is held up."""
        for _ in range(frames):
            self.see(self._face)

    def enter(self, hands: Sequence[Pixels]) -> _Entered:
        """Sign a PIN and wait until it is sent."""
        self.rest(1)
        first_s = self.now_s
        for number, hand in enumerate(hands):
            if number:
                self.rest(WAY_FRAMES)
            self.sign(hand)
        while self.effect is None and self.now_s < LONGEST_S:
            self.rest(1)
        pin = self.effect.pin if isinstance(self.effect, Given) else None
        return _Entered(self.now_s - first_s, pin.reveal() if pin else None)


def held_out_signers(data: Path) -> Iterator[dict[str, Pixels]]:
    """The hands of each held-out signer of whom all ten digits are there."""
    hands: dict[int, dict[str, Pixels]] = {}
    for sign in read_signs(data):
        if sign.part is Part.TEST:
            hands.setdefault(sign.signer, {})[str(sign.digit)] = sign.image
    return (own for own in hands.values() if len(own) == 10)


def measure(data: Path = DATA, *, most_signers: int | None = None) -> SignedPins | None:
    """Have every held-out signer sign three PINs; None where their pictures are not there."""
    if not data.is_dir():
        return None
    readers, face = load_digit_readers(), standing_frame(FACE)
    noise = SensorNoise(*SIZE, deviation=1.6)
    entered: list[tuple[str, _Entered]] = []
    read_s: list[float] = []
    signers = list(held_out_signers(data))[:most_signers]
    for own in signers:
        for pin in PINS:
            booth = _Booth(readers, face, noise)
            entered.append((pin, booth.enter([own[digit] for digit in pin])))
            read_s += booth.read_s
    right = [one.seconds for pin, one in entered if one.given == pin]
    return SignedPins(
        signers=len(signers),
        pins=len(entered),
        right=len(right),
        wrong=sum(one.given not in {None, pin} for pin, one in entered),
        p50_s=float(np.percentile(right, 50)),
        p95_s=float(np.percentile(right, 95)),
        read_p95_ms=1000 * float(np.percentile(read_s, 95)),
    )
