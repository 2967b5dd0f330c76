"""`train sign-digits` from a folder to a file that the reader loads."""

from pathlib import Path

import pytest

from recognition.datasets.sign_digits import Part
from recognition.images import encode_jpeg
from recognition.sign_digits.reader import SignDigitReader
from recognition.training import sign_digits
from tests.recognition.commands.running import run
from tests.recognition.datasets.hands import draw_hand

# PyTorch alone takes seconds to load.
pytestmark = pytest.mark.slow


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A training of two batches, measured on few crops."""
    monkeypatch.setattr(sign_digits, "_BATCHES", 2)
    monkeypatch.setattr(sign_digits, "_WATCHED", 32)
    monkeypatch.setattr(sign_digits, "_MEASURED", 64)
    monkeypatch.setattr(sign_digits, "_DRAWN", dict.fromkeys(Part, 18))


def write_signers(folder: Path) -> None:
    """Three drawn signers: one trains, one serves the threshold, one is held out."""
    for signer in (401, 403, 404):
        for digit in range(10):
            below = folder / str(digit)
            below.mkdir(parents=True, exist_ok=True)
            picture = encode_jpeg(draw_hand(min(digit, 5))[0])
            (below / f"IMG_{signer}{digit}.jpg").write_bytes(picture)


@pytest.mark.usefixtures("short")
def test_it_writes_a_network_that_the_reader_loads_and_prints_held_out_scores(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_signers(tmp_path / "signs")
    out = tmp_path / "made.onnx"
    done = run(
        capsys, "train", "sign-digits", tmp_path / "signs", "--out", out, "--epochs", 1, "--json"
    )
    assert done.status == 0
    assert 0 <= done.json["scores"]["plain: accepted and right"] <= 1
    assert "none: accepted and wrong" in done.json["scores"]
    SignDigitReader(weights=out).read(draw_hand(2)[0])
    assert not out.with_name("made.onnx.checkpoint").exists()


@pytest.mark.usefixtures("short")
def test_signers_who_serve_one_part_only_are_refused_with_a_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "signs" / "1").mkdir(parents=True)
    picture = encode_jpeg(draw_hand(1)[0])
    (tmp_path / "signs" / "1" / "IMG_4011.jpg").write_bytes(picture)
    done = run(capsys, "train", "sign-digits", tmp_path / "signs", "--out", tmp_path / "made.onnx")
    assert done.status == 1
    assert "too few signers" in done.err


@pytest.mark.usefixtures("short")
def test_pictures_without_a_hand_are_refused_with_a_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "signs" / "1").mkdir(parents=True)
    picture = encode_jpeg(draw_hand(1)[0][:40, :40])
    (tmp_path / "signs" / "1" / "IMG_4031.jpg").write_bytes(picture)
    done = run(capsys, "train", "sign-digits", tmp_path / "signs", "--out", tmp_path / "made.onnx")
    assert done.status == 1
    assert "can be cut out" in done.err
