"""Real processes for the tests: users of the private servers, and what they leave behind."""

import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from config.state import REPOSITORY

# Long enough for a machine under load; a test that passes never waits for it.
PATIENCE_S = 60.0

USE_SERVERS = """
import sys
from config.environment import load_environment
from config.faults import one_line_faults
from config.servers import ensure_servers
with one_line_faults():
    addresses = ensure_servers(load_environment())
print(addresses.database_url, addresses.redis_url, flush=True)
sys.stdin.read()
"""


def processes_of(folder: Path) -> set[int]:
    """The processes that name `folder` in their command line or work inside it."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                words = (entry / "cmdline").read_bytes()
                place = (entry / "cwd").readlink()
            except OSError:
                # It has ended while we looked, or is not ours to look at.
                continue
            if os.fsencode(folder) in words or place.is_relative_to(folder):
                found.add(int(entry.name))
    return found


def process_named(folder: Path, *words: str) -> int:
    """The one process of `folder` whose command line begins with a program named `words[0]`
    and holds the other words."""
    found = []
    for pid in processes_of(folder):
        try:
            line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        program = line.split(" ", 1)[0].rpartition("/")[2]
        if program.startswith(words[0]) and all(word in line for word in words[1:]):
            found.append(pid)
    # A server's new child bears its command line until it has given itself a name.
    (pid,) = [pid for pid in found if parent_of(pid) not in found]
    return pid


def parent_of(pid: int) -> int:
    """The process that started this one; 0 where it has ended."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    return int(status.rpartition(")")[2].split()[1])


def eventually(happens: Callable[[], bool], what: str) -> None:
    """Wait until something happens; fail, saying what, where it does not."""
    deadline = time.monotonic() + PATIENCE_S
    while not happens():
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(0.02)


class PythonProcess:
    """A Python program with the state folder `var`, killed at the end of the `with` block."""

    def __init__(
        self,
        var: Path,
        *arguments: str,
        user: str | None = None,
        environment: dict[str, str] | None = None,
    ) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LINTEL_")}
        for name in ("DATABASE_URL", "REDIS_URL", "CAMERA", "DEMO", "EMAIL_URL"):
            kept.pop(name, None)
        self.process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=REPOSITORY,
            env={**kept, "LINTEL_VAR": str(var), "PYTHONUNBUFFERED": "1", **(environment or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            user=user,
            group=None if user is None else pwd.getpwnam(user).pw_gid,
            extra_groups=[] if user else None,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.kill()
        self.process.communicate()

    def line(self) -> str:
        """The next line it prints; empty where it ends without one."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def finish(self) -> tuple[int, str, str]:
        """Close its standard input and wait for its end: status, standard output and error."""
        said, complained = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, said, complained

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self.process.send_signal(number)


class ServerUser(PythonProcess):
    """A process that uses the private servers until it is told to end."""

    def __init__(
        self, var: Path, *, user: str | None = None, environment: dict[str, str] | None = None
    ) -> None:
        super().__init__(var, "-c", USE_SERVERS, user=user, environment=environment)

    def addresses(self) -> tuple[str, str]:
        """Wait until the servers run; return the database's and Redis' address."""
        line = self.line()
        assert line, self.finish()
        database, redis = line.split()
        return database, redis
