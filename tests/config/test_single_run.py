"""One run a state folder, and nothing of the one before."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config import single_run as module
from config.faults import SetupError
from config.single_run import single_run
from config.state import StateFolder

STAY = "import signal, sys; signal.signal(15, signal.SIG_IGN); print(flush=True); sys.stdin.read()"


def test_a_second_run_is_told_of_the_first(tmp_path: Path) -> None:
    state = StateFolder(tmp_path)
    with (
        single_run(state, address="http://127.0.0.1:8000", say=print),
        pytest.raises(SetupError) as fault,
        single_run(state, address="http://127.0.0.1:8080", say=print),
    ):
        pytest.fail("both run")
    assert f"process {os.getpid()}, http://127.0.0.1:8000" in str(fault.value)
    assert "LINTEL_PORT" in str(fault.value)


def test_runs_may_follow_one_another(tmp_path: Path) -> None:
    for _ in range(2):
        with single_run(StateFolder(tmp_path), address="", say=pytest.fail):
            pass


def test_leftovers_that_do_not_end_are_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LEFTOVER_GRACE_S", 0.1)
    state = StateFolder(tmp_path)
    with single_run(state, address="", say=pytest.fail) as mark:
        leftover = subprocess.Popen(
            [sys.executable, "-c", STAY],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=[mark],
        )
        assert leftover.stdout is not None
        leftover.stdout.readline()
    said: list[str] = []
    with leftover, single_run(state, address="", say=said.append):
        assert leftover.wait() == -9
    assert said == ["waiting for what an earlier run has left behind"]
