"""`verify` compares two pictures."""

from pathlib import Path

import numpy as np
import pytest

from recognition import DEFAULT_VERIFICATION_RULE, encode_jpeg
from tests.people import draw
from tests.recognition.commands.running import run
from tests.recognition.conftest import FIRST, SECOND


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two pictures of one person, one of another, and bad ones."""
    folder = tmp_path_factory.mktemp("verify")
    for name, image in {
        "ada1.jpg": draw(FIRST, 1),
        "ada2.jpg": draw(FIRST, 2),
        "ben.jpg": draw(SECOND, 1),
        "empty.jpg": np.zeros((100, 100, 3), np.uint8),
        "both.jpg": np.concatenate([draw(FIRST), draw(SECOND)], axis=1),
    }.items():
        (folder / name).write_bytes(encode_jpeg(np.ascontiguousarray(image)))
    (folder / "text.jpg").write_text("no picture")
    return folder


def test_one_person_is_the_same_and_two_are_not(
    capsys: pytest.CaptureFixture[str], pictures: Path
) -> None:
    same = run(capsys, "verify", pictures / "ada1.jpg", pictures / "ada2.jpg", "--json")
    other = run(
        capsys,
        *("verify", pictures / "ada1.jpg", pictures / "ben.jpg"),
        *("--json", "--threshold", 0.4),
    )

    assert (same.status, same.json["same"], same.json["reason"]) == (0, True, "matched")
    assert (other.status, other.json["same"], other.json["reason"]) == (0, False, "not_recognised")
    assert same.json["distance"] < other.json["distance"]
    assert same.json["threshold"] == DEFAULT_VERIFICATION_RULE.threshold


def test_a_person_reads_a_table(capsys: pytest.CaptureFixture[str], pictures: Path) -> None:
    done = run(capsys, "verify", pictures / "ada1.jpg", pictures / "ada2.jpg")

    assert all(word in done.out for word in ("the same person", "Distance", "0.520"))


@pytest.mark.parametrize(
    ("name", "code"),
    [("empty.jpg", "no_face"), ("both.jpg", "several_faces"), ("text.jpg", "not_an_image")],
)
def test_a_picture_that_cannot_be_compared_fails_and_is_named(
    capsys: pytest.CaptureFixture[str], pictures: Path, name: str, code: str
) -> None:
    done = run(capsys, "verify", pictures / "ada1.jpg", pictures / name, "--json")

    assert (done.status, done.json["error"]["code"]) == (1, code)
    assert name in done.err


@pytest.mark.parametrize("extra", [["--threshold", "0"], ["--threads", "0"], ["third.jpg"]])
def test_a_wrong_call_ends_with_2(
    capsys: pytest.CaptureFixture[str], pictures: Path, extra: list[str]
) -> None:
    done = run(capsys, "verify", pictures / "ada1.jpg", pictures / "ada2.jpg", *extra)

    assert (done.status, done.out) == (2, "")


def test_a_missing_file_is_a_wrong_call(capsys: pytest.CaptureFixture[str], pictures: Path) -> None:
    done = run(capsys, "verify", pictures / "ada1.jpg", pictures / "missing.jpg")

    assert done.status == 2
    assert "missing.jpg" in done.err


def test_an_engine_that_is_not_there_is_a_wrong_call(
    capsys: pytest.CaptureFixture[str], pictures: Path
) -> None:
    one = pictures / "ada1.jpg"

    done = run(capsys, "verify", one, one, "--engine", "nobody-installed-this")

    assert (done.status, done.out) == (2, "")
    assert "there is no engine nobody-installed-this; there is dlib-resnet" in done.err


def test_a_path_below_a_shut_folder_ends_with_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def shut(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_file", shut)  # root may go anywhere
    done = run(capsys, "verify", "/shut/a.jpg", "/shut/b.jpg")

    assert done.status == 1
    assert done.err == "/shut/a.jpg: Permission denied.\n"
