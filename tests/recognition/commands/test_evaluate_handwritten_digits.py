"""`evaluate handwritten-digits` prints DESIGN.md's keys, writes a page, and refuses bad input."""

import os
from pathlib import Path

import pytest

from recognition import encode_jpeg
from recognition.training.handwritten_digits.boards import Surface
from tests.recognition.commands.running import run
from tests.recognition.handwritten_digits.writing import plain, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return drawn digits on paper and an empty board."""
    for digit in "38":
        (tmp_path / "in" / digit).mkdir(parents=True)
        scene = write(digit, Surface.PAPER, seed=3)
        (tmp_path / "in" / digit / "one.jpg").write_bytes(encode_jpeg(scene.image))
    (tmp_path / "in" / "none").mkdir()
    (tmp_path / "in" / "none" / "board.jpg").write_bytes(encode_jpeg(plain(70)))
    return tmp_path / "in"


def test_it_prints_the_keys_of_the_design(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    page = tmp_path / "report.html"

    done = run(capsys, "evaluate", "handwritten-digits", folder, "--json", "--report", page)

    assert done.status == 0
    wanted = "n accuracy accepted_accuracy rejected wrong_accepted none_n none_accepted"
    assert {*wanted.split(), "ms_per_image"} <= set(done.json)
    assert (done.json["n"], done.json["none_n"], done.json["none_accepted"]) == (2, 1, 0)
    assert "Confusion" in page.read_text()


def test_an_empty_folder_is_told_without_a_traceback(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    done = run(capsys, "evaluate", "handwritten-digits", tmp_path)

    assert done.status == 1
    assert "no labelled picture" in done.err
    assert "Traceback" not in done.err


def test_a_missing_folder_is_a_wrong_call(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(capsys, "evaluate", "handwritten-digits", tmp_path / "none").status == 2


def test_files_whose_names_are_no_text_are_measured_and_listed(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    (folder / "3" / "one.jpg").rename(folder / "8" / os.fsdecode(b"\xff\xfe.jpg"))
    (folder / "8" / os.fsdecode(b"\xff.jpg")).write_text("no picture")
    page = tmp_path / "report.html"

    done = run(capsys, "evaluate", "handwritten-digits", folder, "--json", "--report", page)

    assert (done.status, done.json["n"]) == (0, 2)
    assert [os.fsencode(one["file"])[-5:] for one in done.json["skipped"]] == [b"\xff.jpg"]
    assert r"\udcff\udcfe.jpg" in page.read_text(encoding="utf-8")
