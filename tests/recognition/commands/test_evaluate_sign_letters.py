"""`evaluate sign-letters`: its keys, its page, its failures, and what is held out."""

from pathlib import Path

import numpy as np
import pytest

from recognition.outputs import write_picture
from tests.recognition.commands.running import run
from tests.recognition.networks.tiny import write_tiny
from tests.recognition.sign_letters.shapes import hand

# DESIGN's keys; more may be added, none may go.
KEYS = {"n", "accuracy", "ms_per_image", "accepted_accuracy", "rejected", "wrong_accepted"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of drawn hands, blank walls, and a file that is no picture."""
    for letter, fingers in (("A", 1), ("V", 2), ("W", 3)):
        write_picture(tmp_path / "data" / letter / "1.png", hand(fingers))
    wall = np.full((200, 200, 3), 180, np.uint8)
    write_picture(tmp_path / "data" / "blank" / "1.png", wall)
    (tmp_path / "data" / "A" / "text.jpg").write_text("no picture")
    return tmp_path / "data"


def test_it_prints_one_object_and_writes_a_page_that_loads_nothing(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"

    done = run(capsys, "evaluate", "sign-letters", folder, "--json", "--report", page)

    assert done.status == 0
    assert set(done.json) >= KEYS
    assert done.json["n"] == 4
    assert done.json["none_n"] == 1
    assert 0 <= done.json["accuracy"] <= 1
    assert [Path(one["file"]).name for one in done.json["skipped"]] == ["text.jpg"]
    text = page.read_text()
    assert "http" not in text
    assert all(word in text for word in ("Confusion", "Worst mistakes", "data:image/jpeg"))


def test_a_person_reads_a_table(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    done = run(capsys, "evaluate", "sign-letters", folder)

    assert all(word in done.out for word in ("Signed letters", "Accepted and wrong", "95 %"))
    assert "text.jpg" in done.err


def test_a_path_that_looks_like_mark_up_is_printed_as_it_is(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "a[").mkdir()
    moved = folder.rename(tmp_path / "a[" / "red]")

    done = run(capsys, "evaluate", "sign-letters", moved)

    assert done.status == 0
    assert "a[/red]" in "".join(done.out.split())


def test_a_wrong_call_ends_with_2(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(capsys, "evaluate", "sign-letters", tmp_path / "missing.npz").status == 2
    assert run(capsys, "evaluate", "sign-letters").status == 2


@pytest.mark.parametrize(
    "content", [b"", b"no archive", b"PK\x03\x04", b"label,pixel1\n3,4\n"], ids=str
)
@pytest.mark.parametrize("ending", ["npz", "csv"])
def test_a_damaged_file_ends_with_1(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes, ending: str
) -> None:
    path = tmp_path / f"data.{ending}"
    path.write_bytes(content)

    done = run(capsys, "evaluate", "sign-letters", path, "--json")

    assert (done.status, done.json["error"]["code"]) == (1, "DatasetError")
    assert path.name in done.err
    assert "Traceback" not in done.err


def test_an_empty_folder_ends_with_1(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    done = run(capsys, "evaluate", "sign-letters", tmp_path, "--json")

    assert (done.status, done.json["error"]["code"]) == (1, "DatasetError")


def test_weights_of_another_network_end_with_1(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    other = write_tiny(tmp_path / "tiny.onnx")

    done = run(capsys, "evaluate", "sign-letters", folder, "--weights", other, "--json")

    assert (done.status, done.json["error"]["code"]) == (1, "WeightFileError")
    assert "holds tiny version 1, but sign-letters version 1 is needed" in done.err


@pytest.mark.slow
def test_held_out_letters_are_read(capsys: pytest.CaptureFixture[str], shared_data: Path) -> None:
    test = shared_data / "sign_letters" / "test.npz"

    done = run(capsys, "evaluate", "sign-letters", test, "--json")

    assert done.json["n"] == 1768
    assert done.json["accuracy"] >= 0.99
    assert done.json["none_accepted"] == 0
    assert done.json["wrong_accepted"] <= 0.005
