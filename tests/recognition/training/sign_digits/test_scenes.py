"""Crops are drawn from a seed, and reach the network by the same way as a door's frames."""

import numpy as np
import pytest

from recognition.datasets.sign_digits import Part
from recognition.sign_digits.preprocess import prepare
from recognition.training.sign_digits import SceneBatches
from recognition.training.sign_digits.drawn import drawn_grounds
from recognition.training.sign_digits.drawn_hands import drawn_signs
from recognition.training.sign_digits.placing import Reach, placings
from recognition.training.sign_digits.scenes import NO_DIGIT, Mixture, Scenes, cut_hands
from tests.recognition.datasets.hands import draw_sign

# PyTorch alone takes seconds to load.
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def scenes() -> Scenes:
    signs = [draw_sign(digit, 1, Part.TRAIN) for digit in range(10)]
    return Scenes(cut_hands(signs), drawn_grounds(18, seed=0))


def test_one_seed_draws_the_same_crops_and_another_draws_others(scenes: Scenes) -> None:
    one, same, other = (
        scenes.crops(12, Mixture(), np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert all(np.array_equal(a, b) for a, b in zip(one[0], same[0], strict=True))
    assert np.array_equal(one[1], same[1])
    assert not all(np.array_equal(a, b) for a, b in zip(one[0], other[0], strict=False))


def test_a_mixture_says_how_many_crops_show_no_digit(scenes: Scenes) -> None:
    _, labels = scenes.crops(100, Mixture(plain=0.2, pasted=0.5), np.random.default_rng(0))
    assert (labels == NO_DIGIT).sum() == 30


def test_training_s_batches_are_what_the_reader_s_preparation_makes_of_the_same_crops(
    scenes: Scenes,
) -> None:
    """Fails as soon as training prepares pictures in a way of its own."""
    batches = SceneBatches(scenes, workers=0)
    pictures, labels = next(iter(batches.epoch(np.random.default_rng(5))))
    seed = np.random.default_rng(5).integers(2**62, size=len(batches))[0]
    crops, same = scenes.crops(len(labels), Mixture(), np.random.default_rng(seed))
    assert np.array_equal(labels, same)
    for given, crop in zip(pictures, crops, strict=True):
        assert np.array_equal(given, prepare(crop))


def test_fingers_and_palm_stay_inside_the_crop_where_they_fit() -> None:
    random = np.random.default_rng(0)
    boxes = np.tile(np.array([[-0.4, -0.8, 0.5, 1.0]], np.float32), (500, 1))
    reach = Reach(largest=0.9, slant=0.0, stretch=0.0)
    where = placings(boxes, reach, random)
    # The middle of the hand's upper part, and its corners, taken back into the crop.
    for x, y in ((0.05, -0.15), (-0.4, -0.8), (0.5, -0.8), (-0.4, 0.49), (0.5, 0.49)):
        points = np.linalg.solve(where, np.tile(np.array([x, y, 1.0])[:, None], (500, 1, 1)))
        at = points[:, :2, 0] / points[:, 2:, 0]
        assert np.abs(at).max() <= 1.06


def test_every_kind_of_ground_can_be_drawn_and_none_is_empty() -> None:
    grounds = drawn_grounds(36, seed=3)
    assert all(ground.shape == (128, 128, 3) and ground.dtype == np.uint8 for ground in grounds)
    assert all(ground.std() > 1 for ground in grounds)


def test_the_hands_of_the_sheet_can_be_cut_out_and_are_told_apart() -> None:
    signs = drawn_signs()

    assert len(cut_hands(signs)) == len(signs) == 24
    assert {sign.digit for sign in signs} == set(range(6))
    assert len({sign.image.tobytes() for sign in signs}) == 24
