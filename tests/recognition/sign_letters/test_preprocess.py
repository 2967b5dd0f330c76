"""One function makes drawings of pictures, for training, evaluation and run time alike."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition import Image, decode
from recognition.datasets.sign_letters import read_letters
from recognition.outputs import write_picture
from recognition.sign_letters.preprocess import SIDE, as_batch, is_drawing, preprocess
from tests.recognition.sign_letters.shapes import hand


def test_edges_become_lines_and_surfaces_paper() -> None:
    drawing = preprocess(hand(3))

    ink = (255 - drawing).astype(float)
    assert 0.02 < ink.mean() / 255 < 0.2
    assert ink[:3].mean() < 3  # the wall above the hand
    assert ink[20:40].max() > 200  # a finger's edge


def test_light_does_not_matter() -> None:
    bright = hand(2)
    slope = np.linspace(0.4, 1.0, bright.shape[1])[None, :, None]
    dim = (bright * slope).astype(np.uint8)

    different = np.abs(preprocess(dim).astype(int) - preprocess(bright))
    assert (different > 128).mean() < 0.02


def test_a_drawing_is_only_made_smaller() -> None:
    drawing = np.full((128, 128, 3), 255, np.uint8)
    drawing[40:44, 20:100] = 0

    made = preprocess(drawing)

    assert is_drawing(drawing[:, :, 0])
    assert made[20:22, 12:48].max() < 60
    assert made[26:].min() == 255


@settings(max_examples=30)
@given(st.integers(1, 400), st.integers(1, 400), st.integers(0, 2**31))
def test_any_size_gives_a_drawing(height: int, width: int, seed: int) -> None:
    image = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)

    drawing = preprocess(image)

    assert drawing.shape == (SIDE, SIDE)
    assert drawing.dtype == np.uint8


@pytest.mark.parametrize("shape", [(1, 1), (1, 8000), (8000, 1), (8000, 60), (2, 3)])
def test_extreme_sizes_give_a_drawing(shape: tuple[int, int]) -> None:
    assert preprocess(np.full((*shape, 3), 130, np.uint8)).shape == (SIDE, SIDE)


def test_a_wide_crop_is_filled_not_stretched() -> None:
    square = hand(2)
    wide = np.pad(square, ((0, 0), (120, 120), (0, 0)), "edge")
    higher = np.pad(wide, ((120, 120), (0, 0), (0, 0)), "edge")

    assert np.abs(preprocess(wide).astype(int) - preprocess(higher)).mean() < 12


def test_lines_are_one_and_paper_is_nothing() -> None:
    batch = as_batch(np.array([[[255] * SIDE] * SIDE, [[0] * SIDE] * SIDE], np.uint8))

    assert batch.shape == (2, 1, SIDE, SIDE)
    assert batch.dtype == np.float32
    assert (batch[0].max(), batch[1].min()) == (0, 1)


def test_training_data_of_pictures_is_what_a_reader_sees(tmp_path: Path) -> None:
    pictures: dict[str, Image] = {"A": hand(1), "V": hand(2)}
    for letter, image in pictures.items():
        write_picture(tmp_path / letter / "1.png", image)

    read = read_letters(tmp_path)

    for drawing, name in zip(read.drawings, read.names, strict=True):
        np.testing.assert_array_equal(drawing, preprocess(decode(Path(name).read_bytes())))


def test_a_camera_s_crop_comes_out_like_the_data_set(shared_data: Path) -> None:
    data = read_letters(shared_data / "sign_letters" / "test.npz").drawings[62::40]
    files = sorted((shared_data / "sign_digits").glob("*/*.jpg"))[::40]
    made = np.stack([preprocess(decode(path.read_bytes())) for path in files])

    ink = [255 - drawings.astype(float).mean() for drawings in (data, made)]
    assert 0.7 < ink[1] / ink[0] < 1.4
