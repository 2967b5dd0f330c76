"""Writing has a calm ground around it; what lies amid edges is no writing."""

import cv2
import numpy as np
import pytest

from recognition.handwritten_digits.reader import HandwrittenDigitReader
from recognition.handwritten_digits.strokes import Symbol, find_rows
from recognition.training.handwritten_digits.boards import Surface
from recognition.values import Image
from tests.recognition.handwritten_digits.writing import plain, write


def seven(image: Image, left: int = 290) -> Image:
    """A large 7 written into a picture."""
    corners = np.array([[left, 160], [left + 90, 160], [left + 30, 320]])
    cv2.polylines(image, [corners], False, (230, 230, 230), 12, cv2.LINE_AA)
    return image


def symbol_at(image: Image, x: float, y: float) -> Symbol:
    """What was found there."""
    found = [symbol for row in find_rows(image) for symbol in row.symbols]
    return next(one for one in found if abs(one.box.center[0] - x) + abs(one.box.center[1] - y) < 9)


def test_a_plain_board_is_calm() -> None:
    assert symbol_at(seven(plain(60)), 335, 240).unrest == 0


def test_a_slope_of_light_is_calm() -> None:
    light = np.linspace(0.5, 1.3, 640)[np.newaxis, :, np.newaxis]
    board = np.clip(plain(90) * light, 0, 255).astype(np.uint8)

    assert symbol_at(seven(board), 335, 240).unrest == 0


def test_the_neighbours_in_a_row_are_no_unrest() -> None:
    board = seven(seven(seven(plain(60)), 170), 410)

    assert symbol_at(board, 335, 240).unrest == 0


def test_edges_all_around_are_unrest_and_the_digit_is_not_accepted() -> None:
    board = plain(60)
    for left in range(0, 640, 40):
        cv2.rectangle(board, (left, 0), (left + 20, 480), (130, 130, 130), -1)
    cv2.rectangle(board, (270, 140), (400, 340), (60, 60, 60), -1)
    reader = HandwrittenDigitReader()

    assert symbol_at(seven(board), 335, 240).unrest > 0.06
    assert not any(one.accepted for one in reader.look(board))
    assert any(one.accepted and one.digit == "7" for one in reader.look(seven(plain(60))))


@pytest.mark.parametrize("surface", list(Surface))
def test_hardly_any_written_digit_stands_amid_unrest(surface: Surface) -> None:
    shares = []
    for seed in range(20):
        scene = write(str(seed % 10), surface, seed=seed, size=(240, 320))
        found = [symbol for row in find_rows(scene.image) for symbol in row.symbols]
        shares += [one.unrest for one in found if one.box.iou(scene.boxes[0]) > 0.6]

    assert len(shares) >= 16
    assert sum(share > 0.06 for share in shares) <= 1, shares
