"""docs/recognition.md names every key that the commands print, and no other."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from recognition import encode_jpeg
from tests.people import draw
from tests.recognition.commands.running import run
from tests.recognition.conftest import FIRST

pytestmark = pytest.mark.slow

MANUAL = Path(__file__).resolve().parents[3] / "docs" / "recognition.md"


def keys(value: Any) -> Iterator[str]:
    """All keys of a JSON value, at any depth."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


def section(title: str) -> str:
    """The part of the manual under a heading."""
    return MANUAL.read_text().split(f"### {title}\n")[1].split("\n#")[0]


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """Return a picture of a known person beside a file that is none."""
    (tmp_path / "text.jpg").write_text("no picture")
    path = tmp_path / "ada.jpg"
    path.write_bytes(encode_jpeg(draw(FIRST, 3)))
    return path


def test_it_describes_recognize(
    capsys: pytest.CaptureFixture[str], gallery_folder: Path, picture: Path
) -> None:
    done = run(capsys, "recognize", picture.parent, "--gallery", gallery_folder, "--json")

    printed = set(keys(done.json))
    named = set(re.findall(r"`(\w+)`", section("JSON of `recognize`")))
    kinds = {"image", "folder", "video", "camera", "stream"}
    reasons = {"matched", "not_recognised", "ambiguous"}
    assert printed == named - kinds - reasons


def test_it_describes_verify(capsys: pytest.CaptureFixture[str], picture: Path) -> None:
    done = run(capsys, "verify", picture, picture, "--json")

    printed = set(keys(done.json)) - {"left", "top", "right", "bottom"}
    named = set(re.findall(r"`(\w+)`", section("JSON of `verify`")))
    assert printed == named - {"matched", "not_recognised"}


def test_it_describes_a_failure(capsys: pytest.CaptureFixture[str], picture: Path) -> None:
    done = run(capsys, "verify", picture, picture.with_name("text.jpg"), "--json")

    text = section("JSON of a failure")
    assert all(f"`{key}`" in text for key in keys(done.json))
    assert f"`{done.json['error']['code']}`" in text
