"""Tests the command line."""

import logging
from pathlib import Path

import pytest

from kiosk.__main__ import main
from kiosk.camera_source import SourceKind
from kiosk.errors import CallError
from kiosk.options import TOKEN_VARIABLE, parse_options

CALL = ["--server", "http://127.0.0.1:8000", "--camera", "0"]
WITH_TOKEN = [*CALL, "--token", "abc"]


def test_the_published_call_is_understood() -> None:
    options = parse_options([*WITH_TOKEN, "--headless"], {})
    assert options.server == "http://127.0.0.1:8000/"
    assert options.token == "abc"
    assert options.source.kind is SourceKind.DEVICE
    assert options.headless
    assert (options.port, options.language, options.open_browser) == (8001, "en", None)


def test_the_token_comes_from_a_file_or_the_environment_as_well(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("from-file\n")
    environment = {TOKEN_VARIABLE: "from-environment"}
    assert parse_options(CALL, environment).token == "from-environment"
    from_file = [*CALL, "--token-file", str(file)]
    assert parse_options(from_file, environment).token == "from-file"
    assert parse_options([*from_file, "--token", "given"], environment).token == "given"


def test_the_token_is_not_in_the_options_text() -> None:
    assert "abc" not in repr(parse_options(WITH_TOKEN, {}))


@pytest.mark.parametrize(
    "call",
    [
        [],
        CALL,
        [*CALL, "--token", ""],
        [*CALL, "--token", "a b"],
        [*CALL, "--token", "a\r\nX-Other: 1"],
        [*CALL, "--token", "schlüssel"],
        [*CALL, "--token-file", "no-such-file"],
        ["--server", "nonsense", "--token", "abc"],
        [*WITH_TOKEN, "--camera", "no-such-video.mp4"],
        [*WITH_TOKEN, "--port", "0"],
        [*WITH_TOKEN, "--port", "70000"],
        [*WITH_TOKEN, "--port", "many"],
        [*WITH_TOKEN, "--language", "tlh"],
        [*WITH_TOKEN, "--unlock-seconds", "0"],
        [*WITH_TOKEN, "--unlock-seconds", "3600"],
        [*WITH_TOKEN, "--unlock-seconds", "nan"],
        [*WITH_TOKEN, "--cool-down", "-1"],
        [*WITH_TOKEN, "--loop", "--exit-at-end"],
        [*WITH_TOKEN, "--no-such-option"],
    ],
)
def test_a_wrong_call_ends_with_two_and_a_sentence(
    call: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(TOKEN_VARIABLE, raising=False)
    with pytest.raises(CallError):
        parse_options(call, {})
    assert main(call) == 2
    said = capsys.readouterr().err
    assert said.startswith("kiosk: ")
    assert "Traceback" not in said


def test_a_folder_is_no_token_file(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="cannot be read"):
        parse_options([*CALL, "--token-file", str(tmp_path)], {})


def test_verbose_means_debug() -> None:
    assert parse_options([*WITH_TOKEN, "--verbose"], {}).log_level == logging.DEBUG
