"""What is drawn before a face hides a part of it; what is drawn beside it does not."""

import numpy as np
import pytest

from recognition.datasets.covers.decoys import Decoy, decoyed
from recognition.datasets.covers.occluders import Cover, covered
from recognition.datasets.covers.scene import EYES, MOUTH, Scene
from recognition.datasets.cut_outs import CutOut
from recognition.keypoints.frame import FaceFrame
from tests.recognition.datasets.hands import draw_hand
from tests.recognition.keypoints.faces import points_in

FRAME = FaceFrame(110, 100, 90, roll=8)
GREY = 128


@pytest.fixture(scope="module")
def hands() -> list[CutOut]:
    """Return hands of two to five fingers."""
    drawn = [draw_hand(fingers) for fingers in range(2, 6)]
    return [CutOut(image, (mask * 255).astype(np.uint8)) for image, mask in drawn]


def scene() -> Scene:
    """A grey picture with a face nobody sees."""
    return Scene(np.full((220, 220, 3), GREY, np.uint8), points_in(FRAME))


def changed(image: np.ndarray, points: np.ndarray, by: int = 3) -> float:
    """The share of these points whose pixel differs from before by more grey levels."""
    columns, rows = points.round().astype(int).T
    apart = np.abs(image[rows, columns].astype(int) - GREY).max(axis=1)
    return float((apart > by).mean())


@pytest.mark.parametrize("cover", Cover)
def test_a_cover_hides_the_mouth_or_an_eye(cover: Cover, hands: list[CutOut]) -> None:
    told = []
    for seed in range(12):
        drawn = covered(scene(), cover, np.random.default_rng(seed), hands)
        if drawn is None:
            continue
        assert 1.0 in (drawn.mouth, drawn.eyes)
        told.append(drawn)
    assert len(told) >= 6
    # A cover may happen to be as grey as the picture, but not each time.
    parts = [(one.image, MOUTH if one.mouth == 1 else EYES) for one in told]
    shown = [changed(image, points_in(FRAME)[part]) for image, part in parts]
    assert np.median(shown) >= 0.5
    eyes_only = {Cover.SUNGLASSES, Cover.HAIR}
    if cover in {Cover.MASK, Cover.SCARF} | eyes_only:
        assert all((one.eyes == 1) is (cover in eyes_only) for one in told)


@pytest.mark.parametrize("decoy", Decoy)
def test_a_decoy_leaves_mouth_and_eyes_in_sight(decoy: Decoy, hands: list[CutOut]) -> None:
    kept = [decoyed(scene(), decoy, np.random.default_rng(seed), hands) for seed in range(8)]
    images = [image for image in kept if image is not None]

    assert len(images) >= 4
    assert any((image != GREY).any() for image in images)
    if decoy is not Decoy.SHADOW:  # it darkens them
        seen = points_in(FRAME)[[*MOUTH, *EYES]]
        # A faint tint hides nothing.
        assert max(changed(image, seen, by=60) for image in images) <= 0.2


@pytest.mark.parametrize("cover", Cover)
def test_the_same_seed_draws_the_same(cover: Cover, hands: list[CutOut]) -> None:
    one, other = (covered(scene(), cover, np.random.default_rng(3), hands) for _ in range(2))

    assert one is not None
    assert other is not None
    np.testing.assert_array_equal(one.image, other.image)
