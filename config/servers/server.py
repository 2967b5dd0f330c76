"""What the keeper knows about one private server."""

import os
import signal
import socket
import stat
from abc import ABC, abstractmethod
from itertools import takewhile
from pathlib import Path
from typing import ClassVar

from config.faults import SetupError
from config.servers.account import Account, let_reach, own_account, server_account
from config.servers.plan import ServerPlan
from config.state import make_folder

LONGEST_LOG_BYTES = 5 * 1024 * 1024


class Server(ABC):
    """One private server: how to prepare, start, ask and stop it.

    Only its keeper calls `prepare`; `is_ready` may be called by any user of the servers.
    """

    name: ClassVar[str]
    # In this order, each after `STOP_SECONDS` without an end.
    stop_signals: ClassVar[tuple[signal.Signals, ...]]

    def __init__(self, plan: ServerPlan) -> None:
        self.plan = plan

    @property
    def lock(self) -> Path:
        """The file its keeper keeps locked and writes its state to."""
        return self.plan.state.run / f"{self.name}.lock"

    @property
    def log(self) -> Path:
        """Where the server and its keeper write."""
        return self.plan.state.log / f"{self.name}.log"

    @property
    @abstractmethod
    def working_folder(self) -> Path:
        """Where the server runs."""

    @abstractmethod
    def prepare(self, account: Account) -> None:
        """Put everything in place that `command` needs; `account` will run it."""

    @abstractmethod
    def command(self) -> list[str]:
        """The command line that runs the server in the foreground."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Whether the server answers."""


def choose_account(program: Path) -> tuple[Account, bool]:
    """Return the account to run `program` as, and whether that means to change user.

    As root the account is let in to the program's folder.
    """
    account = server_account()
    if account is None:
        return own_account(), False
    let_reach(account, program.parent)
    _open_programs(program)
    return account, True


def _open_programs(program: Path) -> None:
    """Let everybody read and run what its wheel brought, where a strict umask has closed it.

    Only inside site-packages, where all of it is public; never beside a program of the PATH's.
    """
    open_to_all = stat.S_IROTH | stat.S_IXOTH
    if program.stat().st_mode & open_to_all == open_to_all or "site-packages" not in program.parts:
        return
    inside = takewhile(lambda folder: folder.name != "site-packages", program.parents)
    libraries = (folder.with_name(f"{folder.name}.libs") for folder in inside)
    for top in (program.parent.parent, *filter(Path.is_dir, libraries)):
        for path in (top, *top.rglob("*")):
            if not path.is_symlink():
                mode = stat.S_IMODE(path.stat().st_mode)
                path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))


def make_socket_folder(plan: ServerPlan, account: Account) -> None:
    """Make the sockets' folder, owned by `account` and closed to everybody else.

    Raises SetupError where the place is taken: in /tmp somebody else may have been first.
    """
    folder = plan.sockets
    make_folder(folder, mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (os.geteuid(), account.user):
        raise SetupError(f"{folder} belongs to another user: remove it, or set LINTEL_VAR")
    if os.geteuid() == 0:
        os.chown(folder, account.user, account.group)
    folder.chmod(0o700)


def accepts(path: Path) -> socket.socket | None:
    """Return a connection to the unix socket at `path`, or None when nobody listens there."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(1)
    try:
        connection.connect(str(path))
    except OSError:
        connection.close()
        return None
    return connection


def open_log(path: Path) -> int:
    """Open the log to append, setting a long one aside; return its descriptor."""
    if path.exists() and path.stat().st_size > LONGEST_LOG_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
