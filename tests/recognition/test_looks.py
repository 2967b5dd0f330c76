"""Several looks at one face make one vector."""

import cv2
import numpy as np
import pytest

from recognition import Engine, FakeEngine, fuse, probe_from_images
from recognition.looks import look_chips, looks_for
from recognition.values import UPRIGHT, Face, Image, Look
from tests.people import draw
from tests.recognition.conftest import FIRST


def face_of(engine: Engine, image: Image) -> Face:
    """The one face of a picture."""
    return engine.find(image)[0]


def test_a_single_picture_gets_all_looks_the_upright_one_first(engine: Engine) -> None:
    assert looks_for(1, engine) == (engine.looks,)
    assert engine.looks[0] == UPRIGHT
    assert len(set(engine.looks)) == len(engine.looks)


@pytest.mark.parametrize("pictures", [2, 3, 5])
def test_each_picture_of_a_burst_gets_two_looks_one_of_them_mirrored(
    pictures: int, engine: Engine
) -> None:
    looks = looks_for(pictures, engine)

    assert len(looks) == pictures
    assert all([look.mirrored for look in of_one] == [False, True] for of_one in looks)
    assert len(set(looks)) == min(pictures, len(engine.looks) // 2)


def test_the_first_look_is_the_face_as_it_is_aligned(engine: Engine) -> None:
    image = draw(FIRST)
    face = face_of(engine, image)

    upright, mirrored = look_chips(image, face, engine, [UPRIGHT, Look(mirrored=True)])

    assert np.array_equal(upright, engine.align(image, [face])[0])
    assert np.array_equal(mirrored, upright[:, ::-1])


def test_a_turned_look_is_the_face_turned_about_its_middle(engine: Engine) -> None:
    image = draw(FIRST)
    face = face_of(engine, image)

    upright, left, right = look_chips(image, face, engine, [UPRIGHT, Look(-6.0), Look(6.0)])

    for turned in (left, right):
        assert 1 < np.abs(turned.astype(int) - upright).mean() < 60
    # Turned one way and the other, the two differ from each other more than from the upright face.
    apart = np.abs(left.astype(int) - right).mean()
    assert apart > np.abs(left.astype(int) - upright).mean()
    assert apart > np.abs(right.astype(int) - upright).mean()


def test_a_wider_look_shows_the_face_smaller(engine: Engine) -> None:
    image = draw(FIRST)
    face = face_of(engine, image)

    upright, wide = look_chips(image, face, engine, [UPRIGHT, Look(wider=0.25)])

    def likeness(side: int) -> float:
        """How well the middle of the upright face, made so small, is found in the wide look."""
        small = cv2.resize(upright, (side, side), interpolation=cv2.INTER_AREA)
        middle = small[side // 4 : -side // 4, side // 4 : -side // 4]
        return float(cv2.matchTemplate(wide, middle, cv2.TM_CCOEFF_NORMED).max())

    assert likeness(120) > 0.98
    assert likeness(120) > likeness(132) > likeness(150)


def test_a_soft_look_keeps_light_and_loses_detail(engine: Engine) -> None:
    image = draw(FIRST)
    face = face_of(engine, image)

    sharp, soft, softer = (
        chip.astype(float)
        for chip in look_chips(
            image, face, engine, [UPRIGHT, Look(softness=1 / 150), Look(softness=2 / 150)]
        )
    )

    detail = [np.abs(np.diff(chip, axis=1)).mean() for chip in (sharp, soft, softer)]
    assert detail[0] > detail[1] > detail[2]
    assert soft.mean() == pytest.approx(sharp.mean(), abs=1)


def test_a_probe_of_one_picture_is_the_fusion_of_its_looks(engine: Engine) -> None:
    image = draw(FIRST)
    face = engine.find(image, min_face=80)[0]

    probe = probe_from_images([image], engine=engine)

    vectors = engine.embed_chips(look_chips(image, face, engine, engine.looks))
    assert np.allclose(probe.vector, fuse(vectors, engine.mean_vector), atol=1e-6)


def test_an_engine_that_sees_colours_only_sees_the_same_in_every_look() -> None:
    engine = FakeEngine()
    image = np.full((400, 400, 3), (200, 30, 60), np.uint8)

    vectors = engine.embed_chips(look_chips(image, face_of(engine, image), engine, engine.looks))

    assert np.allclose(vectors, vectors[0])


def test_one_look_is_the_upright_face_alone(engine: Engine) -> None:
    image = draw(FIRST)

    probe = probe_from_images([image], engine=engine, one_look=True)

    face = engine.find(image, min_face=80)[0]
    assert np.allclose(probe.vector, engine.embed(image, [face])[0], atol=1e-6)
