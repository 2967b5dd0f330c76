"""Held-out signers' hands sign PINs before a drawn face; frames are counted, not seconds."""

import warnings
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.frames import CameraFrame
from kiosk.pin import Seen, Source
from kiosk.pin.reading import DigitReaders, load_digit_readers
from recognition import RecognitionError
from recognition.datasets.sign_digits import Part, read_signs
from recognition.reading.registry import load_reader
from tests.end_to_end.pin_scenes import beside, standing_frame
from tests.kiosk.pin.test_entry import FPS, NOTHING, Camera, sent

pytestmark = pytest.mark.slow

DIGITS = "0123456789"
PINS = ("8305", "7416", "2958")
"""All ten digits."""
WAY, HELD = 9, 14
"""Frames of a hand on its way, in which nothing is read, and of a sign that is held."""
LEAST_TAKEN_BACK = 0.9
READS = 8
"""Readings of a trembling hand that a held sign is put together from."""
LEAST_SHARE = 0.8
"""Of all PINs; the card of the network says how often a sign is not accepted."""


@pytest.fixture(scope="module")
def readers() -> DigitReaders:
    try:
        load_reader("sign")
    except (RecognitionError, ImportError) as error:
        warnings.warn(f"SIGN WEIGHTS MISSING: {error}", stacklevel=1)
        pytest.skip(f"no weights of signs: {error}")
    return load_digit_readers()


@pytest.fixture(scope="module")
def hands(shared_data: Path) -> list[dict[str, NDArray[np.uint8]]]:
    """The digits of each held-out signer of whom all ten are there."""
    found: dict[int, dict[str, NDArray[np.uint8]]] = {}
    for sign in read_signs(shared_data):
        if sign.part is Part.TEST:
            found.setdefault(sign.signer, {})[str(sign.digit)] = sign.image
    whole = [own for own in found.values() if len(own) == 10]
    assert len(whole) >= 10
    return whole


@pytest.fixture(scope="module")
def seen(hands: list[dict[str, NDArray[np.uint8]]], readers: DigitReaders) -> list[dict[str, Seen]]:
    """What is read of each held-out signer's digits."""
    face = standing_frame(1)
    return [
        {
            digit: readers.read(CameraFrame(beside(face, hand), 1, 0.0))
            for digit, hand in own.items()
        }
        for own in hands
    ]


def test_an_empty_guide_box_beside_a_face_reads_as_nothing(readers: DigitReaders) -> None:
    for identity in range(1, 4):
        assert readers.read(CameraFrame(standing_frame(identity), 1, 0.0)).symbols is None


def test_held_out_signers_type_pins_of_all_ten_digits_in_under_twelve_seconds(
    seen: list[dict[str, Seen]],
) -> None:
    right = wrong = 0
    for own in seen:
        for pin in PINS:
            camera = Camera()
            for digit in pin:
                camera.show(NOTHING, WAY).show(own[digit], HELD)
            camera.show(NOTHING, 31)
            if camera.effect is None:
                continue
            assert camera.frames < 12 * FPS
            if sent(camera) == (None, pin):
                right += 1
            else:
                wrong += 1
    total = len(seen) * len(PINS)
    print(f"{right} of {total} PINs right, {wrong} wrong, {len(seen)} signers")
    assert right >= LEAST_SHARE * total


def unsteady(hand: NDArray[np.uint8], chance: np.random.Generator) -> NDArray[np.uint8]:
    """A hand that trembles before a camera: moved, turned, nearer or farther, in other light."""
    side = hand.shape[0]
    turned = cv2.getRotationMatrix2D(
        (side / 2, side / 2), chance.uniform(-6, 6), chance.uniform(0.93, 1.07)
    )
    turned[:, 2] += chance.uniform(-0.04, 0.04, 2) * side
    moved = cv2.warpAffine(hand, turned, (side, side), borderMode=cv2.BORDER_REPLICATE)
    lit: NDArray[np.uint8] = np.clip(moved * chance.uniform(0.85, 1.1), 0, 255).astype(np.uint8)
    return lit


def test_held_out_signers_take_a_digit_back_by_holding_its_sign_on_and_not_before(
    hands: list[dict[str, NDArray[np.uint8]]], readers: DigitReaders
) -> None:
    """A trembling hand holds each sign for twice as long as a PIN takes, then on."""
    signs = DigitReaders({Source.SIGN: load_reader("sign")})
    chance, face = np.random.default_rng(1), standing_frame(1)
    counted = early = deleted = 0
    for own in hands:
        for digit in DIGITS:
            reads = [
                signs.read(CameraFrame(beside(face, unsteady(own[digit], chance)), n, 0.0))
                for n in range(READS)
            ]
            camera = Camera().show(NOTHING, WAY)
            for one in chance.integers(READS, size=HELD + 6):
                camera.show(reads[one], 1)
            if camera.dots != 1:
                continue
            counted += 1
            for one in chance.integers(READS, size=HELD):
                camera.show(reads[one], 1)
            early += camera.dots == 0
            for one in chance.integers(READS, size=45):
                camera.show(reads[one], 1)
            deleted += camera.dots == 0
    print(f"{counted} signs counted, {deleted} taken back by holding on, {early} too early")
    assert early == 0
    assert deleted >= LEAST_TAKEN_BACK * counted
