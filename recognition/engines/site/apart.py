"""Runs a function in a process of its own, so that a crash, a hang or a gluttony ends only that.

A network from elsewhere is read and run by native code: what goes wrong there ends the process or
never returns, and no exception tells of it.
"""

import importlib
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from recognition.errors import ModelError

_REFUSED = 3
_CALL = f"from {__name__} import main; main()"
_LONGEST_WORD = 300
# Seconds after the time is up in which whoever has started a process should have ended it.
_GRACE_S = 5


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the process may use."""

    seconds: int
    memory_bytes: int
    """Of data that it may write to: the heap and everything else that is not a file's."""


def run_apart(work: Callable[..., object], *arguments: str, bounds: Bounds, name: str) -> None:
    """Call a function of a module, with texts, in a process of its own; what it returns is lost.

    Raises ModelError: as the function does, or saying that the process died, was not done in time
    or failed in another way; `name` is what was tried, for messages. The process starts as a new
    Python, so this may be called from any thread, and from a process that may have no children of
    Python's multiprocessing, as a Celery worker's.
    """
    called = f"{work.__module__}:{work.__qualname__}"
    form = json.dumps([called, arguments, bounds.seconds, bounds.memory_bytes])
    path = os.pathsep.join(entry or os.curdir for entry in sys.path)
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", _CALL, form],
            env={**os.environ, "PYTHONPATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=bounds.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ModelError(
            f"{name} was tried out for {bounds.seconds} seconds without coming to an end."
        ) from error
    except OSError as error:
        raise ModelError(f"{name} cannot be tried out: {error.strerror}.") from error
    if done.returncode == _REFUSED:
        raise ModelError(done.stdout.decode(errors="replace"))
    if done.returncode:
        raise ModelError(_words(name, done.returncode, done.stderr.decode(errors="replace")))


def _words(name: str, status: int, said: str) -> str:
    how = f"with status {status}" if status > 0 else f"by a signal ({signal.strsignal(-status)})"
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    last = f": {lines[-1][:_LONGEST_WORD]}" if lines else "."
    return f"{name} ended the process in which it was tried out, {how}{last}"


def main() -> None:
    """Be that process: the call stands in the last argument."""
    called, arguments, seconds, memory_bytes = json.loads(sys.argv[-1])
    processors = os.cpu_count() or 1
    # In time it is ended by who has started it; should that one be gone, by the system.
    _bound(resource.RLIMIT_CPU, seconds * processors)
    signal.alarm(seconds + _GRACE_S)
    _bound(resource.RLIMIT_DATA, memory_bytes)
    _bound(resource.RLIMIT_CORE, 0)
    module, function = called.split(":")
    try:
        getattr(importlib.import_module(module), function)(*arguments)
    except ModelError as refused:
        sys.stdout.write(str(refused))
        sys.exit(_REFUSED)


def _bound(what: int, value: int) -> None:
    _soft, hard = resource.getrlimit(what)
    lowest = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (lowest, hard))
