"""The example engine of docs/engines.md, on real pictures."""

from pathlib import Path

import numpy as np
import pytest

from recognition import (
    DEFAULT_GATES,
    Engine,
    Image,
    Reason,
    Vectors,
    decode,
    gate,
    install_engine,
)
from recognition import load_engine as load
from recognition.landmarks import LandmarkKind

pytestmark = pytest.mark.slow

MANIFEST = Path(__file__).parents[4] / "docs/engines/mobilefacenet-arcface.json"


@pytest.fixture
def engine(shared_data: Path, engines: Path) -> Engine:
    """Return the ArcFace engine with YuNet, installed for this test."""
    assert not engines.exists()
    folder = shared_data / "engines"
    installed = install_engine(folder / "mobilefacenet_arcface.onnx", MANIFEST)
    assert installed.manifest.detector == "yunet"
    return load("mobilefacenet-arcface")


def picture(shared_data: Path, name: str, number: int) -> Image:
    files = sorted((shared_data / "people" / "lfw" / name).glob("*.jpg"))
    return decode(files[number].read_bytes())


def names(shared_data: Path) -> list[str]:
    return sorted(path.name for path in (shared_data / "people" / "lfw").iterdir())


def largest(engine: Engine, image: Image) -> Vectors:
    return engine.embed(image, engine.find(image, thorough=True)[:1])


def test_one_person_is_nearer_than_any_other(engine: Engine, shared_data: Path) -> None:
    people = names(shared_data)
    enrolled, probed = (
        np.concatenate([largest(engine, picture(shared_data, name, n)) for name in people])
        for n in (0, 1)
    )
    between = np.linalg.norm(probed[:, np.newaxis] - enrolled[np.newaxis], axis=2)

    assert np.linalg.norm(enrolled, axis=1) == pytest.approx(np.ones(len(people)), abs=1e-5)
    assert (between.argmin(axis=1) == np.arange(len(people))).all()
    rule = engine.distances.search_rule(len(people))
    assert np.median(np.diag(between)) < rule.threshold
    assert between[~np.eye(len(people), dtype=bool)].min() > rule.threshold


def test_it_finds_the_faces_that_the_built_in_detector_finds(
    engine: Engine, shared_data: Path
) -> None:
    for name in names(shared_data):
        image = picture(shared_data, name, 0)
        ours, theirs = engine.find(image)[0], load().find(image)[0]

        assert ours.box.iou(theirs.box) > 0.55
        assert ours.box.width == pytest.approx(theirs.box.width, rel=0.25)
        assert ours.quality.yaw == pytest.approx(theirs.quality.yaw, abs=0.25)
        assert ours.kind is LandmarkKind.EYES_NOSE_MOUTH
        assert gate(ours, DEFAULT_GATES) == gate(theirs, DEFAULT_GATES)


def test_it_aligns_faces_of_the_built_in_detector_as_well(
    engine: Engine, shared_data: Path
) -> None:
    image = picture(shared_data, names(shared_data)[0], 0)
    own = engine.embed(image, engine.find(image)[:1])
    foreign = engine.embed(image, load().find(image)[:1])

    assert np.linalg.norm(own - foreign) < 0.7


def test_it_stays_quiet(
    engine: Engine, shared_data: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    engine.find(picture(shared_data, names(shared_data)[0], 0))

    assert capfd.readouterr() == ("", "")


def test_small_and_cut_faces_are_told(engine: Engine, shared_data: Path) -> None:
    image = picture(shared_data, names(shared_data)[0], 0)
    face = engine.find(image)[0]
    middle = int(face.box.center[0])

    half = engine.find(np.ascontiguousarray(image[:, middle:]))

    assert engine.find(image, min_face=round(face.box.width) + 20) == ()
    assert not half or Reason.CUT_OFF in gate(half[0], DEFAULT_GATES)


def test_small_faces_are_found_by_whoever_looks_for_them(engine: Engine, shared_data: Path) -> None:
    """They are 29 to 39 pixels wide, and too small for `evaluate`, which asks for 40."""
    for name in ("GL_Peiris_02", "Carlos_Queiroz_02", "Linda_Dano_32", "Prince_Harry_11"):
        image = decode((shared_data / "faces" / "training" / f"{name}.jpg").read_bytes())
        (found,) = engine.find(image, min_face=28, thorough=True)

        assert 28 < found.box.width < 40, name
        assert engine.find(image, min_face=40, thorough=True) == ()


def test_what_no_closer_look_finds_again_is_no_face(engine: Engine, shared_data: Path) -> None:
    """A hand, a corner of a wall, a tiled floor: each was taken for a face at first sight."""
    hand = decode((shared_data / "sign_digits" / "4" / "IMG_5301.jpg").read_bytes())
    assert engine.find(hand, min_face=40, thorough=True) == ()

    for name in ("Penelope_Ann_Miller_52", "Cameron_Diaz_20"):
        image = decode((shared_data / "faces" / "training" / f"{name}.jpg").read_bytes())
        assert len(engine.find(image, min_face=40, thorough=True)) == 1, name


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (500, 1), (33, 31), (2000, 90)])
def test_pictures_of_any_shape_are_searched(engine: Engine, shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)

    assert isinstance(engine.find(noise, min_face=10, thorough=True), tuple)
