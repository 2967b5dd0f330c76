"""The unprivileged account that runs the private servers when Lintel itself runs as root."""

import errno
import os
import pwd
import shutil
import stat
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.faults import SetupError

# PostgreSQL refuses to run as root. The name is the one its wheel makes for the same purpose.
ACCOUNT = "pgserver"
FALLBACK_ACCOUNT = "nobody"

# POSIX access control list as the kernel keeps it (acl(5), linux/posix_acl_xattr.h).
ACL_ATTRIBUTE = "system.posix_acl_access"
ACL_HEADER = struct.Struct("<I")
ACL_ENTRY = struct.Struct("<HHI")
ACL_VERSION = 2
USER_OBJ, USER, GROUP_OBJ, GROUP, MASK, OTHER = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
NO_ID = 0xFFFFFFFF
SEARCH = 0x1


@dataclass(frozen=True)
class Account:
    """A system user by name and ids."""

    name: str
    user: int
    group: int

    @property
    def ids(self) -> tuple[int, int]:
        """User and group id."""
        return self.user, self.group


def own_account() -> Account:
    """The account this process runs as; raises SetupError where the system has no name for it."""
    try:
        entry = pwd.getpwuid(os.geteuid())
    except KeyError:
        raise SetupError(
            f"user id {os.geteuid()} has no name on this system and PostgreSQL needs one:"
            " run as a user of the system, or set DATABASE_URL"
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def server_account() -> Account | None:
    """Return the account to change to, made where it is missing; None unless this is root."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(ACCOUNT)
    except KeyError:
        entry = _make_account()
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _make_account() -> pwd.struct_passwd:
    """Add the system account, or take the one that owns nothing where none can be added."""
    add = shutil.which("useradd") or shutil.which("useradd", path="/usr/sbin:/sbin")
    if add is None:
        return pwd.getpwnam(FALLBACK_ACCOUNT)
    call = [add, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    try:
        # Another process may have added it at the same moment: what counts is that it is there.
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        raise SetupError(
            f"the account {ACCOUNT}, needed to run PostgreSQL as root, cannot be made:"
            f" {done.stderr.strip()}; run as an ordinary user or set DATABASE_URL"
        ) from None


@contextmanager
def acting_as(account: Account) -> Iterator[None]:
    """Let the block meet the file system as `account` does. Root only, single thread only."""
    group, groups = os.getegid(), os.getgroups()
    os.setgroups([])
    os.setegid(account.group)
    os.seteuid(account.user)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(group)
        os.setgroups(groups)


def let_reach(account: Account, folder: Path) -> list[Path]:
    """Make sure `account` can enter `folder`; return the folders on the way that were opened.

    A closed folder, such as /root, gets an access list entry that lets this one account pass
    and nobody else; where the file system knows no access lists, it is opened to pass for all.
    """
    opened = []
    real = folder.resolve()
    for step in [*reversed(real.parents), real]:
        with acting_as(account):
            if _can_search(step):
                continue
        _let_search(account, step)
        opened.append(step)
    return opened


def _can_search(folder: Path) -> bool:
    try:
        # The trailing dot is what asks for the right to search; pathlib would drop it.
        os.stat(f"{folder}/.")  # noqa: PTH116
    except PermissionError:
        return False
    return True


def _let_search(account: Account, folder: Path) -> None:
    mode = stat.S_IMODE(folder.stat().st_mode)
    try:
        entries = _read_acl(folder, mode)
        os.setxattr(folder, ACL_ATTRIBUTE, _with_search(entries, account.user))
    except OSError as fault:
        if fault.errno not in (errno.EOPNOTSUPP, errno.EINVAL):
            raise
        folder.chmod(mode | stat.S_IXOTH)


def _read_acl(folder: Path, mode: int) -> dict[tuple[int, int], int]:
    """Return the folder's access list as {(tag, id): rights}, made from its mode if it has none."""
    try:
        raw = os.getxattr(folder, ACL_ATTRIBUTE)
    except OSError as fault:
        if fault.errno != errno.ENODATA:
            raise
        return {
            (USER_OBJ, NO_ID): mode >> 6 & 7,
            (GROUP_OBJ, NO_ID): mode >> 3 & 7,
            (OTHER, NO_ID): mode & 7,
        }
    return {(tag, owner): rights for tag, rights, owner in ACL_ENTRY.iter_unpack(raw[4:])}


def _with_search(entries: dict[tuple[int, int], int], user: int) -> bytes:
    """Return the access list with the right to search for `user`, as the kernel takes it."""
    changed = dict(entries)
    changed[USER, user] = changed.get((USER, user), 0) | SEARCH
    changed[MASK, NO_ID] = changed.get((MASK, NO_ID), changed[GROUP_OBJ, NO_ID]) | SEARCH
    body = (ACL_ENTRY.pack(tag, rights, owner) for (tag, owner), rights in sorted(changed.items()))
    return ACL_HEADER.pack(ACL_VERSION) + b"".join(body)
