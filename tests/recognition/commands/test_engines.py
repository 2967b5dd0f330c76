"""`engines` lists what `--engine` takes."""

from pathlib import Path

import pytest

from recognition import install_engine
from tests.recognition.commands.running import run
from tests.recognition.engines.site.tiny import make_tiny


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the engines' folder with one engine in it."""
    monkeypatch.setenv("LINTEL_ENGINES", str(tmp_path / "engines"))
    tiny = make_tiny(tmp_path / "files")
    return install_engine(tiny.model, tiny.manifest).folder


def test_it_lists_the_built_in_engine_and_those_installed(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    done = run(capsys, "engines", "--json")

    built_in, tiny = done.json["engines"]
    assert (done.status, done.json["folder"]) == (0, str(folder.parent))
    assert (built_in["name"], built_in["built_in"], built_in["dimension"]) == (
        "dlib-resnet",
        True,
        128,
    )
    assert (tiny["name"], tiny["metric"], tiny["dimension"]) == ("tiny", "cosine", 4)
    assert (tiny["folder"], tiny["measured"]) == (str(folder), False)


def test_a_person_reads_a_table(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert folder.name in run(capsys, "engines").out


@pytest.mark.parametrize("file", ["model.onnx", "manifest.json"])
def test_a_damaged_engine_is_named_and_the_others_are_listed(
    capsys: pytest.CaptureFixture[str], folder: Path, file: str
) -> None:
    (folder / file).write_text("{}")

    done = run(capsys, "engines", "--json")

    assert done.status == 1
    assert str(folder / file) in done.err
    assert [one["name"] for one in done.json["engines"]] == ["dlib-resnet", "tiny"]
    assert str(folder / file) in done.json["engines"][1]["fault"]
