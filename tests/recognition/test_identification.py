"""Every face of a picture is searched."""

from pathlib import Path

import numpy as np

from recognition import DEFAULT_RULE, Engine, Image
from recognition.gallery_folder import load_gallery_folder
from recognition.identification import identify
from tests.people import draw
from tests.recognition.conftest import FIRST, SECOND, STRANGER


def test_two_known_people_and_a_stranger_are_told_apart(
    engine: Engine, gallery_folder: Path
) -> None:
    gallery = load_gallery_folder(gallery_folder, engine=engine).gallery
    people = [draw(identity, 7, size=(480, 400)) for identity in (FIRST, SECOND, STRANGER)]
    image = np.ascontiguousarray(np.concatenate(people, axis=1))

    faces = engine.find(image, thorough=True)

    found = identify(image, faces, engine=engine, gallery=gallery, rule=DEFAULT_RULE)

    by_place = sorted(found, key=lambda identified: identified.face.box.left)
    assert [identified.name for identified in by_place] == ["Ada", "王小明", None]


def test_no_faces_name_nobody(engine: Engine, gallery_folder: Path) -> None:
    gallery = load_gallery_folder(gallery_folder, engine=engine).gallery
    blank: Image = np.zeros((200, 200, 3), np.uint8)

    assert identify(blank, (), engine=engine, gallery=gallery, rule=DEFAULT_RULE) == ()
