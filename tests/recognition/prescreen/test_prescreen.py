"""Frames without a face are told early, and whoever the full search finds is found as before."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks.vision import empty_room
from recognition import Box, Image, WeightFileError
from recognition.datasets.keypoints import read_labelled_faces
from recognition.datasets.people import Part, part_of
from recognition.engines.dlib_resnet import detector as detectors
from recognition.engines.dlib_resnet.detector import HogDetector
from recognition.networks import network as networks
from recognition.prescreen.measure import face_likelihood, load_prescreen_network, may_show_face
from recognition.prescreen.preprocess import Grey, as_batch
from tests.people import PEOPLE, draw

WIDTHS = (80, 96, 120, 150, 190, 240)
PLACES = ((320, 250), (110, 120), (530, 360))


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the sizes of the copies that the detector searches from now on."""
    scales: list[float] = []
    search = HogDetector._search

    def noted(self: HogDetector, grey: Grey, scale: float) -> list[tuple[Box, float]]:
        scales.append(scale)
        return search(self, grey, scale)

    monkeypatch.setattr(HogDetector, "_search", noted)
    return scales


def same(image: Image) -> bool:
    """Whether a quick search gives what it gives without a prescreen; False where that is none."""
    wanted = HogDetector(prescreened=False).find(image, min_face=80, thorough=False)
    given = HogDetector().find(image, min_face=80, thorough=False)
    return bool(wanted) and [face.box for face in given] == [face.box for face in wanted]


def test_anempty_room_is_searched_in_the_smallest_copy_alone(searched: list[float]) -> None:
    assert HogDetector().find(empty_room(), min_face=80, thorough=False) == ()

    assert searched[-1:] == [0.3]


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_a_frame_of_one_colour_shows_nobody(grey: int) -> None:
    assert not may_show_face(np.full((192, 256), grey, np.uint8))


def test_a_near_face_is_found_before_the_prescreen_is_asked(
    searched: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(detectors, "may_show_face")

    assert HogDetector().find(draw(PEOPLE[0].identity, face_px=300), min_face=80, thorough=False)
    assert searched == [0.3]


def test_a_thorough_search_never_asks_it(
    searched: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(detectors, "may_show_face", lambda copy: False)
    picture = draw(PEOPLE[0].identity, face_px=120)

    assert HogDetector().find(picture, min_face=80, thorough=True)
    assert searched == [1.0]
    assert not HogDetector().find(picture, min_face=80, thorough=False)


@pytest.mark.parametrize("identity", [person.identity for person in PEOPLE[:2]])
def test_a_small_face_is_found_as_before(identity: int) -> None:
    assert same(draw(identity, face_px=90, at=(120, 130)))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_drawn_person_is_found_as_before_at_any_size_and_place() -> None:
    full, lost, found = HogDetector(prescreened=False), [], 0
    for number, person in enumerate(PEOPLE):
        for variation, width in enumerate(WIDTHS):
            at = PLACES[(number + variation) % len(PLACES)]
            image = draw(person.identity, variation, face_px=width, at=at)
            if full.find(image, min_face=80, thorough=False):
                found += 1
                lost += [] if same(image) else [(person.name, width, at)]

    assert found > 100
    assert lost == []


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_held_out_people_are_found_as_before(shared_data: Path) -> None:
    """Real faces of people nothing was learnt from, on their own ground and a plain one."""
    folder = shared_data / "faces"
    faces = read_labelled_faces(folder / "training_keypoints.csv", folder / "training")
    held_out = [face for face in faces if part_of(face.person) is Part.REPORT][::3]
    full, found, lost = HogDetector(prescreened=False), 0, []
    for number, face in enumerate(held_out):
        width = WIDTHS[number % len(WIDTHS)]
        image = before_a_wall(face.picture(), width / float(np.ptp(face.points[:, 0])))
        if full.find(image, min_face=80, thorough=False):
            found += 1
            lost += [] if same(image) else [(face.name, width)]

    assert found > 80
    assert lost == []


def before_a_wall(picture: Image, scale: float) -> Image:
    """A picture that many times as large, in the middle of a grey frame of 640x480."""
    large = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    high, wide = (min(side, most) for side, most in zip(large.shape[:2], (480, 640), strict=True))
    frame = np.full((480, 640, 3), 150, np.uint8)
    top, left = (480 - high) // 2, (640 - wide) // 2
    frame[top : top + high, left : left + wide] = large[:high, :wide]
    return frame


@pytest.mark.parametrize("shape", [(72, 72), (72, 1200), (101, 67), (288, 512)])
def test_copies_may_have_any_size(shape: tuple[int, int]) -> None:
    copy = np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)

    assert 0 <= face_likelihood(copy) <= 1


def test_light_changes_little() -> None:
    copy = np.random.default_rng(0).integers(40, 120, (72, 96)).astype(np.uint8)

    np.testing.assert_allclose(as_batch(copy), as_batch(copy * 2), atol=0.05)
    assert np.abs(as_batch(np.full((72, 96), 90, np.uint8))).max() < 1e-3


@pytest.mark.parametrize(("content", "said"), [(None, "is missing"), (b"rubbish", "no ONNX")])
def test_missing_and_damaged_weights_are_named(
    content: bytes | None, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if content is not None:
        (tmp_path / "prescreen.onnx").write_bytes(content)
    monkeypatch.setattr(networks, "WEIGHTS", tmp_path)
    networks._committed.cache_clear()

    with pytest.raises(WeightFileError, match=rf"prescreen\.onnx.*{said}"):
        HogDetector().find(empty_room(), min_face=80, thorough=False)


def test_the_committed_weights_take_copies_of_any_size() -> None:
    assert load_prescreen_network().metadata.input == (0, 0, 1)
    assert 0 < load_prescreen_network().metadata.threshold < 0.5
