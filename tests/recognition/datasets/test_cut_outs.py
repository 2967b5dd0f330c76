"""A hand is cut out of its ground, softly and without the ground's light."""

import numpy as np
import pytest

from recognition.datasets.cut_outs import cut_out
from tests.recognition.datasets.hands import PAPER, draw_hand


@pytest.mark.parametrize("fingers", [0, 1, 3, 5])
def test_a_hand_is_cut_out_along_its_border(fingers: int) -> None:
    image, mask = draw_hand(fingers)
    cut = cut_out(image)
    assert cut is not None
    found = cut.alpha > 127
    assert (found & (mask == 1)).sum() / (found | (mask == 1)).sum() > 0.93


def test_no_light_of_the_ground_stays_in_the_hand_s_colour() -> None:
    image, mask = draw_hand(5)
    cut = cut_out(image)
    assert cut is not None
    rim = (cut.alpha > 20) & (mask == 0)
    far = np.abs(cut.colour[rim].astype(int) - np.array(PAPER)).max(1)
    assert np.median(far) > 50


def test_paper_without_a_hand_gives_nothing() -> None:
    noise = np.random.default_rng(0).normal(0, 2, (100, 100, 3))
    paper = np.clip(np.array(PAPER) + noise, 0, 255).astype(np.uint8)
    assert cut_out(paper) is None
