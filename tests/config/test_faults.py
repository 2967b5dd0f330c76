"""Faults of the machine end a command with one line and no traceback."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.faults import SetupError, one_line_faults
from config.servers import plan
from config.setup import check_machine
from config.state import make_folder, require_free_space
from tests.config.processes import PythonProcess, ServerUser


def complaint(var: Path, *arguments: str, **environment: str) -> tuple[int, str]:
    """Status and the one line of `manage.py ARGUMENTS`."""
    with PythonProcess(var, "manage.py", *arguments, environment=environment) as process:
        status, said, complained = process.finish()
    assert said == ""
    assert complained.count("\n") == 1, complained
    return status, complained


def test_a_fault_is_one_line_and_a_status(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end, one_line_faults():
        raise SetupError("no space left", status=2)
    assert end.value.code == 2
    assert capsys.readouterr().err == "lintel: no space left\n"


def test_a_file_in_the_way_of_the_state_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").touch()
    status, line = complaint(tmp_path / "var", "showmigrations")
    assert status == 1
    assert "var" in line


def test_a_wrong_setting_ends_a_command_with_status_two(tmp_path: Path) -> None:
    status, line = complaint(tmp_path / "var", "showmigrations", LINTEL_PORT="many")
    assert status == 2
    assert "setting LINTEL_PORT" in line


def test_a_state_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    status, line = complaint(Path("/proc/lintel"), "showmigrations")
    assert status == 1
    assert "/proc/lintel" in line
    assert "LINTEL_VAR" in line


@pytest.mark.skipif(os.geteuid() == 0, reason="NOT TRIED: root may write everywhere")
def test_a_state_folder_of_somebody_else_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir(mode=0o500)
    with pytest.raises(SetupError, match="cannot be written"):
        make_folder(tmp_path / "var" / "run", mode=0o700)


def test_too_little_space_is_said_with_the_figures(tmp_path: Path) -> None:
    require_free_space(tmp_path, least_bytes=1)
    with pytest.raises(SetupError, match=r"no space left: .* MB free, 1073741824 MB are needed"):
        require_free_space(tmp_path, least_bytes=2**50)


def test_a_machine_without_wheels_is_refused() -> None:
    check_machine("Linux", "x86_64")
    check_machine("Linux", "aarch64")
    for system, machine in (("Darwin", "arm64"), ("Windows", "AMD64"), ("Linux", "riscv64")):
        with pytest.raises(SetupError, match="Linux, x86_64 or aarch64"):
            check_machine(system, machine)


def test_a_missing_redis_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(plan, "_package_folder", lambda name: None)
    with pytest.raises(SetupError, match=r"^no redis-server on the PATH[^\n]*$"):
        plan.find_redis()


def test_the_redis_on_the_path_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    mine = tmp_path / "redis-server"
    mine.write_text("#!/bin/sh\n")
    mine.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert plan.find_redis() == mine


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    options = ["-t", "tmpfs", "-o", "size=1m,mode=755", "tmpfs", str(place)]
    try:
        subprocess.run(["mount", *options], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("NOT TRIED: no disk can be mounted here, that takes root")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.mark.slow
def test_a_full_disk_is_said_in_one_line(full_disk: Path) -> None:
    status, line = complaint(full_disk / "var", "showmigrations")
    assert status == 1
    assert "no space left" in line


@pytest.mark.slow
def test_a_cluster_of_another_version_is_left_alone(var: Path) -> None:
    with ServerUser(var) as user:
        user.addresses()
        user.finish()
    version = var / "postgresql" / "data" / "PG_VERSION"
    version.write_text("16\n")
    status, line = complaint(var, "showmigrations")
    assert status == 1
    assert "was made by PostgreSQL 16" in line
