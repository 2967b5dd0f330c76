"""Boxes and names are drawn inside the picture, on a copy."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition import Box
from recognition.drawing import Annotator
from tests.recognition.sightings import sighting

GREY = np.full((120, 160, 3), 90, np.uint8)


def test_the_picture_itself_stays_as_it_is() -> None:
    image = GREY.copy()

    drawn = Annotator().draw(image, [sighting("Ada")])

    assert (image == GREY).all()
    assert drawn.shape == image.shape
    assert (drawn != GREY).any()


def test_known_people_and_strangers_have_different_colours() -> None:
    known, stranger = (Annotator().draw(GREY, [sighting(name)])[20, 50] for name in ("Ada", None))

    assert known[1] > known[0]
    assert stranger[0] > stranger[1]


def test_nothing_is_drawn_where_nobody_is() -> None:
    assert (Annotator().draw(GREY, []) == GREY).all()


@given(st.integers(-300, 300), st.integers(-300, 300), st.integers(0, 500), st.integers(0, 500))
def test_no_place_of_a_box_makes_it_fail(left: int, top: int, width: int, height: int) -> None:
    box = Box(left, top, left + width, top + height)

    assert Annotator().draw(GREY, [sighting("Ada", box=box)]).shape == GREY.shape


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 300, 3), (300, 1, 3)])
def test_no_size_of_picture_makes_it_fail(shape: tuple[int, ...]) -> None:
    image = np.zeros(shape, np.uint8)

    assert Annotator().draw(image, [sighting("A very long name indeed")]).shape == shape


def test_a_name_no_font_can_write_is_remembered_with_advice(tmp_path: Path) -> None:
    annotator = Annotator(font_folders=[tmp_path])

    annotator.draw(GREY, [sighting("王小明")])

    assert "fonts-noto-cjk" in annotator.unwritable["王小明"]
