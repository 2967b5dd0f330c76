"""`evaluate faces`: its keys, its failures, and the figures on real people."""

import re
from pathlib import Path

import numpy as np
import pytest

from recognition import Engine, encode_jpeg
from recognition.datasets.people import Part, part_of
from recognition.evaluation.acquisition import acquire
from recognition.evaluation.comparisons import compare_all
from recognition.evaluation.dataset import Dataset, read_dataset
from recognition.evaluation.discards import discards
from recognition.evaluation.samples import single_samples
from recognition.gates import DEFAULT_GATES
from recognition.normalisation.normaliser import plain_blocks
from tests.people import draw
from tests.recognition.commands.running import run
from tests.recognition.commands.test_documentation import keys, section
from tests.recognition.conftest import FIRST, SECOND, STRANGER


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return three drawn people in two videos each, one frame of which shows nobody."""
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for name, identity in (("Ada", FIRST), ("Bob", SECOND), ("Cy", STRANGER)):
        for video in (0, 1):
            picture = encode_jpeg(draw(identity, video + 1))
            (pictures / f"{name}_{video}0.jpg").write_bytes(picture)
    (pictures / "Ada_01.jpg").write_bytes(encode_jpeg(np.zeros((99, 99, 3), np.uint8)))
    return pictures


@pytest.mark.slow
def test_it_prints_one_object_with_the_keys_of_the_manual(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text("name,glasses\nAda,yes\nBob,no\n")
    (folder / "Ada_02.jpg").write_bytes(b"no picture")
    done = run(capsys, "evaluate", "faces", folder, "--json", "--labels", labels)

    assert done.status == 0
    form = done.json
    assert (form["images"], form["detected"], form["identities"]) == (8, 6, 3)
    assert form["tar"]["1e-3"] == 1.0
    assert form["open_set"]["gallery"] == 2
    printed = {key for key in keys(form) if not key.isdecimal() and not key.startswith("1e-")}
    named = set(re.findall(r"`([\w-]+)`", section("JSON of `evaluate faces`")))
    assert printed - {"glasses", "yes", "no"} == named


def test_it_ends_with_1_where_there_is_nothing_to_measure(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    done = run(capsys, "evaluate", "faces", tmp_path, "--json")

    assert done.status == 1
    assert done.json["error"]["code"] == "EvaluationError"


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_real_people_are_told_apart_as_well_as_published(
    capsys: pytest.CaptureFixture[str], shared_data: Path
) -> None:
    form = run(capsys, "evaluate", "faces", shared_data / "faces" / "training", "--json").json

    assert (form["images"], form["identities"]) == (1911, 190)
    assert form["detection_rate"] >= 0.95
    plain = form["plain"]
    # dlib's own pipeline on all 347 people: 0.843, 0.635, 0.419.
    for rate, least in (("1e-2", 0.82), ("1e-3", 0.61), ("1e-4", 0.39)):
        assert plain["tar"][rate] >= least
    low, high = plain["intervals"]["tar"]["1e-3"]
    assert low < 0.635 < high


@pytest.mark.parametrize("kind", ["faces", "sign-digits", "handwritten-digits"])
@pytest.mark.parametrize("report", [".", "nowhere/report.html"])
def test_a_report_that_cannot_be_written_is_said_before_the_work(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, kind: str, report: str
) -> None:
    done = run(capsys, "evaluate", kind, tmp_path, "--report", tmp_path / report)

    assert done.status == 2
    assert "folder" in done.err


@pytest.mark.slow
def test_it_writes_a_report(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "report.html"
    done = run(capsys, "evaluate", "faces", folder, "--report", path)

    assert done.status == 0
    assert "TAR at FMR 1e-3" in done.out
    assert "</html>" in path.read_text()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_real_pictures_of_low_quality_make_more_errors(shared_data: Path, engine: Engine) -> None:
    dataset = read_dataset(shared_data / "faces" / "training")
    acquisition = acquire(dataset, engine=engine, min_face=40)
    samples = single_samples(acquisition)
    qualities = [sample.quality for sample in acquisition.samples]
    found = discards(compare_all(samples, plain_blocks), samples, qualities)["overall"]

    assert found.fnmr_without_worst < found.fnmr - 0.02


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_faces_marked_as_covered_make_more_errors_of_people_nothing_was_learnt_from(
    shared_data: Path, engine: Engine
) -> None:
    dataset = read_dataset(shared_data / "faces" / "training")
    held_out = [one for one in dataset.pictures if part_of(one.identity) is not Part.TRAINING]
    acquisition = acquire(Dataset(tuple(held_out), ()), engine=engine, min_face=40)
    samples = single_samples(acquisition)
    qualities = [sample.quality for sample in acquisition.samples]
    found = discards(compare_all(samples, plain_blocks), samples, qualities)

    assert found["covered"].fnmr_without_worst < found["covered"].fnmr - 0.01
    # What predicts nothing is no reason to refuse anybody.
    assert DEFAULT_GATES.max_side_light == 1.0
    assert found["side_light"].gain is not None
    assert found["side_light"].gain.low < 0
