"""Videos made of photographs show the people they were made of."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from recognition import Engine, Gallery, Image, decode, load_engine
from tests.end_to_end.scenes import GREY, cut_face, write_walk_up_video_from_photos
from tests.people import PEOPLE, write_pictures
from tests.people.pictures import write_jpeg


@pytest.fixture(scope="module")
def engine() -> Engine:
    """Return the product's engine."""
    return load_engine()


def frames_at(path: Path, indices: list[int]) -> list[Image]:
    """Return the frames with these numbers, RGB."""
    capture = cv2.VideoCapture(str(path))
    frames = []
    for index in range(max(indices) + 1):
        there, frame = capture.read()
        assert there, f"{path} ends at frame {index}"
        if index in indices:
            frames.append(np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB), dtype=np.uint8))
    capture.release()
    return frames


@pytest.mark.slow
def test_a_visit_shows_its_person_and_grey_lies_between(tmp_path: Path, engine: Engine) -> None:
    root = write_pictures(tmp_path / "people", PEOPLE[:2], per_person=2)
    visits = [sorted((root / person.name).glob("*.jpg")) for person in PEOPLE[:2]]
    path = tmp_path / "walk.mp4"
    count = write_walk_up_video_from_photos(path, visits, seconds_each=1.0, gap_s=0.4, fps=10)
    assert count == 4 + 10 + 4 + 10 + 4
    before, first, between, second, after = frames_at(path, [1, 12, 15, 26, 30])
    for empty in (before, between, after):
        assert engine.find(empty) == ()
        assert abs(float(empty.mean()) - GREY) < 8  # the codec rounds
    vectors = [engine.embed(picture, engine.find(picture)[:1])[0] for picture in (first, second)]
    enrolled = [decode((root / person.name / "1.jpg").read_bytes()) for person in PEOPLE[:2]]
    known = np.array([engine.embed(picture, engine.find(picture))[0] for picture in enrolled])
    gallery = Gallery(engine.id, [person.name for person in PEOPLE[:2]], known)
    assert [match.label for match in gallery.search(np.array(vectors))] == [
        person.name for person in PEOPLE[:2]
    ]


def test_a_photograph_is_scaled_to_the_door_s_face_size(
    tmp_path: Path, engine: Engine, shared_data: Path
) -> None:
    people = sorted((shared_data / "people" / "lfw").iterdir())[:2]
    visits = [sorted(person.glob("*.jpg"))[:1] for person in people]
    path = tmp_path / "walk.mp4"
    write_walk_up_video_from_photos(path, visits, seconds_each=0.8, gap_s=0.2, fps=10)
    for frame, photographs in zip(frames_at(path, [8, 18]), visits, strict=True):
        face = engine.find(frame)[0]
        assert 170 < face.box.width < 250
        picture = decode(photographs[0].read_bytes())
        original = engine.embed(picture, engine.find(picture, thorough=True)[:1])[0]
        assert np.linalg.norm(engine.embed(frame, (face,))[0] - original) < 0.35


def test_it_names_the_photograph_that_shows_no_face(tmp_path: Path, engine: Engine) -> None:
    blank = tmp_path / "blank.jpg"
    write_jpeg(blank, np.full((200, 200, 3), 90, np.uint8))
    with pytest.raises(ValueError, match=r"blank\.jpg"):
        cut_face(blank, engine)
    with pytest.raises(ValueError, match="at least one photograph"):
        write_walk_up_video_from_photos(tmp_path / "walk.mp4", [[]])
    with pytest.raises(ValueError, match=r"blank\.jpg"):
        write_walk_up_video_from_photos(tmp_path / "walk.mp4", [[blank]])
    assert list(tmp_path.glob("*.mp4")) == []
