"""Symbols are found whatever the light, and what is none is left out by its shape."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from recognition import ImageShapeError
from recognition.handwritten_digits.strokes import find_rows
from recognition.training.handwritten_digits.boards import Surface
from tests.recognition.handwritten_digits.writing import plain, write


@pytest.mark.parametrize("surface", list(Surface))
def test_nearly_every_number_is_found_whole_and_in_order(surface: Surface) -> None:
    found = 0
    for seed in range(8):
        scene = write("4071", surface, seed=seed, size=(240, 320))
        for row in find_rows(scene.image):
            if len(row.symbols) == len(scene.boxes):
                pairs = zip(scene.boxes, row.symbols, strict=True)
                found += all(box.iou(symbol.box) > 0.6 for box, symbol in pairs)
    assert found >= 7


def test_light_on_dark_and_dark_on_light_are_found_alike() -> None:
    board = plain(60)
    cv2.ellipse(board, (320, 240), (60, 90), 0, 0, 360, (210, 210, 210), 9)

    for image in (board, 255 - board):
        (row, *_) = find_rows(image)
        (symbol,) = row.symbols
        assert abs(symbol.box.height - 189) < 8


def test_a_slope_of_light_does_not_matter() -> None:
    slope = np.linspace(40, 200, 640).astype(np.uint8)
    image = np.repeat(np.repeat(slope[np.newaxis], 480, 0)[:, :, np.newaxis], 3, 2)
    for x in (100, 320, 540):
        cv2.line(image, (x, 150), (x, 330), tuple([int(slope[x]) + 45] * 3), 8)

    rows = [row for row in find_rows(image) if len(row.symbols) == 3]

    assert rows
    assert [round(symbol.box.center[0], -1) for symbol in rows[0].symbols] == [100, 320, 540]


def test_a_stroke_that_broke_is_one_symbol() -> None:
    board = plain(50)
    cv2.line(board, (320, 120), (315, 210), (220, 220, 220), 9)
    cv2.line(board, (314, 222), (310, 340), (220, 220, 220), 9)

    (row, *_) = find_rows(board)

    assert len(row.symbols) == 1
    assert row.symbols[0].box.height > 215


@pytest.mark.parametrize("grey", [0, 60, 128, 255])
def test_an_empty_ground_holds_nothing(grey: int) -> None:
    assert find_rows(plain(grey)) == ()


def test_frames_lines_and_specks_are_left_out() -> None:
    board = plain(70)
    board[:14] = board[-14:] = 200
    board[:, :14] = 30
    cv2.line(board, (0, 300), (639, 310), (200, 200, 200), 4)
    for x in range(40, 600, 60):
        cv2.circle(board, (x, 100), 3, (230, 230, 230), -1)

    assert find_rows(board) == ()


def test_a_blot_is_no_stroke() -> None:
    paper = plain(220)
    cv2.circle(paper, (320, 240), 30, (40, 40, 40), -1)

    assert find_rows(paper) == ()


def test_a_line_of_print_is_no_number() -> None:
    paper = plain(240)
    for index in range(24):
        x = 20 + 25 * index
        cv2.rectangle(paper, (x, 220), (x + 12, 260), (20, 20, 20), 3)

    assert find_rows(paper) == ()


@pytest.mark.parametrize("shape", [(1, 1), (1, 700), (700, 1), (7, 9), (60, 8000)])
def test_pictures_of_any_size_are_taken(shape: tuple[int, int]) -> None:
    random = np.random.default_rng(0)
    find_rows(random.integers(0, 256, (*shape, 3), dtype=np.uint8))


def test_it_refuses_what_is_no_picture() -> None:
    with pytest.raises(ImageShapeError):
        find_rows(np.zeros((20, 20), np.uint8))


@settings(max_examples=25)
@given(
    arrays.arrays(
        np.uint8, st.tuples(st.integers(1, 60), st.integers(1, 60), st.just(3)), fill=st.just(0)
    )
)
def test_no_picture_is_too_strange(image: np.ndarray) -> None:
    for row in find_rows(image):
        assert list(row.symbols) == sorted(row.symbols, key=lambda symbol: symbol.box.left)
        assert all(0 <= symbol.ink.min() <= symbol.ink.max() <= 1 for symbol in row.symbols)
