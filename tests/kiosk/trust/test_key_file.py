"""Tests the file that holds a kiosk's identity."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.errors import StartError
from kiosk.trust import Identity
from kiosk.trust.identity import new_seed
from kiosk.trust.key_file import KeyFile
from kiosk.trust.private_file import read_private
from kiosk.trust.state_folder import StateFolder
from tests.kiosk.fake_server import an_identity


@pytest.fixture
def file(tmp_path: Path) -> KeyFile:
    """A key file with an identity in it."""
    made = KeyFile(tmp_path)
    made.keep(an_identity())
    return made


def test_what_is_kept_is_read_again(file: KeyFile) -> None:
    assert file.load() == an_identity()
    changing = replace(an_identity(), next_seed=new_seed())
    file.keep(changing)
    assert file.load() == changing


def test_without_a_file_there_is_no_identity(tmp_path: Path) -> None:
    assert KeyFile(tmp_path).load() is None


def test_it_is_its_owners_alone(file: KeyFile) -> None:
    assert file.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o666])
def test_a_file_that_others_may_read_is_refused(file: KeyFile, mode: int) -> None:
    file.path.chmod(mode)
    with pytest.raises(StartError, match="revoke it"):
        file.load()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_somebody_elses_file_is_refused(file: KeyFile) -> None:
    os.chown(file.path, 65534, 65534)
    with pytest.raises(StartError, match="somebody else"):
        file.load()


def test_a_link_is_not_followed(file: KeyFile, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(file.path)
    with pytest.raises(StartError, match="cannot be read"):
        read_private(link)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"null", b"\xff", b'{"version": 1}'])
def test_a_file_that_is_none_is_said_to_be_none(file: KeyFile, content: bytes) -> None:
    file.path.write_bytes(content)
    with pytest.raises(StartError, match="is no key file"):
        file.load()


def test_a_key_that_is_too_short_is_none(file: KeyFile) -> None:
    fields = json.loads(file.path.read_bytes())
    file.path.write_bytes(json.dumps({**fields, "seed": "AAAA"}).encode())
    with pytest.raises(StartError, match="is no key file"):
        file.load()


def test_half_of_a_file_is_never_seen(file: KeyFile, monkeypatch: pytest.MonkeyPatch) -> None:
    def power_cut(descriptor: int) -> None:
        raise OSError(5, "power cut")

    with monkeypatch.context() as patch:
        patch.setattr("kiosk.trust.private_file.os.fsync", power_cut)
        with pytest.raises(StartError, match="cannot be written"):
            file.keep(replace(an_identity(), kiosk="8"))
    assert file.load() == an_identity()
    assert [path.name for path in file.path.parent.iterdir()] == [file.path.name]


def test_a_state_folder_is_one_kiosks_at_a_time(tmp_path: Path) -> None:
    first = StateFolder(tmp_path / "state")
    with pytest.raises(StartError, match="Another kiosk"):
        StateFolder(tmp_path / "state")
    first.close()
    StateFolder(tmp_path / "state").close()
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700


def test_no_key_is_in_an_identitys_text() -> None:
    assert "seed" not in repr(Identity(seed=new_seed(), code_name="x"))
