"""What is read can be seen on the frame, whatever its size."""

import numpy as np
import pytest

from recognition import Box
from recognition.reading.drawing import draw_readings
from recognition.reading.speller import Spelt
from recognition.reading.values import Reading

SPELT = Spelt("4719", "4", 0.5, None)


def test_box_text_and_ring_are_drawn_on_a_copy() -> None:
    frame = np.full((480, 640, 3), 90, np.uint8)
    reading = Reading("4", 0.93, Box(200, 120, 400, 360))

    drawn = draw_readings(frame, [reading], guide=Box(150, 70, 490, 410), spelt=SPELT)

    assert (frame == 90).all()
    changed = (drawn != 90).any(axis=2)
    assert changed[70, 150:490].all()  # the guide box
    assert changed[120, 200:400].all()  # the reading's box
    assert changed[-40:].all()  # the strip with the text
    assert (drawn[-40:] == 255).all(axis=2).any()  # the text on it


def test_the_ring_fills() -> None:
    frame = np.full((480, 640, 3), 90, np.uint8)

    yellow = [
        (draw_readings(frame, [], guide=None, spelt=Spelt("", "4", done, None)) == (250, 204, 21))
        .all(axis=2)
        .sum()
        for done in (0.0, 0.3, 0.6, 1.0)
    ]

    assert yellow[0] == 0
    assert yellow == sorted(set(yellow))


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (12, 9)])
def test_frames_of_any_size_are_drawn_on(size: tuple[int, int]) -> None:
    frame = np.zeros((*size, 3), np.uint8)
    box = Box(0, 0, size[1], size[0])
    readings = [Reading(None, 0.2, box), Reading("7", 1.0, None)]

    assert draw_readings(frame, readings, guide=box, spelt=SPELT).shape == frame.shape
