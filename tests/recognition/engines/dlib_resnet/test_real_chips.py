"""On 200 faces of real people the network gives dlib's descriptors, deciding as dlib's would."""

from pathlib import Path

import dlib
import numpy as np
import pytest

from recognition import (
    Decision,
    Engine,
    Gallery,
    Image,
    Vectors,
    decide,
    decode,
    default_rule,
)
from recognition.engines.dlib_resnet.engine import DlibResnetEngine
from recognition.engines.dlib_resnet.files import DESCRIPTOR_FILE, weight_file

pytestmark = pytest.mark.slow

CHIPS = 200


@pytest.fixture(scope="module")
def faces(shared_data: Path, engine: Engine) -> tuple[list[str], Image]:
    """Return whose each is, and 200 chips, uint8 (200, 150, 150, 3)."""
    names: list[str] = []
    chips: list[Image] = []
    for path in sorted((shared_data / "faces" / "training").glob("*.jpg")):
        image = decode(path.read_bytes())
        found = engine.find(image, min_face=40, thorough=True)[:1]
        if found:
            names.append(path.stem.rpartition("_")[0])
            chips.append(engine.align(image, found)[0])
        if len(chips) == CHIPS:
            break
    return names, np.stack(chips)


@pytest.fixture(scope="module")
def ours(faces: tuple[list[str], Image], engine: Engine) -> Vectors:
    assert isinstance(engine, DlibResnetEngine)
    return engine.descriptors(faces[1])


@pytest.fixture(scope="module")
def of_dlib(faces: tuple[list[str], Image]) -> Vectors:
    network = dlib.face_recognition_model_v1(str(weight_file(DESCRIPTOR_FILE)))
    return np.array(network.compute_face_descriptor(list(faces[1])), np.float32)


def test_no_descriptor_is_farther_than_1e_5_from_dlibs(ours: Vectors, of_dlib: Vectors) -> None:
    assert len(ours) == CHIPS
    assert np.linalg.norm(ours.astype(np.float64) - of_dlib, axis=1).max() <= 1e-5


def decisions(names: list[str], vectors: Vectors, engine: Engine) -> list[Decision]:
    """Every second person is enrolled with the first face; all other faces are searched."""
    known = sorted(set(names))[::2]
    first = [names.index(name) for name in known]
    gallery = Gallery(engine.id, known, vectors[first])
    others = [row for row in range(len(names)) if row not in first]
    rule = default_rule(len(known))
    return [decide(match, rule) for match in gallery.search(vectors[others])]


def test_no_decision_differs_from_dlibs(
    faces: tuple[list[str], Image], ours: Vectors, of_dlib: Vectors, engine: Engine
) -> None:
    by_network = decisions(faces[0], ours, engine)
    by_dlib = decisions(faces[0], of_dlib, engine)

    assert {decision.accepted for decision in by_dlib} == {True, False}
    for one, other in zip(by_network, by_dlib, strict=True):
        assert one.match is not None
        assert other.match is not None
        assert (one.accepted, one.reason) == (other.accepted, other.reason)
        assert one.match.label == other.match.label
