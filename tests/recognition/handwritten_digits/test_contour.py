"""A stroke has a step along all its outline and like ground on both sides; an edge has not."""

import cv2
import numpy as np
import pytest

from recognition.handwritten_digits.contour import MOST_DOUBT_OF_A_LINE
from recognition.handwritten_digits.reader import HandwrittenDigitReader
from recognition.handwritten_digits.strokes import Symbol, find_rows
from recognition.training.handwritten_digits.boards import Surface
from tests.recognition.handwritten_digits.writing import plain, write


def found(image: np.ndarray) -> list[Symbol]:
    return [symbol for row in find_rows(image) for symbol in row.symbols]


def line_between(left: int, right: int, line: int) -> np.ndarray:
    """An upright line of another tone between two grounds."""
    image = plain(left)
    image[:, 320:] = right
    image[130:350, 316:324] = line
    return cv2.GaussianBlur(image, (0, 0), 0.8)


@pytest.mark.parametrize(("ground", "line"), [(60, 190), (200, 40)])
def test_a_line_on_even_ground_is_a_stroke(ground: int, line: int) -> None:
    (symbol,) = found(line_between(ground, ground, line))

    assert symbol.contour.step > 0.95
    assert symbol.contour.doubt < 0.2


def test_a_line_between_two_tones_is_an_edge() -> None:
    left_out = found(line_between(60, 150, 200))
    reader = HandwrittenDigitReader()

    assert all(symbol.contour.doubt > MOST_DOUBT_OF_A_LINE for symbol in left_out)
    assert not any(one.accepted for one in reader.look(line_between(60, 150, 200)))


def test_a_drawn_line_on_even_ground_is_a_1() -> None:
    board = plain(60)
    cv2.line(board, (335, 130), (305, 350), (200, 200, 200), 12, cv2.LINE_AA)

    (seen,) = HandwrittenDigitReader().look(board)

    assert seen.digit == "1"
    assert seen.accepted


@pytest.mark.parametrize("wide", [60, 90])
def test_what_fades_to_one_side_is_no_stroke(wide: int) -> None:
    """The shaded side of a door frame: a step on the left, a slope on the right."""
    image = plain(50).astype(np.float32)
    image[80:400, 300 : 300 + wide] += np.linspace(130, 0, wide)[np.newaxis, :, np.newaxis]

    symbols = found(image.astype(np.uint8))

    assert all(symbol.contour.doubt > MOST_DOUBT_OF_A_LINE for symbol in symbols)


@pytest.mark.parametrize("surface", list(Surface))
def test_hardly_any_written_digit_is_taken_for_an_edge(surface: Surface) -> None:
    doubts = []
    for seed in range(20):
        scene = write(str(seed % 10), surface, seed=seed, size=(240, 320))
        own = [one for one in found(scene.image) if one.box.iou(scene.boxes[0]) > 0.6]
        doubts.append(own[0].contour.doubt if own else float("inf"))

    assert sum(doubt > MOST_DOUBT_OF_A_LINE for doubt in doubts) <= 3, doubts


def test_digits_near_the_picture_s_border_are_found() -> None:
    board = plain(60, 240, 320)
    cv2.line(board, (310, 60), (306, 180), (210, 210, 210), 5)

    (symbol,) = found(board)

    assert symbol.contour.doubt < MOST_DOUBT_OF_A_LINE
