"""`make run` with its real processes: started, killed, started again, stopped."""

import contextlib
import os
import re
import signal
import socket
import time
from pathlib import Path

import httpx
import pytest

from config.servers.locks import LockFile
from config.single_run import who_keeps
from tests.config.processes import PATIENCE_S, PythonProcess, eventually, processes_of

pytestmark = pytest.mark.slow


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class Run(PythonProcess):
    """`python -m config` without the demo; two worker processes."""

    def __init__(self, var: Path, port: int) -> None:
        settings = {"DEMO": "0", "LINTEL_PORT": str(port), "LINTEL_WORKERS": "2"}
        super().__init__(var, "-m", "config", environment=settings)
        self.var = var
        self.seen: list[str] = []

    def wait_for(self, words: str) -> str:
        """Read on until a line holds the words; return it."""
        while True:
            line = self.line()
            self.seen.append(line)
            if words in line:
                return line
            assert line or self.process.poll() is None, "\n".join(self.seen)

    def children(self) -> set[int]:
        """All processes that keep the run's mark, but for the supervisor."""
        return set(who_keeps(self.var / "run" / "children.lock")) - {self.process.pid}

    def child(self, *words: str) -> int:
        """The oldest child whose command line holds all the words."""
        lines = {}
        for pid in self.children():
            with contextlib.suppress(FileNotFoundError):  # it has just ended
                lines[pid] = Path(f"/proc/{pid}/cmdline").read_bytes()
        found = [pid for pid, line in lines.items() if all(word.encode() in line for word in words)]
        return min(found)

    def wait_for_another_than(self, before: set[int]) -> None:
        """Wait for a child that was not among those."""
        eventually(lambda: bool(self.children() - before), "another child runs")


def all_gone(var: Path) -> bool:
    """Whether no process and no lock of a run is left."""
    locks = [LockFile(path) for path in (var / "run").glob("*.lock")]
    free = [lock.try_take() for lock in locks]
    for lock in locks:
        lock.close()
    return all(free) and not processes_of(var) and not who_keeps(var / "run" / "children.lock")


def test_a_run_that_is_told_to_end_leaves_nothing(var: Path) -> None:
    port = free_port()
    with Run(var, port) as run:
        run.wait_for("Lintel is ready")
        password = run.wait_for("password").rpartition(" ")[2]
        assert password == (var / "secrets" / "admin-password").read_text()
        assert httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
        with Run(var, free_port()) as second:
            status, _, complained = second.finish()
        assert status == 1
        assert complained == (
            f"lintel: Lintel already runs here (process {run.process.pid},"
            f" http://127.0.0.1:{port}); for a second one set LINTEL_VAR, LINTEL_PORT and"
            " KIOSK_PORT to places of its own\n"
        )
        run.signal(signal.SIGTERM)
        status, _, complained = run.finish()
    assert (status, complained) == (0, "")
    assert all_gone(var)


def test_a_killed_supervisor_is_no_obstacle_to_the_next(var: Path) -> None:
    port = free_port()
    with Run(var, port) as run:
        run.wait_for("worker@lintel ready")
        left = run.children()
        run.signal(signal.SIGKILL)
        with Run(var, port) as following:
            following.wait_for("Lintel is ready")
            assert not left & following.children()
            following.signal(signal.SIGINT)
            assert following.finish()[0] == 0
    assert all_gone(var)


def test_killed_children_are_started_again(var: Path) -> None:
    programs = {"web": ["uvicorn"], "worker": ["celery", "worker"], "beat": ["celery", "beat"]}
    with Run(var, free_port()) as run:
        run.wait_for("worker@lintel ready")
        for name, words in programs.items():
            before = run.children()
            killed = run.child(*words)
            os.kill(killed, signal.SIGKILL)
            run.wait_for(f"{name} was killed by SIGKILL; starting it again")
            run.wait_for_another_than(before)
            assert killed not in run.children()
        run.signal(signal.SIGTERM)
        assert run.finish()[0] == 0
    assert all_gone(var)


def test_a_taken_port_ends_a_run_before_anything_is_started(var: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = int(server.getsockname()[1])
        with Run(var, port) as run:
            status, said, complained = run.finish()
    assert (status, said) == (1, "")
    assert re.fullmatch(
        rf"lintel: port {port} on 127\.0\.0\.1 is taken .* LINTEL_PORT=\d+ make run\n", complained
    )
    assert all_gone(var)
    assert not (var / "postgresql").exists()


def test_a_run_whose_servers_were_killed_heals(var: Path) -> None:
    port = free_port()
    with Run(var, port) as run:
        run.wait_for("worker@lintel ready")
        for pid in processes_of(var):
            # Short-lived ones end meanwhile.
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                if b"config.servers" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    os.kill(pid, signal.SIGKILL)
        run.wait_for("a private server's keeper is gone; starting it again")
        deadline = time.monotonic() + PATIENCE_S
        while httpx.get(f"http://127.0.0.1:{port}/readyz").status_code != 200:
            assert time.monotonic() < deadline, "it does not heal"
            time.sleep(0.1)
        run.signal(signal.SIGTERM)
        assert run.finish()[0] == 0
    assert all_gone(var)
