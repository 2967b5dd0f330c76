"""The engine finds, aligns and embeds as dlib does."""

import subprocess
import sys
import threading
from pathlib import Path

import dlib
import numpy as np
import pytest

from recognition import Engine, Image, ImageShapeError, Vectors, decode, load_engine
from recognition.engines.dlib_resnet.detector import search_scales
from recognition.engines.dlib_resnet.engine import DlibResnetEngine
from recognition.engines.dlib_resnet.files import DESCRIPTOR_FILE, weight_file
from tests.people import draw
from tests.recognition.conftest import FIRST, SECOND


def dlib_vectors(image: Image, engine: Engine) -> np.ndarray:
    """What dlib itself makes of the faces and points that the engine finds."""
    network = dlib.face_recognition_model_v1(str(weight_file(DESCRIPTOR_FILE)))
    vectors = []
    for face in engine.find(image):
        points = [dlib.point(int(x), int(y)) for x, y in face.landmarks]
        shape = dlib.full_object_detection(dlib.rectangle(0, 0, 1, 1), points)
        vectors.append(network.compute_face_descriptor(image, shape))
    return np.array(vectors)


def descriptors(image: Image, engine: Engine) -> Vectors:
    """What this engine's network makes of them."""
    assert isinstance(engine, DlibResnetEngine)
    return engine.descriptors(engine.align(image, engine.find(image)))


def test_descriptors_of_drawn_people_are_those_of_dlib(engine: Engine) -> None:
    for identity in (FIRST, SECOND):
        image = draw(identity)
        ours = descriptors(image, engine)

        assert np.linalg.norm(ours - dlib_vectors(image, engine), axis=1).max() < 1e-5


def test_descriptors_of_real_people_are_those_of_dlib(engine: Engine, shared_data: Path) -> None:
    names = ("obama.jpg", "biden.jpg", "32bit.png", "2008_001322.jpg")
    count = 0
    for name in names:
        image = decode((shared_data / "photos" / name).read_bytes())
        ours = descriptors(image, engine)
        assert np.linalg.norm(ours - dlib_vectors(image, engine), axis=1).max() < 1e-5
        count += len(ours)

    assert count >= len(names)


@pytest.mark.parametrize("width", [85, 110, 140, 160, 200, 300])
@pytest.mark.parametrize("thorough", [False, True])
def test_a_face_from_80_pixels_on_is_found(engine: Engine, width: int, *, thorough: bool) -> None:
    faces = engine.find(draw(FIRST, face_px=width), min_face=80, thorough=thorough)

    assert len(faces) == 1
    assert faces[0].box.width == pytest.approx(width, rel=0.35)


def test_a_smaller_face_is_found_where_that_is_asked_for(engine: Engine) -> None:
    image = draw(FIRST, face_px=44)

    assert not engine.find(image, min_face=80)
    assert len(engine.find(image, min_face=40)) == 1


def test_the_largest_face_comes_first(engine: Engine) -> None:
    near = draw(FIRST, size=(480, 400), face_px=220, at=(200, 240))
    far = draw(SECOND, size=(480, 400), face_px=110, at=(200, 240))
    image = np.ascontiguousarray(np.concatenate([far, near], axis=1))

    faces = engine.find(image, thorough=True)

    assert [face.box.center[0] > 400 for face in faces] == [True, False]
    assert engine.embed(image, faces).shape == (2, 128)


def test_faces_of_one_picture_are_embedded_as_one_by_one(engine: Engine) -> None:
    image = np.ascontiguousarray(np.concatenate([draw(FIRST), draw(SECOND)], axis=1))
    faces = engine.find(image, thorough=True)
    assert len(faces) == 2

    together = engine.embed(image, faces)

    for face, vector in zip(faces, together, strict=True):
        assert engine.embed(image, [face])[0] == pytest.approx(vector, abs=1e-5)


def test_no_faces_give_no_chips_and_no_vectors(engine: Engine, portrait: Image) -> None:
    assert engine.align(portrait, ()).shape == (0, 150, 150, 3)
    assert engine.embed(portrait, ()).shape == (0, 128)


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 900, 3), (900, 1, 3), (79, 79, 3), (81, 80, 3)])
@pytest.mark.parametrize("thorough", [False, True])
def test_no_size_of_picture_makes_the_search_fail(
    engine: Engine, shape: tuple[int, ...], *, thorough: bool
) -> None:
    assert engine.find(np.zeros(shape, np.uint8), min_face=40, thorough=thorough) == ()


@pytest.mark.parametrize("bad", [np.zeros((9, 9), np.uint8), np.zeros((9, 9, 3), np.float32)])
def test_it_refuses_what_is_no_picture(engine: Engine, bad: Image) -> None:
    with pytest.raises(ImageShapeError):
        engine.find(bad)


def test_it_refuses_faces_of_no_size(engine: Engine, portrait: Image) -> None:
    with pytest.raises(ValueError, match="min_face"):
        engine.find(portrait, min_face=0)


def test_a_strided_picture_is_taken(engine: Engine, portrait: Image) -> None:
    mirrored = portrait[:, ::-1]

    faces = engine.find(mirrored)

    assert engine.embed(mirrored, faces).shape == (1, 128)


def test_large_faces_are_looked_for_first_and_the_last_search_is_the_finest() -> None:
    assert search_scales((480, 640), min_face=80, thorough=False) == (0.3, 0.5, 1.0)
    assert search_scales((480, 640), min_face=160, thorough=False) == (0.3, 0.5)
    assert search_scales((160, 160), min_face=80, thorough=False) == (1.0,)
    assert search_scales((480, 640), min_face=80, thorough=True) == (1.0,)
    assert search_scales((480, 640), min_face=10, thorough=True) == (2.0,)
    few = search_scales((2160, 3840), min_face=100, thorough=False)
    assert few == (144 / 2160, 0.1, 0.2, 0.4, 0.8)


@pytest.mark.slow
def test_several_threads_may_share_an_engine(engine: Engine, portrait: Image) -> None:
    expected = engine.embed(portrait, engine.find(portrait))
    vectors: list[Vectors] = []

    def look() -> None:
        vectors.extend(engine.embed(portrait, engine.find(portrait)) for _ in range(3))

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(vectors) == 12
    assert all(np.allclose(vector, expected, atol=1e-6) for vector in vectors)


def test_the_number_of_threads_does_not_change_a_vector(engine: Engine, portrait: Image) -> None:
    faces = engine.find(portrait)

    assert load_engine(threads=2).embed(portrait, faces) == pytest.approx(
        engine.embed(portrait, faces), abs=1e-5
    )


def test_looking_for_faces_never_loads_the_network_nor_the_file_with_68_points() -> None:
    """A thorough search runs no network at all; a quick one, the prescreen's alone."""
    script = """
import sys
opened = []
sys.addaudithook(lambda name, args: opened.append(str(args[0])) if name == "open" else None)
import numpy as np
from recognition import load_engine
load_engine().find(np.zeros((480, 640, 3), np.uint8), thorough=True)
assert "onnxruntime" not in sys.modules, "onnxruntime"
load_engine().find(np.zeros((480, 640, 3), np.uint8))
assert "onnx" not in sys.modules, "onnx"
for word in ("resnet_model", "68_face", "mmod"):
    assert not any(word in path for path in opened), word
for package in ("face_recognition_models", "pkg_resources", "django", "celery", "redis", "httpx"):
    assert package not in sys.modules, package
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
