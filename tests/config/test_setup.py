"""`make setup`: what is done once is not done again, and it needs nothing but a bare Python."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config import setup
from config.faults import SetupError
from config.state import REPOSITORY

# Stands in for the environment's Python: writes down what it is asked to run.
RECORDER = """#!/bin/sh
echo "$*" >> "$(dirname "$0")/calls"
case "$*" in *collectstatic*) mkdir -p var/static;; esac
case "$*" in *migrate*) mkdir -p "${LINTEL_VAR:-var}/postgresql/data";; esac
exit ${RECORDER_STATUS:-0}
"""


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small repository whose environment is there and writes down its calls."""
    folder = tmp_path / "a checkout"
    for path, text in {
        "requirements.txt": "a==1",
        "requirements-dev.txt": "a==1\nb==1",
        "attendance/migrations/0001_initial.py": "",
        "static/console.css": "a {}",
        ".venv/bin/python": RECORDER,
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    (folder / ".venv/bin/python").chmod(0o755)
    monkeypatch.setattr(setup, "_works", lambda python: True)
    monkeypatch.delenv("LINTEL_VAR", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return folder


def calls(checkout: Path) -> list[str]:
    """What was run since the last time, in short."""
    file = checkout / ".venv/bin/calls"
    lines = file.read_text().splitlines() if file.exists() else []
    file.unlink(missing_ok=True)
    words = ("install", "prepare", "migrate", "collectstatic")
    return [word for line in lines for word in words if word in line]


def test_the_first_time_everything_is_done(checkout: Path) -> None:
    setup.set_up(checkout)
    assert calls(checkout) == ["install", "prepare", "migrate", "collectstatic"]


def test_the_second_time_nothing_is_done_again(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    setup.set_up(checkout)
    calls(checkout)
    capsys.readouterr()
    setup.set_up(checkout)
    # Preparing the networks looks for itself whether there is work.
    assert calls(checkout) == ["prepare"]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("path", "again"),
    [
        ("requirements.txt", ["install", "prepare", "migrate", "collectstatic"]),
        ("attendance/migrations/0002_pin.py", ["prepare", "migrate"]),
        ("static/live.css", ["prepare", "collectstatic"]),
    ],
)
def test_what_has_changed_is_done_again(checkout: Path, path: str, again: list[str]) -> None:
    setup.set_up(checkout)
    calls(checkout)
    (checkout / path).write_text("changed")
    setup.set_up(checkout)
    assert calls(checkout) == again


def test_what_was_removed_is_made_again(checkout: Path) -> None:
    setup.set_up(checkout)
    calls(checkout)
    shutil.rmtree(checkout / "var")
    setup.set_up(checkout)
    assert calls(checkout) == ["prepare", "migrate", "collectstatic"]


def test_another_state_folder_shares_the_static_files(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup.set_up(checkout)
    calls(checkout)
    monkeypatch.setenv("LINTEL_VAR", str(checkout.parent / "second"))
    setup.set_up(checkout)
    assert calls(checkout) == ["prepare", "migrate"]


def test_another_database_is_migrated(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    setup.set_up(checkout)
    calls(checkout)
    monkeypatch.setenv("DATABASE_URL", "postgresql://db/other")
    setup.set_up(checkout)
    assert "migrate" in calls(checkout)


def test_the_tools_of_development_include_the_rest(checkout: Path) -> None:
    setup.set_up(checkout, requirements=setup.DEVELOPMENT)
    calls(checkout)
    setup.set_up(checkout)
    setup.set_up(checkout, requirements=setup.DEVELOPMENT)
    assert "install" not in calls(checkout)


def test_a_failed_installation_is_tried_again(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECORDER_STATUS", "1")
    with pytest.raises(SetupError, match="pip could not install"):
        setup.set_up(checkout)
    monkeypatch.setenv("RECORDER_STATUS", "0")
    calls(checkout)
    setup.set_up(checkout)
    assert calls(checkout)[0] == "install"


def test_a_damaged_stamp_is_no_stamp(checkout: Path) -> None:
    setup.set_up(checkout)
    calls(checkout)
    (checkout / ".venv/lintel-packages.json").write_text("{")
    (checkout / "var/setup.json").write_text(json.dumps([1]))
    setup.set_up(checkout)
    assert calls(checkout) == ["install", "prepare", "migrate", "collectstatic"]


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_venv_is_told_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(
        "importlib.util.find_spec", lambda name: None if name == module else find_spec(name)
    )
    with pytest.raises(SetupError, match=rf"no {module}, .* apt install python3\.\d+-venv"):
        setup.make_environment(tmp_path)


def test_a_redis_is_asked_for_where_no_wheel_brings_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    setup.check_redis("x86_64", (3, 12))
    for machine, python in (("x86_64", (3, 13)), ("aarch64", (3, 11))):
        with pytest.raises(SetupError, match="no redis-server on the PATH"):
            setup.check_redis(machine, python)
    monkeypatch.setenv("REDIS_URL", "redis://queue")
    setup.check_redis("aarch64", (3, 13))


def test_it_needs_the_standard_library_alone() -> None:
    command = [sys.executable, "-S", "-m", "config.setup", "--help"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make in the repository."""
    environment = {name: value for name, value in os.environ.items() if name != "MAKEFLAGS"}
    return subprocess.run(
        ["make", *arguments],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_old_python_is_refused_in_one_line(tmp_path: Path) -> None:
    old = tmp_path / "python3.9"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2 && exit\nexit 1\n')
    old.chmod(0o755)
    done = make("setup", f"PYTHON={old}")
    first, *rest = done.stderr.splitlines()
    assert first.startswith("lintel: Python 3.11, 3.12 or 3.13 is needed, found: Python 3.9.2;")
    assert [line for line in rest if not line.startswith("make")] == []
    assert done.returncode != 0


def test_make_alone_lists_the_commands() -> None:
    said = make().stdout
    for target in ("run", "test", "test-quick", "check", "bench", "setup", "lock", "clean"):
        assert f"make {target} " in said
