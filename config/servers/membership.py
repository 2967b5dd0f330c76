"""Being a user of the private servers: from `ensure_servers` to the end of the process."""

import atexit
import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from config.faults import SetupError
from config.servers.addresses import ServerAddresses, server_addresses, socket_folder
from config.servers.keeper import SERVERS, START_SECONDS, STOP_SECONDS
from config.servers.locks import POLL_S, LockFile, held
from config.servers.plan import ServerPlan, find_postgres, find_redis
from config.servers.server import Server
from config.state import REPOSITORY, StateFolder, make_folder

if TYPE_CHECKING:
    from config.environment import Environment

# Seconds between one request to a keeper and the next.
ASK_AGAIN_S = 0.1

# The locks by which this process is a user, by state folder, with the process that took them:
# a fork inherits the dictionary and the lock, and is no user of its own.
_memberships: dict[Path, tuple[int, LockFile]] = {}


def ensure_servers(environment: "Environment | None" = None) -> ServerAddresses:
    """Start what is not running of the private servers, and use them until this process ends.

    Safe in any number of processes at once; milliseconds where everything runs. Call it again
    at will: it starts a server whose keeper was killed. Raises SetupError.
    """
    if environment is None:
        from config.environment import load_environment

        environment = load_environment()
    servers = _private_servers(environment)
    if servers:
        _join(environment.state, servers)
    return server_addresses(environment)


def servers_kept(environment: "Environment") -> bool:
    """Whether every private server has a keeper, which starts it again should it die. Quick."""
    return not any(_unkept(server) for server in _private_servers(environment))


def _private_servers(environment: "Environment") -> list[Server]:
    """The servers that are not the site's own."""
    programs: dict[str, Path] = {}
    if environment.database_url is None:
        programs["postgresql"] = find_postgres()
    if environment.redis_url is None:
        programs["redis"] = find_redis()
    var, sockets = environment.var, socket_folder(environment.var)
    return [SERVERS[name](ServerPlan(var, sockets, path)) for name, path in programs.items()]


def _join(state: StateFolder, servers: list[Server]) -> None:
    """Become a user, then start what does not run; nobody else starts or stops meanwhile."""
    make_folder(state.root, mode=0o755)
    make_folder(state.run, mode=0o711)
    make_folder(state.log, mode=0o700)
    with held(state.run / "start.lock", seconds=2 * START_SECONDS, what="starting the servers"):
        if _memberships.get(state.root, (0, None))[0] != os.getpid():
            users = LockFile(state.run / "users.lock")
            users.take(shared=True)
            _memberships[state.root] = (os.getpid(), users)
        reports = [(server, _start_keeper(server)) for server in servers if _unkept(server)]
        for server, report in reports:
            _await_report(server, report)
        for server in servers:
            _await_ready(server)


def _unkept(server: Server) -> bool:
    """Whether the server has no keeper."""
    lock = LockFile(server.lock)
    try:
        # A keeper that is stopping holds its lock a little longer; the next one waits for it.
        return lock.try_take() or lock.read().endswith("stopping")
    finally:
        lock.close()


def _start_keeper(server: Server) -> int:
    """Start the server's keeper; return the descriptor it will report on."""
    report, its_end = os.pipe()
    arguments = [server.name, server.plan.to_json(), str(its_end)]
    subprocess.run(
        [sys.executable, "-S", "-m", "config.servers", *arguments],
        cwd=REPOSITORY,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=[its_end],
        start_new_session=True,
        check=True,
    )
    os.close(its_end)
    return report


def _await_report(server: Server, report: int) -> None:
    """Wait for the keeper's first line; raises SetupError unless it is that all is well."""
    with os.fdopen(report, encoding="utf-8") as lines:
        heard, _, _ = select.select([lines], [], [], 2 * START_SECONDS)
        answer = lines.readline().strip() if heard else "no answer"
    if answer != "ready":
        raise SetupError(answer or f"{server.name} does not start: see {server.log}")


def _await_ready(server: Server) -> None:
    """Wait for a server that its keeper is just starting again."""
    deadline = time.monotonic() + START_SECONDS
    while not server.is_ready():
        if time.monotonic() > deadline:
            raise SetupError(f"{server.name} does not answer: see {server.log}")
        time.sleep(POLL_S)


def leave_servers() -> None:
    """Stop being a user; the last one stops the servers and waits until they are gone."""
    for root, (pid, users) in list(_memberships.items()):
        if pid == os.getpid():
            del _memberships[root]
            _leave(StateFolder(root), users)


def _leave(state: StateFolder, users: LockFile) -> None:
    if not state.run.is_dir():
        return
    try:
        with held(state.run / "start.lock", seconds=START_SECONDS, what="starting the servers"):
            if users.try_take():
                for name in SERVERS:
                    _stop_keeper(state.run / f"{name}.lock")
    except SetupError as fault:
        print(f"lintel: {fault}", file=sys.stderr)
    finally:
        users.close()


def _stop_keeper(path: Path) -> None:
    """Ask the keeper that holds the lock at `path`, if there is one, to end; wait until it has."""
    lock = LockFile(path)
    try:
        deadline = time.monotonic() + 3 * STOP_SECONDS
        # Asked again and again: a keeper that has just begun holds its lock before its number
        # stands in the file, and what stands there until then is its predecessor's.
        while not lock.take_within(ASK_AGAIN_S):
            if time.monotonic() > deadline:
                raise SetupError(f"{path.stem} does not end: see its log")
            _ask_to_end(lock.read())
    finally:
        lock.close()


def _ask_to_end(said: str) -> None:
    """Send SIGTERM to the keeper whose lock file says this, unless it is stopping already."""
    number, _, state = said.partition(" ")
    if not number.isdigit() or state == "stopping":
        return
    with contextlib.suppress(OSError):
        # The number may be another process's by now.
        if b"config.servers" in Path(f"/proc/{number}/cmdline").read_bytes():
            os.kill(int(number), signal.SIGTERM)


atexit.register(leave_servers)
