"""The fake engine keeps the promises of a real one."""

import numpy as np
import pytest

from recognition import Engine, FakeEngine, ImageShapeError

RED = np.full((300, 400, 3), (255, 0, 0), np.uint8)


def test_it_is_an_engine_whose_vectors_are_colours() -> None:
    engine: Engine = FakeEngine()

    faces = engine.find(RED)

    assert len(faces) == 1
    assert faces[0].landmarks.shape == (5, 2)
    assert engine.embed(RED, faces).tolist() == [[1.0, 0.0, 0.0]]
    assert engine.embed(RED, faces).shape == (1, engine.dimension)
    assert engine.mean_vector.shape == (engine.dimension,)
    assert engine.id.name == "fake"


def test_it_finds_no_face_in_the_dark_nor_a_small_one() -> None:
    assert FakeEngine().find(np.zeros_like(RED)) == ()
    assert FakeEngine().find(RED, min_face=151) == ()


def test_it_refuses_what_is_no_picture() -> None:
    with pytest.raises(ImageShapeError):
        FakeEngine().find(RED[:, :, 0])
