"""The projection of face vectors keeps what faces differ in, and the scale of dlib's distances."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from recognition import encode_jpeg
from recognition.calibration.file import read_calibration
from recognition.engines.dlib_resnet.projection import SHAPE, project
from recognition.errors import TrainingError
from recognition.training.face_vectors import fit_projection
from tests.people import draw
from tests.recognition.commands.running import run

PEOPLE, PICTURES = 40, 3


@pytest.fixture
def features() -> np.ndarray:
    """Return float32 (120, 384) of 40 people, three pictures each, about a common mean."""
    random = np.random.default_rng(3)
    people = random.normal(size=(PEOPLE, 1, 384))
    noise = 0.3 * random.normal(size=(PEOPLE, PICTURES, 384))
    return (5 + people + noise).reshape(-1, 384).astype(np.float32)


@pytest.fixture
def names() -> np.ndarray:
    return np.repeat([f"person {number}" for number in range(PEOPLE)], PICTURES)


def test_the_mean_over_people_lies_at_zero(features: np.ndarray, names: np.ndarray) -> None:
    uneven = np.r_[0:100, 100:120:3]
    projection = fit_projection(features[uneven], names[uneven])

    vectors = project(features[uneven], projection)
    means = [vectors[names[uneven] == name].mean(axis=0) for name in np.unique(names)]

    assert projection.shape == SHAPE
    assert projection.dtype == np.float32
    assert np.abs(np.mean(means, axis=0)).max() < 1e-4


def test_distances_are_those_of_both_parts_on_the_scale_of_the_first(
    features: np.ndarray, names: np.ndarray
) -> None:
    """120 pictures vary in 119 directions at most, so 128 components leave nothing out."""
    vectors = project(features, fit_projection(features, names))

    weight = np.sqrt(0.5 * features[:, :128].var(axis=0).sum() / features[:, 128:].var(0).sum())
    joint = np.hstack([features[:, :128], weight * features[:, 128:]])
    expected = np.linalg.norm(joint[:, None] - joint, axis=2)
    found = np.linalg.norm(vectors[:, None] - vectors, axis=2)
    apart = expected > 0
    ratio = found[apart] / expected[apart]
    assert ratio.std() / ratio.mean() < 1e-4
    strangers = names[:, None] < names
    descriptors = np.linalg.norm(features[:, None, :128] - features[:, :128], axis=2)
    near, near_before = (np.quantile(d[strangers], 1e-4) for d in (found, descriptors))
    assert near == pytest.approx(near_before, rel=1e-3)


def test_too_few_people_are_refused(features: np.ndarray, names: np.ndarray) -> None:
    with pytest.raises(TrainingError, match=r"of 19 people .* 20 are needed"):
        fit_projection(features[: 19 * PICTURES], names[: 19 * PICTURES])


def folder_of(path: Path, people: int) -> Path:
    """Return a folder of drawn people, two small pictures each."""
    for identity in range(people):
        for number in range(2):
            picture = draw(identity, number, size=(160, 160), face_px=90, at=(80, 85))
            one = path / f"{identity:02d}" / f"{number}.jpg"
            one.parent.mkdir(parents=True, exist_ok=True)
            one.write_bytes(encode_jpeg(picture))
    return path


@pytest.mark.slow
def test_the_command_writes_what_the_engine_reads(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = folder_of(tmp_path / "people", 28)
    (folder / "00" / "0.jpg").write_bytes(b"no picture")
    out = tmp_path / "made" / "projection.npy"

    done = run(capsys, "train", "face-vectors", str(folder), "--out", str(out), "--json")

    assert done.status == 0
    assert done.json["kind"] == "face-vectors"
    assert done.json["scores"]["people"] >= 26
    assert np.load(out).shape == SHAPE
    made = read_calibration(out.with_suffix(".json"))
    assert made.people == done.json["scores"]["people"]
    assert made.engine.version.endswith(hashlib.sha256(out.read_bytes()).hexdigest()[:8])


def test_a_folder_of_too_few_people_ends_with_status_1(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = folder_of(tmp_path / "people", 2)

    done = run(capsys, "train", "face-vectors", str(folder), "--out", str(tmp_path / "p.npy"))

    assert done.status == 1
    assert "26 are needed" in done.err
    assert not (tmp_path / "p.npy").exists()
