"""`evaluate keypoints` and `recognize --keypoints`: what they print, and what they refuse."""

import re
from pathlib import Path

import numpy as np
import pytest

from recognition import Engine, encode_jpeg
from recognition.datasets.keypoints import read_labelled_faces
from recognition.datasets.people import Part, part_of
from recognition.engines.registry import load_engine
from recognition.evaluation.keypoints import Answer, answer_all, keypoint_figures
from recognition.keypoints.points import FIFTEEN
from recognition.keypoints.predictor import load_keypoint_predictor
from recognition.picture_files import Skipped
from tests.people import PEOPLE, draw
from tests.recognition.commands.running import run
from tests.recognition.keypoints.labelled import write_drawn

pytestmark = pytest.mark.slow

MANUAL = Path(__file__).resolve().parents[3] / "docs" / "keypoints.md"
# A third of the held-out people's pictures: enough for the floor, few enough for a test.
SAMPLED_EVERY = 4


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_drawn(tmp_path_factory.mktemp("drawn"), load_engine(), people=3)


def keys_of(title: str) -> set[str]:
    """The keys that a section of the manual names, in backquotes."""
    section = MANUAL.read_text().split(f"### {title}\n")[1].split("\n#")[0]
    return set(re.findall(r"`([a-z0-9_]+)`", section))


def test_a_table_and_its_pictures_are_measured(
    capsys: pytest.CaptureFixture[str], table: Path, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"

    done = run(
        capsys, "evaluate", "keypoints", table, table.parent / "drawn", "--report", page, "--json"
    )

    assert done.status == 0, done.err
    assert done.json["n"] == len(table.read_text().splitlines()) - 1
    assert done.json["missed"] == 0
    assert 0 < done.json["nme_interocular"]["68"] < 0.25
    assert 0 < done.json["rmse_96"] < 12
    assert set(done.json) - {"skipped"} <= keys_of("JSON of `evaluate keypoints`")
    assert page.read_text().count("<img") == done.json["n"]


def test_a_person_reads_a_table(capsys: pytest.CaptureFixture[str], table: Path) -> None:
    done = run(capsys, "evaluate", "keypoints", table, table.parent / "drawn")

    assert done.status == 0
    assert "RMSE of 15 points at 96 px" in done.out


def test_the_competitions_table_needs_no_folder(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    grey = draw(PEOPLE[0].identity, size=(96, 96), face_px=64)[:, :, 0]
    points = ["" if number in (12, 13) else "48.0" for number in range(30)]
    names = [f"{name}_{axis}" for name in FIFTEEN for axis in "xy"]
    table = tmp_path / "training.csv"
    lines = [[*names, "Image"], [*points, " ".join(map(str, grey.ravel()))]]
    table.write_text("".join(",".join(line) + "\n" for line in lines))

    done = run(capsys, "evaluate", "keypoints", table, "--json")

    assert done.status == 0, done.err
    assert done.json["nme_interocular"] == {"68": None, "15": None}  # all in one place
    assert done.json["n"] == 1
    assert done.json["rmse_96"] > 0


def test_pictures_that_cannot_be_used_are_listed(
    capsys: pytest.CaptureFixture[str], table: Path, tmp_path: Path
) -> None:
    header, first, *_ = table.read_text().splitlines()
    fields = first.split(",", 1)[1]
    other = tmp_path / "t.csv"
    other.write_text("\n".join([header, first, f"absent.jpg,{fields}", f"bad.jpg,{fields}"]))
    folder = tmp_path / "pictures"
    folder.mkdir()
    name = first.split(",")[0]
    (folder / name).write_bytes((table.parent / "drawn" / name).read_bytes())
    (folder / "bad.jpg").write_text("no picture")

    done = run(capsys, "evaluate", "keypoints", other, folder, "--json")

    assert done.status == 0
    assert done.json["n"] == 1
    assert [one["file"] for one in done.json["skipped"]] == ["absent.jpg", "bad.jpg"]


@pytest.mark.parametrize("size", [(1, 1), (8000, 40)])
def test_a_picture_without_a_face_is_missed_whatever_its_size(
    capsys: pytest.CaptureFixture[str], table: Path, tmp_path: Path, size: tuple[int, int]
) -> None:
    header, first, *_ = table.read_text().splitlines()
    (tmp_path / "t.csv").write_text(f"{header}\n{first}\n")
    picture = encode_jpeg(np.full((*size, 3), 90, np.uint8))
    (tmp_path / first.split(",")[0]).write_bytes(picture)

    done = run(capsys, "evaluate", "keypoints", tmp_path / "t.csv", tmp_path, "--json")

    assert done.status == 0, done.err
    assert (done.json["n"], done.json["missed"]) == (1, 1)
    assert done.json["nme_interocular"]["68"] is None


def test_bad_input_ends_with_a_sentence(
    capsys: pytest.CaptureFixture[str], table: Path, tmp_path: Path
) -> None:
    header, first, *_ = table.read_text().splitlines()
    wrong = tmp_path / "wrong.csv"
    wrong.write_text(f"{header}\n{first.rsplit(',', 1)[0]},many\n")
    empty = tmp_path / "empty"
    empty.mkdir()

    not_a_number = run(capsys, "evaluate", "keypoints", wrong, empty)
    no_pictures = run(capsys, "evaluate", "keypoints", table, empty)
    no_table = run(capsys, "evaluate", "keypoints", tmp_path / "none.csv", empty)
    no_weights = run(
        capsys, "evaluate", "keypoints", table, table.parent / "drawn", "--weights", wrong
    )

    assert (not_a_number.status, no_pictures.status, no_table.status) == (1, 1, 2)
    assert "line 2: 'many' is no coordinate" in not_a_number.err
    assert "can be used" in no_pictures.err
    assert "there is no file" in no_table.err
    assert no_weights.status == 1
    assert "wrong.csv is no ONNX network" in no_weights.err


def test_recognize_draws_points_and_prints_poses(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    picture, out = tmp_path / "ada.jpg", tmp_path / "out.png"
    picture.write_bytes(encode_jpeg(draw(PEOPLE[0].identity, turn=0.5)))

    done = run(capsys, "recognize", picture, "--keypoints", "--out", out, "--json")
    read = run(capsys, "recognize", picture, "--keypoints")

    assert done.status == 0, done.err
    (face,) = done.json["frames"][0]["faces"]
    assert len(face["points"]) == 68
    assert set(face["pose"]) == {"yaw", "pitch", "roll"}
    assert set(face) | set(face["pose"]) | set(face["ratios"]) <= keys_of(
        "JSON of `recognize --keypoints`"
    )
    assert out.stat().st_size > 10_000
    assert read.status == 0
    assert "Yaw" in read.out


def held_out_answers(shared_data: Path, engine: Engine, skipped: list[Skipped]) -> list[Answer]:
    faces = [
        face
        for name in ("training", "test")
        for face in read_labelled_faces(
            shared_data / "faces" / f"{name}_keypoints.csv", shared_data / "faces" / name
        )
        if part_of(face.person) is Part.REPORT
    ]
    return answer_all(
        faces[::SAMPLED_EVERY],
        engine=engine,
        predictor=load_keypoint_predictor(),
        min_face=40,
        skipped=skipped,
    )


def test_people_that_nothing_was_learnt_from_keep_the_promised_error(
    shared_data: Path, engine: Engine
) -> None:
    skipped: list[Skipped] = []

    figures = keypoint_figures(held_out_answers(shared_data, engine, skipped))

    assert not skipped
    assert figures.people > 25
    assert figures.nme_68 is not None
    assert figures.nme_68.value < 0.055
    assert figures.rmse_96 is not None
    assert figures.rmse_96.value < 2.2
    assert figures.missed <= 0.02 * figures.n
