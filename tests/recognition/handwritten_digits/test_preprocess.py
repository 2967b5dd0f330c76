"""The one function that makes what the network is shown."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from recognition.handwritten_digits.preprocess import BODY, SIDE, line_width, network_input
from recognition.handwritten_digits.reader import HandwrittenDigitReader
from recognition.networks.network import SmallNetwork
from recognition.training.handwritten_digits import drawn
from recognition.training.handwritten_digits.pool import Group, inputs_of


def body(picture: np.ndarray) -> tuple[int, int]:
    rows, columns = np.nonzero(picture > 0.3)
    return int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1


def test_the_longer_side_is_brought_to_twenty_pixels() -> None:
    for value in range(10):
        picture = network_input(drawn.digit(value, np.random.default_rng(value)))
        assert picture.shape == (SIDE, SIDE)
        assert abs(max(body(picture)) - BODY) <= 1


def test_the_centre_of_mass_stands_in_the_middle() -> None:
    ink = np.zeros((90, 60), np.float32)
    ink[5:15, 3:40] = 1  # a heavy head
    ink[15:60, 10:14] = 1

    picture = network_input(ink)

    rows, columns = np.mgrid[:SIDE, :SIDE]
    down = (rows * picture).sum() / picture.sum()
    across = (columns * picture).sum() / picture.sum()
    assert abs(down - 13.5) <= 4.0  # as far as the tail still fits
    assert abs(across - 13.5) <= 1.0


def test_size_and_place_of_the_symbol_make_no_difference() -> None:
    ink = drawn.digit(5, np.random.default_rng(1))
    moved = np.zeros((400, 300), np.float32)
    moved[150 : 150 + ink.shape[0], 90 : 90 + ink.shape[1]] = ink

    assert np.array_equal(network_input(ink), network_input(moved))


def test_a_hair_line_is_thickened_to_a_pen_s() -> None:
    ink = np.zeros((300, 300), np.float32)
    ink[20:280, 100] = 1
    ink[20, 100:250] = 1

    picture = network_input(ink)

    assert picture.max() > 0.6
    assert 1.5 <= line_width(picture) <= 3.5


def test_nothing_written_gives_nothing() -> None:
    assert not network_input(np.zeros((10, 10), np.float32)).any()


def test_it_refuses_what_is_no_picture() -> None:
    with pytest.raises(ValueError, match="height, width"):
        network_input(np.zeros((3, 3, 3), np.float32))


@settings(max_examples=40)
@given(
    arrays.arrays(
        np.float32,
        st.tuples(st.integers(1, 90), st.integers(1, 90)),
        elements=st.floats(0, 1, width=32),
    )
)
def test_any_ink_gives_a_picture_between_zero_and_one(ink: np.ndarray) -> None:
    picture = network_input(ink)

    assert picture.shape == (SIDE, SIDE)
    assert picture.dtype == np.float32
    assert picture.min() >= 0
    assert picture.max() <= 1


def test_run_time_shows_the_network_what_training_showed_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A picture as MNIST has them, read by the reader, and as training shows it unchanged."""
    course = pytest.importorskip("recognition.training.handwritten_digits.course")
    monkeypatch.setattr(course, "augment", lambda pictures, generator: pictures)
    reader = HandwrittenDigitReader()
    shown: list[np.ndarray] = []
    run = SmallNetwork.run

    def spy(network: SmallNetwork, batch: np.ndarray) -> np.ndarray:
        shown.append(batch.copy())
        return run(network, batch)

    monkeypatch.setattr(SmallNetwork, "run", spy)
    for value in range(10):
        small = network_input(drawn.digit(value, np.random.default_rng(value)))
        mnist = np.round(255 * small).astype(np.uint8)
        group = Group("mnist", inputs_of(mnist[np.newaxis]), np.array([value]), 1)
        ((trained, _),) = course.DigitBatches([group]).epoch(np.random.default_rng(0))
        shown.clear()  # three views, the first as it is
        reader.read(np.repeat(mnist[:, :, np.newaxis], 3, axis=2))
        assert np.abs(shown[0][0] - trained[0]).max() <= 1 / 255
