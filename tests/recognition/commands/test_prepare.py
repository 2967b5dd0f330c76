"""`prepare` makes the network's file, once."""

from pathlib import Path

import pytest

from recognition import EngineError
from recognition.commands import prepare
from tests.recognition.commands.running import run


def test_the_second_time_there_is_nothing_to_do(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINTEL_CACHE", str(tmp_path))

    first, second = run(capsys, "prepare"), run(capsys, "prepare")

    assert (first.status, second.status) == (0, 0)
    assert "Made and checked" in first.err
    assert "Already made" in second.err
    assert str(tmp_path) in second.err


def test_where_it_cannot_be_made_it_says_why(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise EngineError("The converted network differs.")

    monkeypatch.setattr(prepare, "load_network", fail)

    done = run(capsys, "prepare")

    assert done.status == 1
    assert "differs" in done.err
