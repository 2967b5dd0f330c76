"""The synthetic people themselves: the same every time, found, and kept apart."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from recognition import Engine, Gallery, load_engine
from tests.people import (
    DEMO_STRANGER,
    IDENTITIES,
    PEOPLE,
    Light,
    draw,
    synthetic_vectors,
    write_demo,
    write_door_video,
    write_pictures,
)
from tests.people.canvas import Pixels
from tests.people.separation import LEAST_BETWEEN, MOST_WITHIN, Sample, sample, separated

# Rounding differs between processors; what was measured may move by this much.
SLACK = 0.03


@pytest.fixture(scope="module")
def engine() -> Engine:
    """Return the engine that measures people in the product."""
    return load_engine()


def frames_of(path: Path) -> list[Pixels]:
    """Return all frames of a video, RGB."""
    capture = cv2.VideoCapture(str(path))
    frames = []
    while True:
        there, frame = capture.read()
        if not there:
            break
        frames.append(np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB), dtype=np.uint8))
    capture.release()
    return frames


def test_the_same_seeds_give_the_same_bytes() -> None:
    first = draw(IDENTITIES[0], 3, face_px=120)
    draw(IDENTITIES[1], 3, face_px=120)
    assert first.tobytes() == draw(IDENTITIES[0], 3, face_px=120).tobytes()


def test_another_seed_gives_another_picture() -> None:
    plain = draw(IDENTITIES[0])
    assert plain.tobytes() != draw(IDENTITIES[0], 1).tobytes()
    assert plain.tobytes() != draw(IDENTITIES[1]).tobytes()


def test_a_picture_has_the_size_asked_for() -> None:
    picture = draw(IDENTITIES[2], size=(240, 320), face_px=100)
    assert picture.shape == (240, 320, 3)
    assert picture.dtype == np.uint8
    assert picture.flags.c_contiguous


def test_a_drawing_can_be_changed_without_changing_the_next_one() -> None:
    draw(IDENTITIES[0])[:] = 0
    assert draw(IDENTITIES[0]).mean() > 60


def test_faces_are_found_where_they_were_put(engine: Engine) -> None:
    found = 0
    for place, identity in enumerate(IDENTITIES[::2]):
        faces = engine.find(draw(identity, place % 4, at=(300, 250)))
        centres = [(face.box.left + face.box.right) / 2 for face in faces]
        found += len(faces) == 1 and abs(centres[0] - 300) < 40
    assert found >= 0.95 * len(IDENTITIES[::2])


def test_a_face_is_about_as_wide_as_asked_for(engine: Engine) -> None:
    for asked in (120, 200):
        (face,) = engine.find(draw(IDENTITIES[3], face_px=asked))
        assert 0.8 * asked < face.box.width < 1.3 * asked


def test_a_head_turns_to_both_sides(engine: Engine) -> None:
    (left,) = engine.find(draw(IDENTITIES[3], turn=-0.8))
    (right,) = engine.find(draw(IDENTITIES[3], turn=0.8))
    assert left.quality.yaw * right.quality.yaw < 0


def test_a_blink_changes_nothing_but_the_eyes() -> None:
    change = np.abs(draw(IDENTITIES[0], blink=1.0).astype(int) - draw(IDENTITIES[0]))
    rows = np.flatnonzero(change.max(axis=(1, 2)) > 8)
    assert len(rows) > 5
    assert rows[-1] - rows[0] < 60


def test_a_mouth_opens_and_light_can_be_taken_away() -> None:
    plain = draw(IDENTITIES[3])
    assert np.abs(draw(IDENTITIES[3], mouth_open=1.0).astype(int) - plain).max() > 60
    assert draw(IDENTITIES[3], light=Light(strength=0.3)).mean() < 0.4 * plain.mean()


@pytest.mark.slow
def test_people_are_as_far_apart_as_the_roster_says(engine: Engine) -> None:
    samples = [sample(identity, engine, (0, 1)) for identity in IDENTITIES[::4]]
    known = [one for one in samples if one is not None]
    assert len(known) == len(samples), "a person of the roster was not found"
    assert max(one.spread() for one in known) <= MOST_WITHIN + SLACK
    nearest = min(a.nearness(b) for i, a in enumerate(known) for b in known[:i])
    assert nearest >= LEAST_BETWEEN - SLACK, "run: python -m tests.people separate"


def test_the_search_for_distant_people_leaves_out_whoever_is_near() -> None:
    spot = np.zeros((1, 128), np.float32)
    line = [Sample(place, spot + np.float32(0.1 * place / 128**0.5)) for place in range(11)]
    assert len(separated(line, least=0.45)) == 3
    assert separated(line, least=0.45, kept=[5]) == (0, 5, 10)
    assert separated([], least=0.45) == ()


def test_every_identity_has_one_name_and_one_number() -> None:
    assert sorted(person.identity for person in PEOPLE) == sorted(IDENTITIES)
    assert len(IDENTITIES) >= 24
    assert len({person.name.casefold() for person in PEOPLE}) == len(PEOPLE)
    assert len({person.employee_number for person in PEOPLE}) == len(PEOPLE)


def test_pictures_are_written_in_a_folder_for_each_person(tmp_path: Path) -> None:
    root = write_pictures(tmp_path / "people", PEOPLE[:2], per_person=2)
    written = sorted(str(path.relative_to(root)) for path in root.rglob("*.jpg"))
    assert written == sorted(f"{p.name}/{n}.jpg" for p in PEOPLE[:2] for n in (1, 2))


@pytest.mark.slow
def test_a_door_video_shows_each_visitor_and_ends_empty(tmp_path: Path, engine: Engine) -> None:
    path = tmp_path / "door.mp4"
    count = write_door_video(path, [PEOPLE[0].identity, PEOPLE[1].identity])
    frames = frames_of(path)
    assert len(frames) == count == round(2 * (3.2 + 0.7) * 15) + 30 - 1
    assert [file.name for file in tmp_path.iterdir()] == ["door.mp4"]
    pictures = [draw(person.identity) for person in PEOPLE[:2]]
    vectors = [engine.embed(picture, engine.find(picture))[0] for picture in pictures]
    gallery = Gallery(engine.id, [person.name for person in PEOPLE[:2]], np.array(vectors))
    for person, middle in zip(PEOPLE[:2], (2.3, 2.3 + 3.9), strict=True):
        frame = frames[round(middle * 15)]
        (match,) = gallery.search(engine.embed(frame, engine.find(frame)))
        assert match.label == person.name
        assert match.distance < 0.35
    for empty in (frames[0], frames[-1]):
        assert engine.find(empty) == ()


def test_a_video_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="cannot write a video"):
        write_door_video(tmp_path / "nowhere" / "door.mp4", [])


@pytest.mark.slow
def test_the_demonstration_is_drawn_once_and_completed_where_it_was_cut(tmp_path: Path) -> None:
    def draw_demo() -> dict[str, int]:
        write_demo(tmp_path, enrolled=PEOPLE[:1])
        files = (path for path in tmp_path.rglob("*") if path.is_file())
        return {str(path.relative_to(tmp_path)): path.stat().st_mtime_ns for path in files}

    first = draw_demo()
    name = PEOPLE[0].name
    pictures = [f"people/{name}/{n}.jpg" for n in (1, 2, 3)]
    assert sorted(first) == sorted(["door.mp4", "drawn.txt", *pictures])
    assert not (tmp_path / "people" / DEMO_STRANGER.name).exists()
    assert draw_demo() == first
    (tmp_path / "door.mp4").unlink()
    (tmp_path / "door.part.mp4").write_bytes(b"cut")
    again = draw_demo()
    assert again.keys() == first.keys()
    assert all(again[path] == first[path] for path in pictures)


def test_made_up_vectors_lie_as_real_ones_do() -> None:
    vectors = synthetic_vectors(1000, seed=4)
    assert vectors.shape == (1000, 128)
    assert vectors.dtype == np.float32
    assert 1.35 < np.linalg.norm(vectors, axis=1).mean() < 1.5
    distances = np.linalg.norm(vectors[:200, None] - vectors[None, 200:400], axis=2)
    assert 0.75 < distances.mean() < 0.9
    assert (synthetic_vectors(10, seed=4) == synthetic_vectors(10, seed=4)).all()
    assert (synthetic_vectors(10, seed=4) != synthetic_vectors(10, seed=5)).any()
    with pytest.raises(ValueError, match="-1 people"):
        synthetic_vectors(-1)
