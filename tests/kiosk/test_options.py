"""Tests the command line."""

import logging
from pathlib import Path

import pytest

from kiosk.__main__ import main
from kiosk.camera_source import SourceKind
from kiosk.errors import CallError
from kiosk.options import TOKEN_VARIABLE, parse_options
from kiosk.trust.code import Code

CALL = ["--server", "http://127.0.0.1:8000", "--camera", "0"]
SECRET, FINGERPRINT = "abcdefghjkmnpqrs", "234567abcdefghij"
CODE = "abcd-efgh-jkmn-pqrs-2345-67ab-cdef-ghij"
WITH_CODE = [*CALL, "--token", CODE]


def test_the_published_call_is_understood() -> None:
    options = parse_options([*WITH_CODE, "--headless"], {})
    assert options.server == "http://127.0.0.1:8000/"
    assert options.code == Code(SECRET, FINGERPRINT)
    assert options.source.kind is SourceKind.DEVICE
    assert options.headless
    assert (options.port, options.language, options.open_browser) == (8001, "en", None)


def test_the_code_comes_from_a_file_or_the_environment_as_well(tmp_path: Path) -> None:
    file = tmp_path / "token"
    codes = [Code(letter * 16, FINGERPRINT) for letter in "abc"]
    texts = [code.secret + FINGERPRINT for code in codes]
    file.write_text(f"{texts[1]}\n")
    environment = {TOKEN_VARIABLE: texts[0]}
    assert parse_options(CALL, environment).code == codes[0]
    from_file = [*CALL, "--token-file", str(file)]
    assert parse_options(from_file, environment).code == codes[1]
    assert parse_options([*from_file, "--token", texts[2]], environment).code == codes[2]


def test_without_a_code_the_key_file_has_to_serve() -> None:
    assert parse_options(CALL, {}).code is None


def test_each_server_has_a_state_folder_of_its_own() -> None:
    elsewhere = ["--server", "http://lintel.example", *CALL[2:]]
    one, other = (parse_options(call, {}).state for call in (CALL, elsewhere))
    assert one.is_absolute()
    assert one != other
    named = parse_options([*CALL, "--state", "here"], {}).state
    assert named == Path("here").absolute()


def test_the_secret_is_not_in_the_options_text() -> None:
    assert SECRET not in repr(parse_options(WITH_CODE, {}))


@pytest.mark.parametrize(
    "call",
    [
        [],
        [*CALL, "--token", ""],
        [*CALL, "--token", "a b"],
        [*CALL, "--token", f"{CODE}x"],
        [*CALL, "--token", CODE[:-1]],
        [*CALL, "--token", "schlüssel"],
        [*CALL, "--token-file", "no-such-file"],
        ["--server", "nonsense", "--token", CODE],
        [*WITH_CODE, "--camera", "no-such-video.mp4"],
        [*WITH_CODE, "--port", "0"],
        [*WITH_CODE, "--port", "70000"],
        [*WITH_CODE, "--port", "many"],
        [*WITH_CODE, "--language", "tlh"],
        [*WITH_CODE, "--unlock-seconds", "0"],
        [*WITH_CODE, "--unlock-seconds", "3600"],
        [*WITH_CODE, "--unlock-seconds", "nan"],
        [*WITH_CODE, "--cool-down", "-1"],
        [*WITH_CODE, "--loop", "--exit-at-end"],
        [*WITH_CODE, "--no-such-option"],
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
    assert parse_options([*WITH_CODE, "--verbose"], {}).log_level == logging.DEBUG
