"""Letting the servers' account through closed folders, and nobody else."""

import os
import stat
from pathlib import Path

import pytest

from config.servers.account import ACL_ENTRY, _with_search, acting_as, let_reach, server_account
from config.servers.server import choose_account

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="NOT TRIED: that takes root")


def test_one_account_may_pass_and_nobody_else(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    inside = closed / "inside"
    inside.mkdir(parents=True, mode=0o755)
    closed.chmod(0o700)
    account = server_account()
    assert account is not None
    with acting_as(account), pytest.raises(PermissionError):
        inside.stat()
    assert let_reach(account, inside)[-1] == closed
    with acting_as(account):
        inside.stat()
        with pytest.raises(PermissionError):
            list(closed.iterdir())
    if not closed.stat().st_mode & stat.S_IXOTH:
        somebody = type(account)("nobody", 65534, 65534)
        with acting_as(somebody), pytest.raises(PermissionError):
            inside.stat()
    assert let_reach(account, inside) == []
    assert os.geteuid() == 0


def test_an_access_list_keeps_what_it_had() -> None:
    before = {(0x01, 0xFFFFFFFF): 7, (0x02, 1000): 6, (0x04, 0xFFFFFFFF): 5, (0x10, 0xFFFFFFFF): 6}
    entries = {
        (tag, owner): rights
        for tag, rights, owner in ACL_ENTRY.iter_unpack(
            _with_search({**before, (0x20, 0xFFFFFFFF): 0}, 999)[4:]
        )
    }
    assert entries == {
        **before,
        (0x02, 999): 1,
        (0x10, 0xFFFFFFFF): 7,
        (0x20, 0xFFFFFFFF): 0,
    }


def test_what_a_strict_umask_has_closed_is_opened_for_its_program_alone(tmp_path: Path) -> None:
    site = tmp_path / "site-packages"
    program = site / "server" / "install" / "bin" / "postgres"
    library = site / "server.libs" / "libpq.so"
    other = site / "secret" / "key"
    for path in (program, library, other):
        path.parent.mkdir(parents=True)
        path.touch()
        path.chmod(0o600)
    program.chmod(0o711)
    account, change = choose_account(program)
    assert change
    with acting_as(account):
        program.read_bytes()
        library.read_bytes()
        with pytest.raises(PermissionError):
            other.read_bytes()


def test_what_lies_beside_a_program_of_the_path_is_left_closed(tmp_path: Path) -> None:
    program = tmp_path / "bin" / "redis-server"
    program.parent.mkdir()
    program.touch(mode=0o700)
    (tmp_path / "diary").touch(mode=0o600)
    choose_account(program)
    assert stat.S_IMODE((tmp_path / "diary").stat().st_mode) == 0o600
    assert stat.S_IMODE(program.stat().st_mode) == 0o700
