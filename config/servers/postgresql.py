"""The private PostgreSQL: one cluster under `var/postgresql`, reached by unix socket alone."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import ClassVar

from config.faults import SetupError
from config.servers.account import Account, let_reach
from config.servers.addresses import DATABASE, POSTGRESQL_SOCKET, ROLE
from config.servers.plan import POSTGRESQL_VERSION
from config.servers.server import Server, accepts, make_socket_folder
from config.state import make_folder, require_free_space
from config.tether import tethered

# The kernel tells the server who is at the other end; only its own user and root may be `lintel`.
ACCESS_RULES = "local all all peer map=lintel\n"

# For a small box that also runs the recognition; everything safe stays on.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "fsync": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "256MB",
    "max_logical_replication_workers": "0",
    "io_method": "sync",
    "jit": "off",
    "log_min_messages": "warning",
    # A failed statement holds people's data; the log gets the error and not the statement.
    "log_min_error_statement": "panic",
}

LEFTOVER_SECONDS = 10.0
# A server without an environment: what stands in ours, keys among it, is none of its business.
BARE_ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/bin:/bin"}


class PostgresqlServer(Server):
    """PostgreSQL on a unix socket, without TCP."""

    name: ClassVar[str] = "postgresql"
    # Fast shutdown, then immediate shutdown: connections are cut, the log is replayed next time.
    stop_signals: ClassVar = (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)

    @property
    def data(self) -> Path:
        """The cluster."""
        return self.plan.state.postgresql / "data"

    @property
    def working_folder(self) -> Path:
        """The cluster, where PostgreSQL goes by itself."""
        return self.data

    @property
    def _rules(self) -> Path:
        return self.plan.state.postgresql / "access.conf"

    @property
    def _names(self) -> Path:
        return self.plan.state.postgresql / "names.conf"

    def prepare(self, account: Account) -> None:
        """Make the cluster on first start, and clear what a killed server has left."""
        folder = make_folder(self.plan.state.postgresql, mode=0o755)
        make_socket_folder(self.plan, account)
        if os.geteuid() == 0:
            let_reach(account, folder)
            let_reach(account, self.plan.sockets)
        if not self.data.exists():
            require_free_space(folder)
            self._make_cluster(account)
        self._check_cluster()
        self._write_rules(account)
        self._clear_leftovers()

    def command(self) -> list[str]:
        """PostgreSQL in the foreground."""
        places = {
            "unix_socket_directories": str(self.plan.sockets),
            "hba_file": str(self._rules),
            "ident_file": str(self._names),
        }
        settings = [f"--{name}={value}" for name, value in (SETTINGS | places).items()]
        return [str(self.plan.program), "-D", str(self.data), *settings]

    def is_ready(self) -> bool:
        """Whether it says so in its pid file and listens: after kill -9 the file is a lie."""
        lines = _lines(self.data / "postmaster.pid")
        if len(lines) < 8 or lines[7].strip() != "ready":
            return False
        connection = accepts(self.plan.sockets / POSTGRESQL_SOCKET)
        if connection is None:
            return False
        connection.close()
        return True

    def _make_cluster(self, account: Account) -> None:
        """Make the cluster and its database beside their place, then move them there at once."""
        draft = self.data.with_name("data.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(draft, account.user, account.group)
        initdb = self.plan.program.with_name("initdb")
        make = [str(initdb), "-D", str(draft), "-U", ROLE, "--encoding=UTF8"]
        # The built-in provider needs no locale of the system's.
        locale = ["--locale-provider=builtin", "--locale=C.UTF-8", "--auth=peer"]
        self._run_as(account, [*make, *locale], "")
        single = [str(self.plan.program), "--single", "-D", str(draft), "postgres"]
        self._run_as(account, single, f"CREATE DATABASE {DATABASE};\n")
        draft.rename(self.data)

    def _run_as(self, account: Account, command: list[str], text: str) -> None:
        """Run one of PostgreSQL's programs to its end; raises SetupError with its last line."""
        ids = account.ids if os.geteuid() == 0 else None
        done = subprocess.run(
            tethered(command, account=ids, folder=self.plan.state.postgresql),
            input=text,
            capture_output=True,
            text=True,
            check=False,
            env=BARE_ENVIRONMENT,
        )
        if done.returncode != 0:
            if "No space left" in done.stderr:
                raise SetupError(f"no space left on the disk that holds {self.data.parent}")
            reason = done.stderr.strip().splitlines()[-1:] or [f"status {done.returncode}"]
            raise SetupError(f"{Path(command[0]).name} could not make {self.data}: {reason[0]}")

    def _check_cluster(self) -> None:
        """Raise SetupError when the cluster is another user's or another version's."""
        try:
            version = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        except PermissionError:
            raise SetupError(
                f"{self.data} belongs to another user (was Lintel started as root before?):"
                " run as that user again, or set LINTEL_VAR to a folder of your own"
            ) from None
        except FileNotFoundError:
            raise SetupError(f"{self.data} is no PostgreSQL cluster: move it away") from None
        if version != POSTGRESQL_VERSION:
            raise SetupError(
                f"{self.data} was made by PostgreSQL {version}, this Lintel runs"
                f" {POSTGRESQL_VERSION}: dump it with the old version, or set LINTEL_VAR"
            )

    def _write_rules(self, account: Account) -> None:
        """Write who may connect: the server's own user and root, both as the one role."""
        users = dict.fromkeys((account.name, "root"))
        names = "".join(f'lintel "{user}" {ROLE}\n' for user in users)
        for path, text in ((self._rules, ACCESS_RULES), (self._names, names)):
            path.write_text(text, encoding="utf-8")
            path.chmod(0o644)

    def _clear_leftovers(self) -> None:
        """Wait for a server whose keeper was killed, then remove what says it still runs.

        The caller keeps this cluster's lock, so nobody else starts a server on it meanwhile.
        PostgreSQL itself would take any process that got the old one's number for a server.
        """
        deadline = time.monotonic() + LEFTOVER_SECONDS
        while (pid := self._leftover()) is not None:
            late = time.monotonic() > deadline
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL if late else signal.SIGINT)
            time.sleep(0.1)
        socket = self.plan.sockets / POSTGRESQL_SOCKET
        for path in (self.data / "postmaster.pid", socket, socket.with_suffix(".5432.lock")):
            path.unlink(missing_ok=True)

    def _leftover(self) -> int | None:
        """The process id of a server that still runs on this cluster."""
        lines = _lines(self.data / "postmaster.pid")
        if not lines or not lines[0].strip().isdigit():
            return None
        pid = int(lines[0])
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return None
        return pid if os.fsencode(self.data) in words else None


def _lines(path: Path) -> list[str]:
    """The file's lines; none when it is not there or not ours to read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
