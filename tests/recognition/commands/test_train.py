"""`train`: a wrong call, missing PyTorch and unusable data are said in words."""

import builtins
import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recognition.errors import TrainingError
from recognition.outputs import write_picture
from tests.recognition.commands.running import run
from tests.recognition.sign_letters.shapes import hand


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Return an archive of four letters, three random drawings each."""
    random = np.random.default_rng(0)
    drawings = 255 * random.integers(0, 2, (12, 64, 64), np.uint8)
    np.savez(tmp_path / "data.npz", x=drawings, y=np.array(list("ABCD" * 3)))
    return tmp_path / "data.npz"


def test_without_pytorch_it_says_what_to_install(
    capsys: pytest.CaptureFixture[str],
    archive: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util,
        "find_spec",
        lambda name, package=None: None if name == "torch" else found(name, package),
    )

    done = run(capsys, "train", "sign-letters", archive, "--out", tmp_path / "a.onnx")

    assert (done.status, done.out) == (1, "")
    assert done.err == "Training needs PyTorch: pip install torch==2.13.0\n"


def test_no_command_but_training_needs_pytorch(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without_torch(name: str, *rest: Any) -> Any:
        if name.split(".", maxsplit=1)[0] == "torch":
            raise ModuleNotFoundError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without_torch)
    write_picture(tmp_path / "hand.png", hand(2))

    assert run(capsys, "recognize", tmp_path / "hand.png", "--letters", "--json").status == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["sign-letters", "missing.npz", "--out", "a.onnx"],
        ["sign-letters", "{archive}"],
        ["poetry", "{archive}", "--out", "a.onnx"],
        ["sign-letters", "{archive}", "--out", "{folder}"],
        ["sign-letters", "{archive}", "--out", "a.onnx", "--threads", "0"],
        ["sign-letters", "{archive}", "--out", "a.onnx", "--epochs", "0"],
        ["sign-letters", "{archive}", "--out", "a.onnx", "--seed", "-1"],
        ["sign-letters", "{archive}", "--out", "a.onnx", "--seed", "4294967296"],
        ["sign-letters", "", "--out", "a.onnx"],
    ],
)
def test_a_wrong_call_ends_with_2(
    capsys: pytest.CaptureFixture[str], archive: Path, arguments: list[str]
) -> None:
    given = [text.format(archive=archive, folder=archive.parent) for text in arguments]

    done = run(capsys, "train", *given)

    assert (done.status, done.out) == (2, "")
    assert "usage:" in done.err


@pytest.mark.parametrize(
    ("kind", "option", "said"),
    [
        ("keypoints", ["--variant", "huge"], "keypoints has no variants: leave out --variant huge"),
        ("prescreen", ["--variant", "x"], "prescreen has no variants"),
        ("face-vectors", ["--variant", "x"], "face-vectors has no variants"),
        ("face-vectors", ["--resume"], "face-vectors is computed at once: leave out --resume"),
        ("face-vectors", ["--workers", "0"], "leave out --workers"),
        ("face-vectors", ["--seed", "0"], "leave out --seed"),
        ("face-vectors", ["--epochs", "3"], "leave out --epochs"),
    ],
)
def test_an_option_that_would_change_nothing_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, kind: str, option: list[str], said: str
) -> None:
    out = tmp_path / "made"

    done = run(capsys, "train", kind, tmp_path, "--out", out, *option)

    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert not out.exists()


def test_an_output_that_cannot_be_written_is_said_before_the_work(
    capsys: pytest.CaptureFixture[str], archive: Path
) -> None:
    done = run(capsys, "train", "sign-letters", archive, "--out", archive / "a.onnx")

    assert (done.status, done.out) == (1, "")
    assert "cannot be written" in done.err


@pytest.mark.slow
@pytest.mark.parametrize("resume", [False, True])
def test_data_that_nothing_is_learnt_from_ends_with_1(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, *, resume: bool
) -> None:
    pytest.importorskip("torch", reason="training needs PyTorch: pip install torch==2.13.0")
    (tmp_path / "empty").mkdir()
    out = tmp_path / "a.onnx"

    extra = ["--resume"] if resume else []
    done = run(capsys, "train", "sign-letters", tmp_path / "empty", "--out", out, "--json", *extra)

    assert (done.status, done.json["error"]["code"]) == (1, "DatasetError")
    assert "holds no labelled picture" in done.err
    assert not out.exists()


@pytest.mark.slow
def test_there_must_be_a_checkpoint_to_resume(
    capsys: pytest.CaptureFixture[str], archive: Path, tmp_path: Path
) -> None:
    pytest.importorskip("torch", reason="training needs PyTorch: pip install torch==2.13.0")
    out = tmp_path / "a.onnx"

    done = run(capsys, "train", "sign-letters", archive, "--out", out, "--resume", "--json")

    assert (done.status, done.json["error"]["code"]) == (1, "TrainingError")
    assert "There is no checkpoint" in done.err


@pytest.mark.slow
def test_it_writes_a_network_and_prints_its_score(
    capsys: pytest.CaptureFixture[str], archive: Path, tmp_path: Path
) -> None:
    pytest.importorskip("torch", reason="training needs PyTorch: pip install torch==2.13.0")
    out = tmp_path / "new" / "a.onnx"

    done = run(capsys, "train", "sign-letters", archive, "--out", out, "--epochs", 2, "--json")

    assert done.status == 0
    assert done.json["out"] == str(out)
    assert 100_000 < done.json["bytes"] == out.stat().st_size <= 3 * 1024**2
    assert 0 <= done.json["scores"]["validation accuracy"] <= 1
    assert "epoch 2/2" in done.err
    assert [path.name for path in out.parent.iterdir()] == ["a.onnx"]


@pytest.mark.slow
def test_the_largest_seed_is_taken(
    capsys: pytest.CaptureFixture[str], archive: Path, tmp_path: Path
) -> None:
    pytest.importorskip("torch", reason="training needs PyTorch: pip install torch==2.13.0")
    arguments = ["--out", tmp_path / "a.onnx", "--epochs", 1, "--seed", 2**32 - 1]

    assert run(capsys, "train", "sign-letters", archive, *arguments).status == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("names", "status"), [(["blank"] * 6, 1), (["A"] * 2, 0)], ids=["blank alone", "two"]
)
def test_data_with_hardly_anything_in_it_ends_with_a_score_or_a_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, names: list[str], status: int
) -> None:
    pytest.importorskip("torch", reason="training needs PyTorch: pip install torch==2.13.0")
    drawings = 255 * np.random.default_rng(0).integers(0, 2, (len(names), 64, 64), np.uint8)
    np.savez(tmp_path / "few.npz", x=drawings, y=np.array(names))
    arguments = ["--out", tmp_path / "a.onnx", "--epochs", 1, "--json"]

    done = run(capsys, "train", "sign-letters", tmp_path / "few.npz", *arguments)

    assert done.status == status
    assert ("too few pictures" in done.err) == (status == 1)
    assert done.json


@pytest.mark.slow
def test_what_fails_after_the_last_epoch_costs_no_epoch(
    capsys: pytest.CaptureFixture[str],
    archive: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("torch", reason="training needs PyTorch: pip install torch==2.13.0")
    from recognition.training import sign_letters

    def full(*_: object, **__: object) -> None:
        raise TrainingError("No space is left.")

    out = tmp_path / "a.onnx"
    call = ["train", "sign-letters", archive, "--out", out, "--epochs", 1]
    with monkeypatch.context() as patched:
        patched.setattr(sign_letters, "export_onnx", full)
        assert run(capsys, *call).status == 1

    done = run(capsys, *call, "--resume")

    assert (done.status, "epoch 1/1" in done.err) == (0, False)
    assert [path.name for path in tmp_path.glob("a.onnx*")] == ["a.onnx"]
