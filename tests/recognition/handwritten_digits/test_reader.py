"""Digits on boards and paper are read; letters, edges and empty boards are not."""

from pathlib import Path

import numpy as np
import pytest

from recognition import Box, ImageShapeError, WeightFileError
from recognition.handwritten_digits.reader import HandwrittenDigitReader
from recognition.training.handwritten_digits.boards import Surface
from tests.recognition.handwritten_digits.writing import plain, write, write_letters


@pytest.fixture(scope="module")
def reader() -> HandwrittenDigitReader:
    return HandwrittenDigitReader()


def read(reader: HandwrittenDigitReader, image: np.ndarray, guide: Box | None = None) -> str:
    return "".join(one.symbol or "?" for one in reader.read(image, guide=guide))


@pytest.mark.slow
@pytest.mark.parametrize("surface", list(Surface))
def test_single_digits_are_read_on_every_surface(
    reader: HandwrittenDigitReader, surface: Surface
) -> None:
    given = [
        (str(digit), read(reader, write(str(digit), surface, seed=100 * digit + seed).image))
        for digit in range(10)
        for seed in range(4)
    ]

    wrong = [(shown, got) for shown, got in given if got not in (shown, "?", "")]
    assert len(wrong) <= 1, wrong
    assert sum(shown == got for shown, got in given) >= 33, given


def test_a_number_is_read_from_left_to_right(reader: HandwrittenDigitReader) -> None:
    numbers = [read(reader, write("2750", Surface.PAPER, seed=seed).image) for seed in range(6)]

    assert numbers.count("2750") >= 4, numbers


def test_nothing_is_accepted_where_letters_stand(reader: HandwrittenDigitReader) -> None:
    taken = 0
    for seed in range(12):
        scene = write_letters(1 + seed % 4, list(Surface)[seed % 3], seed=seed)
        taken += any(one.symbol for one in reader.read(scene.image))
    assert taken <= 1


@pytest.mark.parametrize("grey", [0, 90, 255])
def test_an_empty_board_gives_nothing(reader: HandwrittenDigitReader, grey: int) -> None:
    assert reader.read(plain(grey)) == ()


def test_what_is_found_and_not_accepted_is_one_reading_without_a_symbol(
    reader: HandwrittenDigitReader,
) -> None:
    board = plain(60)
    for left in (150, 300, 450):  # crosses
        board[200:300, left + 46 : left + 54] = 220
        board[246:254, left : left + 100] = 220

    (reading,) = reader.read(board)

    assert reading.symbol is None
    assert reading.box is not None
    assert 0 <= reading.confidence <= 1


def test_only_the_guide_box_is_read_and_boxes_are_the_frame_s(
    reader: HandwrittenDigitReader,
) -> None:
    one, other = write("5", Surface.WHITEBOARD, seed=1), write("3", Surface.WHITEBOARD, seed=2)
    both = np.concatenate([one.image, other.image], axis=1)

    (reading,) = reader.read(both, guide=Box(640, 0, 1280, 480))

    assert reading.symbol == "3"
    assert reading.box is not None
    assert reading.box.iou(Box(*_moved(other.boxes[0], 640))) > 0.8


def _moved(box: Box, across: float) -> tuple[float, float, float, float]:
    return (box.left + across, box.top, box.right + across, box.bottom)


@pytest.mark.parametrize("shape", [(1, 1), (3, 500), (20, 20), (40, 8000)])
def test_pictures_of_any_size_are_read(
    reader: HandwrittenDigitReader, shape: tuple[int, int]
) -> None:
    random = np.random.default_rng(0)
    reader.read(random.integers(0, 256, (*shape, 3), dtype=np.uint8))


def test_it_refuses_what_is_no_picture(reader: HandwrittenDigitReader) -> None:
    with pytest.raises(ImageShapeError):
        reader.read(np.zeros((10, 10), np.uint8))


def test_missing_weights_are_told(tmp_path: Path) -> None:
    with pytest.raises(WeightFileError, match=r"missing\.onnx is missing"):
        HandwrittenDigitReader(weights=tmp_path / "missing.onnx")
