"""A face that the detector misses is aligned by the network's points, at enrolment alone."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from recognition import ENROLMENT_GATES, Engine, Image, ProbeRefused, Reason, probe_from_images
from recognition.images import decode
from recognition.keypoints.alignment import missed_faces
from recognition.picture_files import list_files
from tests.people import PEOPLE, draw

PERSON, OTHER = PEOPLE[0].identity, PEOPLE[1].identity
SIDE = 300


def portrait(identity: int) -> Image:
    return draw(identity, size=(SIDE, SIDE), face_px=130)


def with_glare(image: Image) -> Image:
    """A lamp's reflection over one eye, as on glasses: the detector finds no face any more."""
    y, x = np.mgrid[:SIDE, :SIDE]
    light = 260 * np.exp(-((x - 110) ** 2 + (y - 130) ** 2) / (2 * 45**2))
    return np.asarray(np.clip(image + light[:, :, np.newaxis], 0, 255), np.uint8)


def turned(image: Image, degrees: float) -> Image:
    turn = cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), degrees, 1)
    edge = cv2.BORDER_REPLICATE
    return np.asarray(cv2.warpAffine(image, turn, (SIDE, SIDE), borderMode=edge), np.uint8)


def test_a_missed_face_is_enrolled_and_is_still_its_own(engine: Engine) -> None:
    image = with_glare(portrait(PERSON))
    assert not engine.find(image, thorough=True)

    probe = probe_from_images([image], engine=engine, gates=ENROLMENT_GATES, thorough=True)

    own, other = (
        probe_from_images([portrait(who)], engine=engine).vector for who in (PERSON, OTHER)
    )
    to_own, to_other = (np.linalg.norm(probe.vector - vector) for vector in (own, other))
    assert to_own < engine.distances.consistent
    assert to_own < 0.8 * to_other


def test_a_head_tilted_too_far_for_the_detector_is_told_so(engine: Engine) -> None:
    image = turned(portrait(PERSON), 60)
    assert not engine.find(image, thorough=True)

    with pytest.raises(ProbeRefused, match=r"tilted about [56]") as refused:
        probe_from_images([image], engine=engine, gates=ENROLMENT_GATES, thorough=True)

    assert refused.value.reason is Reason.FACE_TILTED


def test_two_missed_faces_are_told_and_neither_is_enrolled(engine: Engine) -> None:
    both = [with_glare(portrait(PEOPLE[who].identity)) for who in (0, 6)]
    image = np.ascontiguousarray(np.concatenate([one[:, 60:-60] for one in both], axis=1))
    assert not engine.find(image, thorough=True)

    with pytest.raises(ProbeRefused) as refused:
        probe_from_images([image], engine=engine, gates=ENROLMENT_GATES, thorough=True)

    assert refused.value.reason is Reason.SEVERAL_FACES


def test_the_door_does_without(engine: Engine) -> None:
    with pytest.raises(ProbeRefused) as refused:
        probe_from_images([with_glare(portrait(PERSON))], engine=engine)

    assert refused.value.reason is Reason.NO_FACE


def test_where_the_detector_finds_a_face_nothing_changes(engine: Engine) -> None:
    image = portrait(PERSON)

    (face,) = probe_from_images([image], engine=engine, thorough=True).faces

    np.testing.assert_array_equal(face.landmarks, engine.find(image, thorough=True)[0].landmarks)


@pytest.mark.parametrize("seed", range(3))
def test_noise_and_stripes_are_no_face(seed: int) -> None:
    random = np.random.default_rng(seed)
    noise = random.integers(0, 256, (120, 160, 3), np.uint8)
    stripes = np.where(np.indices((120, 160))[seed % 2] % (4 + seed) < 2, 230, 30)

    assert missed_faces(noise) == ()
    assert missed_faces(np.repeat(stripes[:, :, np.newaxis], 3, axis=2).astype(np.uint8)) == ()


@pytest.mark.parametrize("size", [(1, 1), (2, 8000), (8000, 2)])
def test_pictures_of_any_size_are_looked_at(size: tuple[int, int]) -> None:
    assert missed_faces(np.full((*size, 3), 120, np.uint8)) == ()


def pictures(folder: Path, step: int) -> Iterator[Image]:
    return (decode(path.read_bytes()) for path in list_files(folder)[::step])


@pytest.mark.slow
def test_hands_are_taken_for_nobody_s_face(shared_data: Path) -> None:
    assert not any(missed_faces(hand) for hand in pictures(shared_data / "sign_digits", 60))


@pytest.mark.slow
def test_people_whom_the_detector_misses_are_found(shared_data: Path, engine: Engine) -> None:
    frames = pictures(shared_data / "faces" / "training", 9)
    missed = [frame for frame in frames if not engine.find(frame, min_face=40, thorough=True)]

    assert len(missed) >= 5
    assert sum(len(missed_faces(frame)) == 1 for frame in missed) >= 0.9 * len(missed)
