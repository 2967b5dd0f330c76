"""Covered faces are told from others: drawn people, and held-out people of the real pictures."""

from pathlib import Path

import numpy as np
import pytest

from recognition import Engine, Image, Reason, gate
from recognition.covers.measure import covered, load_cover_network
from recognition.covers.preprocess import INPUT_PX, as_batch, upright
from recognition.datasets.covers.decoys import Decoy
from recognition.datasets.covers.occluders import Cover
from recognition.datasets.cut_outs import cut_out
from recognition.datasets.keypoints import read_labelled_faces
from recognition.datasets.people import Part, part_of
from recognition.datasets.sign_digits import Part as HandPart
from recognition.datasets.sign_digits import Sign, read_signs
from recognition.evaluation.covers import answers
from recognition.gates import DEFAULT_GATES
from tests.people import PEOPLE, draw
from tests.recognition.conftest import FIRST


def test_a_hidden_mouth_or_hidden_eyes_are_refused(engine: Engine) -> None:
    for part in ((0.6, 1.1), (0.12, 0.45)):
        image = draw(FIRST)
        box = engine.find(image)[0].box
        top, bottom = (int(box.top + share * box.height) for share in part)
        image[top:bottom, int(box.left) : int(box.right)] = (30, 34, 40)

        found = engine.find(image)

        assert not found or Reason.COVERED in gate(found[0]), part


def test_no_drawn_person_is_refused_as_covered(engine: Engine) -> None:
    for person in PEOPLE[:4]:
        face = engine.find(draw(person.identity))[0]

        assert Reason.COVERED not in gate(face), person.name


def test_a_tilted_patch_is_turned_back() -> None:
    patch = np.zeros((96, 96), np.uint8)
    patch[46:50] = 255
    turn = np.zeros((96, 96), np.uint8)
    for x in range(96):
        y = 47.5 + np.tan(np.radians(20)) * (x - 47.5)
        turn[max(0, int(y) - 1) : int(y) + 3, x] = 255

    back = upright(turn, 20.0)

    assert back.shape == (INPUT_PX, INPUT_PX)
    assert back[23:25, 8:40].mean() > 150
    assert back[:16].mean() < 10


def test_light_and_contrast_change_nothing() -> None:
    crop = np.random.default_rng(0).integers(60, 120, (1, INPUT_PX, INPUT_PX)).astype(np.uint8)

    np.testing.assert_allclose(as_batch(crop), as_batch(crop * 2), atol=1e-3)


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_a_patch_without_contrast_has_an_answer(grey: int) -> None:
    assert 0 <= covered(np.full((96, 96), grey, np.uint8), 0.0) <= 1


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_held_out_faces_are_refused_only_where_they_are_covered(
    shared_data: Path, engine: Engine
) -> None:
    folder = shared_data / "faces"
    faces = read_labelled_faces(folder / "training_keypoints.csv", folder / "training")
    held_out = [face for face in faces if part_of(face.person) is Part.REPORT][::2]
    signs = [sign for sign in read_signs(shared_data) if sign.part is HandPart.TEST][::8]
    hands = [hand for hand in map(cut_out, map(_image, signs)) if hand is not None]

    given = answers(held_out, hands, engine, load_cover_network())

    def refused(*drawn: str) -> float:
        shares = [one.covered for one in given if one.drawn in drawn and one.covered is not None]
        return float((np.array(shares) > DEFAULT_GATES.max_covered).mean())

    assert refused("") <= 0.01
    assert refused(*Decoy) <= 0.04
    assert refused(*Cover) >= 0.75


def _image(sign: Sign) -> Image:
    return sign.image
