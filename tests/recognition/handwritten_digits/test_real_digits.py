"""The floors of the card, on real writing that no training saw."""

from pathlib import Path

import numpy as np
import pytest

from recognition.datasets.handwritten_digits import DigitPictures, LabelledDigit
from recognition.evaluation.handwritten_digits import read_all
from recognition.evaluation.symbols import SymbolFigures, symbol_figures
from recognition.handwritten_digits.reader import HandwrittenDigitReader
from recognition.images import decode
from recognition.training.handwritten_digits.boards import Surface, draw_scene
from recognition.training.handwritten_digits.negatives import HELD_OUT, photographed

pytestmark = pytest.mark.slow


def figures(pictures: list[LabelledDigit]) -> SymbolFigures:
    answers, seconds = read_all(HandwrittenDigitReader(), pictures)
    return symbol_figures(answers, seconds=seconds)


@pytest.fixture(scope="module")
def mnist(shared_data: Path) -> list[LabelledDigit]:
    """Return the test part."""
    return list(DigitPictures(shared_data / "mnist" / "test.npz"))


def test_mnist_is_read(mnist: list[LabelledDigit]) -> None:
    measured = figures(mnist)

    assert measured.accuracy.value >= 0.996
    assert measured.rejected.value <= 0.03
    assert measured.wrong_accepted.value <= 0.002


def test_every_chalk_photograph_is_read(shared_data: Path) -> None:
    measured = figures(list(DigitPictures(shared_data / "chalk_digits")))

    assert measured.accuracy.value == 1
    assert measured.rejected.value == 0


def test_written_scenes_are_read(mnist: list[LabelledDigit]) -> None:
    random = np.random.default_rng(5)
    surfaces = list(Surface)
    scenes = []
    for index, one in enumerate(mnist[::70]):
        ink = np.asarray(one.image[:, :, 0] / np.float32(255), np.float32)
        scene = draw_scene([ink], random, size=(480, 640), surface=surfaces[index % 3])
        scenes.append(LabelledDigit(one.name, scene.image, one.digit))
    measured = figures(scenes)

    assert measured.accuracy.value >= 0.93
    assert measured.wrong_accepted.value <= 0.02


def test_faces_and_hands_are_no_digits(shared_data: Path) -> None:
    files = photographed(shared_data, HELD_OUT)[::4]
    measured = figures(
        [LabelledDigit(path.name, decode(path.read_bytes()), None) for path in files]
    )

    assert measured.none_n >= 50
    assert measured.none_accepted.value <= 0.03
