"""The reader of letters sees what training saw, and says nothing where there is nothing."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from recognition import Box, ImageShapeError, decode
from recognition.datasets.sign_letters import read_letters
from recognition.outputs import write_picture
from recognition.reading.guide import guide_box
from recognition.reading.registry import READERS, load_reader
from recognition.sign_letters.classes import CLASSES, LETTERS
from recognition.sign_letters.reader import SignLetterReader
from tests.recognition.sign_letters.shapes import hand


@pytest.fixture(scope="module")
def reader() -> SignLetterReader:
    return SignLetterReader()


def test_it_is_found_by_its_name() -> None:
    found = load_reader("letters")

    assert isinstance(found, SignLetterReader)
    assert found.symbols == LETTERS
    assert "letters" in READERS
    with pytest.raises(ValueError, match="There is no reader morse; there is sign, written"):
        load_reader("morse")


def test_what_it_reads_of_a_frame_is_what_it_says_of_the_same_picture_as_data(
    reader: SignLetterReader, tmp_path: Path
) -> None:
    for letter, fingers in (("D", 1), ("V", 2), ("W", 3)):
        write_picture(tmp_path / letter / "1.png", hand(fingers))
    data = read_letters(tmp_path)

    for found, name in zip(reader.classify(data.drawings), data.names, strict=True):
        read = reader.read(decode(Path(name).read_bytes()))
        expected = () if found.best is None else ((found.symbol, found.confidence),)
        assert tuple((one.symbol, one.confidence) for one in read) == pytest.approx(expected)


def test_it_reads_in_the_guide_box_alone(reader: SignLetterReader) -> None:
    guide = guide_box(640, 480)
    frame = np.full((480, 640, 3), (96, 104, 112), np.uint8)
    side = int(guide.width)
    top, left = int(guide.top), int(guide.left)
    frame[top : top + side, left : left + side] = hand(2, height=side, width=side)
    beside = frame.copy()
    beside[:, :90] = np.random.default_rng(0).integers(0, 256, (480, 90, 3))

    assert reader.read(beside, guide=guide) == reader.read(frame, guide=guide)
    assert all(one.box == guide for one in reader.read(frame, guide=guide))


@pytest.mark.parametrize("shape", [(1, 1), (1, 8000), (8000, 8), (480, 640), (8000, 900)])
def test_an_empty_wall_of_any_size_is_nothing(
    reader: SignLetterReader, shape: tuple[int, int]
) -> None:
    assert reader.read(np.full((*shape, 3), 170, np.uint8)) == ()


def test_a_guide_box_outside_the_frame_reads_the_whole(reader: SignLetterReader) -> None:
    image = hand(2)

    assert reader.read(image, guide=Box(900, 900, 950, 950)) == reader.read(image)


@pytest.mark.parametrize("wrong", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3), np.float32)])
def test_an_array_that_is_no_picture_is_refused(reader: SignLetterReader, wrong: object) -> None:
    with pytest.raises(ImageShapeError):
        reader.read(wrong)  # type: ignore[arg-type]


def test_threads_may_share_it(reader: SignLetterReader) -> None:
    frames = [hand(fingers) for fingers in (1, 2, 3, 4)] * 5
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(reader.read, frames)) == [reader.read(frame) for frame in frames]


@pytest.mark.slow
def test_held_out_letters_are_read(reader: SignLetterReader, shared_data: Path) -> None:
    data = read_letters(shared_data / "sign_letters" / "test.npz")

    found = reader.classify(data.drawings)

    shown = [CLASSES[label] for label in data.labels]
    right = [(one.best or "blank") == name for one, name in zip(found, shown, strict=True)]
    assert len(right) > 1500
    assert np.mean(right) >= 0.99
