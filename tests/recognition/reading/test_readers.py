"""Every reader keeps what the protocol promises, whatever it is shown."""

import cv2
import numpy as np
import pytest

from recognition import Box, Image, ImageShapeError, WeightFileError
from recognition.reading.guide import guide_box
from recognition.reading.registry import READERS, load_reader
from recognition.reading.values import Reader
from tests.people import PEOPLE, draw
from tests.recognition.sign_letters.shapes import hand


@pytest.fixture(scope="module", params=READERS)
def reader(request: pytest.FixtureRequest) -> Reader:
    """Return each reader in turn; one whose weights are not there is skipped by name."""
    try:
        return load_reader(request.param)
    except (WeightFileError, ModuleNotFoundError) as error:
        pytest.skip(f"{request.param}: {error}")


def paper(text: str, width: int = 640, height: int = 480) -> Image:
    """Digits in ink on paper."""
    frame = np.full((height, width, 3), 226, np.uint8)
    cv2.putText(frame, text, (width // 4, height // 2), cv2.FONT_HERSHEY_SIMPLEX, 3, (40,) * 3, 8)
    return frame


def noise(height: int, width: int) -> Image:
    return np.random.default_rng(height).integers(0, 256, (height, width, 3), np.uint8)


FRAMES = {
    "hand": hand(2, height=480, width=640),
    "paper": paper("471"),
    "noise": noise(480, 640),
    "face": draw(PEOPLE[0].identity),
    "black": np.zeros((480, 640, 3), np.uint8),
    "one pixel": noise(1, 1),
    "a line": noise(1, 700),
    "a column": noise(700, 1),
    "large": noise(8000, 300),
}


@pytest.mark.parametrize("name", FRAMES)
@pytest.mark.parametrize("guided", [False, True])
def test_readings_lie_in_the_frame_from_left_to_right(
    reader: Reader, name: str, *, guided: bool
) -> None:
    frame = FRAMES[name]
    height, width = frame.shape[:2]
    before = frame.copy()

    readings = reader.read(frame, guide=guide_box(width, height) if guided else None)

    assert isinstance(readings, tuple)
    assert all(0 <= one.confidence <= 1 for one in readings)
    assert all(one.symbol is None or one.symbol in reader.symbols for one in readings)
    boxes = [one.box for one in readings if one.box is not None]
    assert all(box == box.clip(width, height) and box.area > 0 for box in boxes)
    assert [box.left for box in boxes] == sorted(box.left for box in boxes)
    np.testing.assert_array_equal(frame, before)


@pytest.mark.parametrize("name", ["noise", "black", "face"])
def test_nothing_is_accepted_where_there_is_nothing(reader: Reader, name: str) -> None:
    assert not any(one.symbol for one in reader.read(FRAMES[name]))


def test_a_guide_box_outside_the_frame_is_no_error(reader: Reader) -> None:
    for guide in (Box(900, 900, 950, 950), Box(-50, -50, 3, 3), Box(5, 5, 5, 5)):
        assert isinstance(reader.read(FRAMES["paper"], guide=guide), tuple)


@pytest.mark.parametrize(
    "wrong", [np.zeros((9, 9), np.uint8), np.zeros((9, 9, 3)), np.zeros((0, 9, 3), np.uint8)]
)
def test_an_array_that_is_no_picture_is_refused(reader: Reader, wrong: Image) -> None:
    with pytest.raises(ImageShapeError):
        reader.read(wrong)
