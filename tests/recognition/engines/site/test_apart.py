"""What is tried out in a process of its own may crash, hang or glut; the caller hears of it."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from recognition import EngineError, ModelError, install_engine
from recognition.engines.registry import engine_names
from recognition.engines.site import trial
from recognition.engines.site.apart import Bounds, run_apart
from tests.recognition.engines.site.tiny import Tiny, make_tiny

pytestmark = pytest.mark.slow

BOUNDS = Bounds(seconds=60, memory_bytes=2**30)


def goes_well(path: str) -> None:
    Path(path).write_text("done")


def refuses(*_: str) -> None:
    raise ModelError("This network says 同一 of everything.")


def fails(*_: str) -> None:
    raise ZeroDivisionError("a fault of ours")


def ends_by_abort(*_: str) -> None:
    os.write(2, b"loading\nterminate called after throwing an instance of 'std::bad_alloc'\n")
    os.abort()


def ends_by_a_bad_address(*_: str) -> None:
    import ctypes

    ctypes.string_at(1)


def is_killed(*_: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def leaves_without_a_word(*_: str) -> None:
    os._exit(7)


def never_ends(path: str) -> None:
    Path(path).write_text(str(os.getpid()))
    while True:
        time.sleep(1)


def takes_gigabytes(*_: str) -> None:
    np.ones(2**30, np.float64)


def run(work: object, *arguments: str, bounds: Bounds = BOUNDS) -> str:
    with pytest.raises(ModelError) as caught:
        run_apart(work, *arguments, bounds=bounds, name="The engine x")  # type: ignore[arg-type]
    return str(caught.value)


def test_what_goes_well_has_no_outcome_but_that(tmp_path: Path) -> None:
    run_apart(goes_well, str(tmp_path / "out"), bounds=BOUNDS, name="x")

    assert (tmp_path / "out").read_text() == "done"


def test_a_refusal_comes_through_as_it_was_said() -> None:
    assert run(refuses) == "This network says 同一 of everything."


@pytest.mark.parametrize(
    ("work", "said"),
    [
        (ends_by_abort, "by a signal (Aborted): terminate called after throwing an instance of"),
        (ends_by_a_bad_address, "by a signal (Segmentation fault)"),
        (is_killed, "by a signal (Killed)"),
        (leaves_without_a_word, "with status 7."),
        (fails, "with status 1: ZeroDivisionError: a fault of ours"),
        (takes_gigabytes, "with status 1: numpy._core._exceptions._ArrayMemoryError"),
    ],
)
def test_a_process_that_dies_is_a_refusal_that_says_how(work: object, said: str) -> None:
    assert f"The engine x ended the process in which it was tried out, {said}" in run(work)


def test_what_does_not_end_is_ended(tmp_path: Path) -> None:
    pid = tmp_path / "pid"

    said = run(never_ends, str(pid), bounds=Bounds(seconds=3, memory_bytes=2**30))

    assert said == "The engine x was tried out for 3 seconds without coming to an end."
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


def test_what_does_not_end_is_ended_by_the_system_where_its_starter_is_gone(
    tmp_path: Path,
) -> None:
    pid = tmp_path / "pid"
    code = (
        "from recognition.engines.site import apart; import sys\napart._GRACE_S = 0; apart.main()"
    )
    form = json.dumps([f"{__name__}:never_ends", [str(pid)], 1, 2**30])

    left = subprocess.run([sys.executable, "-c", code, form], check=False, timeout=60)

    assert left.returncode == -signal.SIGALRM
    assert pid.exists()


def test_it_may_be_called_from_any_thread(tmp_path: Path) -> None:
    thread = threading.Thread(
        target=lambda: run_apart(goes_well, str(tmp_path / "out"), bounds=BOUNDS, name="x")
    )
    thread.start()
    thread.join()

    assert (tmp_path / "out").exists()


def test_without_a_python_to_start_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")

    assert "cannot be tried out: No such file" in run(refuses)


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tiny:
    """Return a good engine's files; nothing is installed yet."""
    monkeypatch.setenv("LINTEL_ENGINES", str(tmp_path / "installed"))
    return make_tiny(tmp_path)


@pytest.mark.parametrize("work", [ends_by_abort, leaves_without_a_word])
def test_an_engine_whose_trial_dies_is_not_installed(
    tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, work: object
) -> None:
    monkeypatch.setattr(trial, "_trial", work)

    with pytest.raises(EngineError, match="The engine tiny ended the process in which"):
        install_engine(tiny.model, tiny.manifest)
    assert engine_names() == ("dlib-resnet",)
    assert not list((tmp_path / "installed").glob(".new*"))
