"""The committed weights, on signers and people that they were not trained on.

Hands are pasted by other means than training's, so that no peculiarity of those is needed.
"""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from recognition.datasets.cut_outs import cut_out
from recognition.datasets.photographs import photographed_grounds
from recognition.datasets.sign_digits import Part, Sign, read_signs
from recognition.sign_digits.preprocess import NONE, prepare_all
from recognition.sign_digits.reader import SignDigitReader
from recognition.values import Image

pytestmark = pytest.mark.slow

CROP_PX = 128


def shares(pictures: Sequence[Image], labels: Sequence[str]) -> tuple[float, float, float]:
    """Likeliest right, accepted and right, accepted and wrong."""
    found = SignDigitReader().classify(prepare_all(list(pictures)))
    pairs = list(zip(found, labels, strict=True))
    likeliest = [one.best == label for one, label in pairs]
    right = [one.symbol == label for one, label in pairs]
    wrong = [one.accepted and one.best != label for one, label in pairs]
    return float(np.mean(likeliest)), float(np.mean(right)), float(np.mean(wrong))


def pasted(image: Image, ground: Image, random: np.random.Generator) -> Image | None:
    """The hand before the ground: turned, scaled, mirrored, in other light; None without a cut."""
    cut = cut_out(image)
    if cut is None:
        return None
    whole = np.dstack([cut.colour * (cut.alpha[..., None] / 255.0), cut.alpha / 255.0])
    if random.random() < 0.5:
        whole = whole[:, ::-1].copy()
    left, top, wide, high = cv2.boundingRect((whole[..., 3] > 0.5).astype(np.uint8))
    middle = (left + wide / 2, top + high / 2)
    scale = random.uniform(0.55, 1.0) * CROP_PX / max(wide, high)
    where = cv2.getRotationMatrix2D(middle, random.uniform(-25, 25), scale)
    room = max(4.0, (CROP_PX - max(wide, high) * scale) / 2)
    where[:, 2] = where[:, 2] + CROP_PX / 2 - np.array(middle) + random.uniform(-room, room, 2)
    moved = cv2.warpAffine(whole, where, (CROP_PX, CROP_PX))
    light = random.uniform(0.6, 1.25)
    behind = cv2.resize(ground, (CROP_PX, CROP_PX)) * (1 - moved[..., 3:])
    return np.clip(moved[..., :3] * light + behind, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def signs(shared_data: Path) -> list[Sign]:
    return [sign for sign in read_signs(shared_data) if sign.part is Part.TEST]


@pytest.fixture(scope="module")
def faces(shared_data: Path) -> list[Image]:
    return photographed_grounds(shared_data, Part.TEST)


def test_held_out_signers_before_paper_are_read(signs: list[Sign]) -> None:
    pictures, labels = [sign.image for sign in signs], [str(sign.digit) for sign in signs]
    likeliest, right, wrong = shares(pictures, labels)
    assert likeliest >= 0.995
    assert right >= 0.99
    assert wrong <= 0.004


def test_held_out_signers_before_held_out_faces_are_read(
    signs: list[Sign], faces: list[Image]
) -> None:
    random = np.random.default_rng(9)
    made = [pasted(sign.image, faces[random.integers(len(faces))], random) for sign in signs * 2]
    kept = [
        (one, str(sign.digit)) for one, sign in zip(made, signs * 2, strict=True) if one is not None
    ]
    assert len(kept) > 0.95 * len(made)
    likeliest, right, wrong = shares(*zip(*kept, strict=True))
    assert likeliest >= 0.97
    assert right >= 0.965
    assert wrong <= 0.01


def test_held_out_faces_without_a_hand_are_hardly_ever_accepted(faces: list[Image]) -> None:
    _, _, wrong = shares(faces, [NONE] * len(faces))
    assert wrong <= 0.01
