"""The supervisor, with small programs as children."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.children import Program
from config.printer import Printer
from config.supervisor import StopRequested, Supervisor
from tests.config.processes import eventually

STAY = "import time; print('up', flush=True); time.sleep(3600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    " print('up', flush=True); time.sleep(3600)"
)
PARENT = (
    "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time;"
    " time.sleep(3600)']); print('up', flush=True); time.sleep(3600)"
)


class Screen(Printer):
    """Keeps the lines instead of showing them."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def print(self, name: str, line: str | bytes) -> None:
        text = line.decode() if isinstance(line, bytes) else line
        self.lines.append(f"{name}|{text}")


@pytest.fixture
def screen() -> Screen:
    """What the supervisor and its programs print."""
    return Screen()


@pytest.fixture
def mark(tmp_path: Path) -> Iterator[int]:
    """The descriptor that all programs keep."""
    descriptor = os.open(tmp_path / "mark", os.O_RDWR | os.O_CREAT)
    yield descriptor
    os.close(descriptor)


@pytest.fixture(autouse=True)
def _keep_signals() -> Iterator[None]:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def python(name: str, script: str) -> Program:
    """A program that runs the script."""
    return Program(name, (sys.executable, "-c", script))


def keep_until(supervisor: Supervisor, happens: Callable[[], bool]) -> None:
    """Run until something happens."""
    deadline = time.monotonic() + 60

    def tick() -> None:
        assert time.monotonic() < deadline, "it never happens"
        if happens():
            os.kill(os.getpid(), signal.SIGTERM)

    with pytest.raises(StopRequested):
        supervisor.run(tick=tick)


def alive(pid: int) -> bool:
    """Whether the process is there and no zombie."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_it_prints_every_line_behind_its_program_s_name(screen: Screen, mark: int) -> None:
    script = "import sys; print('one'); print('two', file=sys.stderr); print('three', end='')"
    with Supervisor(screen, mark) as supervisor:
        assert supervisor.complete(python("step", script)) == 0
    assert sorted(screen.lines) == ["step|one", "step|three", "step|two"]


def test_it_tells_a_step_s_exit_status(screen: Screen, mark: int) -> None:
    with Supervisor(screen, mark) as supervisor:
        assert supervisor.complete(python("step", "raise SystemExit(3)")) == 3


def test_a_flood_does_not_stop_it(screen: Screen, mark: int) -> None:
    script = "print('x' * 3_000_000); print('end')"
    with Supervisor(screen, mark) as supervisor:
        assert supervisor.complete(python("step", script)) == 0
    assert sum(line.count("x") for line in screen.lines) == 3_000_000
    assert screen.lines[-1] == "step|end"


def test_it_starts_again_what_ends_and_says_how_it_ended(screen: Screen, mark: int) -> None:
    with Supervisor(screen, mark, first_wait_s=0.01) as supervisor:
        supervisor.start(python("web", "print('up'); raise SystemExit(7)"))
        keep_until(supervisor, lambda: screen.lines.count("web|up") >= 3)
    waits = [line for line in screen.lines if "ended with status 7" in line]
    assert waits[0].endswith("web ended with status 7; starting it again in 0.01 s")
    assert waits[1].endswith("in 0.02 s")


def test_it_says_which_signal_killed_a_program(screen: Screen, mark: int) -> None:
    script = "import os; os.kill(os.getpid(), 9)"
    with Supervisor(screen, mark, first_wait_s=100) as supervisor:
        supervisor.start(python("beat", script))
        keep_until(supervisor, lambda: any("was killed by SIGKILL" in x for x in screen.lines))


def test_it_stops_the_last_started_first(screen: Screen, mark: int) -> None:
    script = (
        "import signal, sys, time;"
        " signal.signal(signal.SIGTERM, lambda *_: sys.exit(print('bye')));"
        " print('up', flush=True); time.sleep(3600)"
    )
    with Supervisor(screen, mark) as supervisor:
        for name in ("web", "worker", "kiosk"):
            supervisor.start(python(name, script))
        keep_until(supervisor, lambda: sum(x.endswith("|up") for x in screen.lines) == 3)
    assert [x for x in screen.lines if x.endswith("bye")] == ["kiosk|bye", "worker|bye", "web|bye"]


def test_it_kills_what_does_not_stop(screen: Screen, mark: int) -> None:
    with Supervisor(screen, mark, grace_s=0.1) as supervisor:
        supervisor.start(python("worker", STUBBORN))
        keep_until(supervisor, lambda: "worker|up" in screen.lines)
    assert "lintel|worker does not stop: killing it" in screen.lines


def test_a_second_signal_kills_at_once(screen: Screen, mark: int) -> None:
    with Supervisor(screen, mark, grace_s=3600) as supervisor:
        supervisor.start(python("worker", STUBBORN))
        keep_until(supervisor, lambda: "worker|up" in screen.lines)
        os.kill(os.getpid(), signal.SIGINT)
    assert "lintel|worker does not stop: killing it" in screen.lines


def test_it_kills_what_a_program_leaves_of_its_group(
    screen: Screen, mark: int, tmp_path: Path
) -> None:
    script = PARENT.replace("subprocess.Popen(", "print(subprocess.Popen(").replace(
        "']);", "']).pid, flush=True);"
    )
    with Supervisor(screen, mark) as supervisor:
        supervisor.start(python("worker", script))
        keep_until(supervisor, lambda: "worker|up" in screen.lines)
        grandchild = int(screen.lines[0].partition("|")[2])
        assert alive(grandchild)
    eventually(lambda: not alive(grandchild), "the grandchild ends")


def test_children_die_with_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    script = f"""
import os, signal, sys
from config.children import Child, Program
mark = os.open({str(tmp_path / "mark")!r}, os.O_RDWR | os.O_CREAT)
child = Child(Program("x", (sys.executable, "-c", {STAY!r})), mark)
child.start()
while not child.hear():
    pass
print(child.process.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    reading, writing = os.pipe()
    pid = os.posix_spawn(
        sys.executable,
        [sys.executable, "-c", script],
        {**os.environ, "PYTHONPATH": "."},
        file_actions=[(os.POSIX_SPAWN_DUP2, writing, 1)],
    )
    os.close(writing)
    with os.fdopen(reading) as said:
        child = int(said.readline())
    os.waitpid(pid, 0)
    eventually(lambda: not alive(child), "the child ends")


def test_it_ends_when_nobody_reads_what_it_prints(
    mark: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        with Supervisor(Printer(), mark) as supervisor:
            supervisor.start(python("web", STAY))
            with pytest.raises(StopRequested):
                supervisor.run()
