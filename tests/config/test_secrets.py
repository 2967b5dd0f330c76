"""Secrets made on first start: kept, closed to others, made once also in a race."""

import base64
import multiprocessing
import stat
from pathlib import Path

import pytest

from config.faults import SetupError
from config.secrets import make_password, make_secret_key, make_template_key, secret


def _make_one(folder: Path) -> str:
    return secret(folder, "key", make_secret_key)


def test_a_secret_stays_the_same(tmp_path: Path) -> None:
    first = secret(tmp_path / "secrets", "key", make_secret_key)
    assert secret(tmp_path / "secrets", "key", make_secret_key) == first


def test_only_its_owner_reads_a_secret(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    secret(folder, "key", make_secret_key)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "key").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["key"]


def test_processes_that_start_at_once_agree(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        made = pool.map(_make_one, [tmp_path / "secrets"] * 16)
    assert len(set(made)) == 1
    assert made[0] == (tmp_path / "secrets" / "key").read_text()


def test_a_folder_that_cannot_be_made_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SetupError, match=r"^[^\n]*LINTEL_VAR[^\n]*$"):
        secret(tmp_path / "file" / "secrets", "key", make_secret_key)


def test_secrets_have_the_strength_they_say() -> None:
    assert len(base64.b64decode(make_template_key())) == 32
    assert len(make_secret_key()) > 50
    groups = make_password().split("-")
    assert [len(group) for group in groups] == [4, 4, 4, 4]
    assert len({make_password() for _ in range(100)}) == 100
