"""What docs/library.md shows runs as it stands there, in one go."""

import re
from pathlib import Path

import pytest

import recognition
from recognition import encode_jpeg
from tests.people import draw
from tests.recognition.conftest import FIRST, SECOND

PAGE = Path(__file__).resolve().parents[2] / "docs" / "library.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE.read_text(), flags=re.DOTALL)
LINES = 20


def test_each_example_has_twenty_lines_at_most() -> None:
    assert len(EXAMPLES) == 4
    for example in EXAMPLES:
        assert len([line for line in example.splitlines() if line.strip()]) <= LINES, example


@pytest.mark.slow
def test_the_examples_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, identity in (("Ada", FIRST), ("Ben", SECOND)):
        (tmp_path / "people" / name).mkdir(parents=True)
        for variation in (1, 2):
            picture = encode_jpeg(draw(identity, variation))
            (tmp_path / "people" / name / f"{variation}.jpg").write_bytes(picture)
    (tmp_path / "people" / "Ada" / "3.jpg").write_text("no picture")
    (tmp_path / "visit").mkdir()
    for variation in (5, 6, 7):
        path = tmp_path / "visit" / f"{variation}.jpg"
        path.write_bytes(encode_jpeg(draw(SECOND, variation)))

    names: dict[str, object] = {}
    for example in EXAMPLES:
        exec(compile(example, str(PAGE), "exec"), names)  # noqa: S102 - our own page

    printed = capsys.readouterr().out
    assert "3.jpg" in printed
    assert "4 templates of 2 people" in printed
    assert "Ben, at 0." in printed
    assert "4 faces in 5 pictures" in printed
    assert "TAR at FMR" in printed
    assert "Decision(accepted=True" in printed
    assert "TAR by FMR: {0.01: 1.0" in printed
    gallery = names["gallery"]
    assert isinstance(gallery, recognition.Gallery)
    assert gallery.people == ("Ada", "Ben")


def test_the_table_names_every_function_of_the_public_face() -> None:
    table = PAGE.read_text().split("## The public face")[1]
    functions = [
        name for name in recognition.__all__ if name[0].islower() and name != "engine_names"
    ]

    assert len(functions) > 8
    assert [name for name in functions if f"`{name}(" not in table] == []
