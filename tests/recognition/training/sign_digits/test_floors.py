"""The committed weights, on signers and people that they were not trained on."""

from pathlib import Path

import numpy as np
import pytest

from recognition.datasets.sign_digits import Part, read_signs
from recognition.sign_digits.preprocess import NONE, prepare_all
from recognition.sign_digits.reader import SignDigitReader
from recognition.training.sign_digits.photographs import photographed_grounds
from recognition.training.sign_digits.placing import Reach
from recognition.training.sign_digits.scenes import NO_DIGIT, Mixture, Scenes, cut_hands
from recognition.values import Image

pytestmark = pytest.mark.slow


def shares(pictures: list[Image], labels: np.ndarray) -> tuple[float, float]:
    """Accepted and right, accepted and wrong."""
    found = SignDigitReader().classify(prepare_all(pictures))
    truth = [NONE if label == NO_DIGIT else str(label) for label in labels]
    right = [one.symbol == label for one, label in zip(found, truth, strict=True)]
    wrong = [one.accepted and one.best != label for one, label in zip(found, truth, strict=True)]
    return float(np.mean(right)), float(np.mean(wrong))


@pytest.fixture(scope="module")
def held_out(shared_data: Path) -> Scenes:
    signs = [sign for sign in read_signs(shared_data) if sign.part is Part.TEST]
    return Scenes(cut_hands(signs[::3]), photographed_grounds(shared_data, Part.TEST))


def test_held_out_signers_before_paper_are_read(held_out: Scenes) -> None:
    pictures = list(held_out.hands.picture.permute(0, 2, 3, 1).contiguous().numpy())
    right, wrong = shares(pictures, held_out.hands.digits)
    assert right >= 0.94
    assert wrong <= 0.01


def test_held_out_signers_before_held_out_faces_are_read(held_out: Scenes) -> None:
    door = Mixture(plain=0, pasted=1, reach=Reach(turn_deg=25, smallest=0.5, largest=1.05))
    right, wrong = shares(*held_out.crops(400, door, np.random.default_rng(9)))
    assert right >= 0.75
    assert wrong <= 0.025


def test_held_out_faces_without_a_hand_are_hardly_ever_accepted(held_out: Scenes) -> None:
    none = Mixture(plain=0, pasted=0)
    _, wrong = shares(*held_out.crops(400, none, np.random.default_rng(9)))
    assert wrong <= 0.01
