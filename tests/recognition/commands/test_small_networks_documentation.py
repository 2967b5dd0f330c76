"""docs/small-networks.md names every key that its commands print, and every option it speaks of."""

import re
from pathlib import Path

import numpy as np
import pytest

from recognition.__main__ import main
from recognition.outputs import write_picture
from tests.recognition.commands.running import run
from tests.recognition.commands.test_documentation import keys
from tests.recognition.commands.test_recognize_symbols import write_video
from tests.recognition.sign_letters.shapes import hand

MANUAL = Path(__file__).resolve().parents[3] / "docs" / "small-networks.md"


def named(title: str) -> set[str]:
    """What a part of the manual puts in code marks."""
    part = MANUAL.read_text().split(f"### {title}\n")[1].split("\n#")[0]
    return set(re.findall(r"`(\w+)`", part))


def test_it_describes_what_recognize_prints(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    write_picture(tmp_path / "in" / "hand.png", hand(2))
    (tmp_path / "in" / "text.jpg").write_text("no picture")
    video = write_video(tmp_path / "a.mp4", [(4, 0.5)])

    pictures = run(capsys, "recognize", tmp_path / "in", "--letters", "--json")
    film = run(capsys, "recognize", video, "--letters", "--json")

    printed = set(keys(pictures.json)) | set(keys(film.json))
    assert {"guide", "readings", "progress", "text", "counted", "hold"} <= printed
    assert printed <= named("JSON of `recognize --digits`, `--letters`")


def test_it_describes_what_evaluate_prints(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    random = np.random.default_rng(0)
    drawings = 255 * random.integers(0, 2, (9, 64, 64), np.uint8)
    np.savez(tmp_path / "a.npz", x=drawings, y=np.array(list("ABC" * 3)))

    done = run(capsys, "evaluate", "sign-letters", tmp_path / "a.npz", "--json")

    assert set(keys(done.json)) - {"file", "reason"} <= named(
        "JSON of `evaluate` for digits and letters"
    )


def test_every_option_it_names_exists(capsys: pytest.CaptureFixture[str]) -> None:
    helped = ""
    for command in (["recognize"], ["evaluate", "sign-letters"], ["train"]):
        with pytest.raises(SystemExit):
            main([*command, "--help"])
        helped += capsys.readouterr().out

    options = set(re.findall(r"--[a-z]+", MANUAL.read_text()))
    assert options <= set(re.findall(r"--[a-z]+", helped))
