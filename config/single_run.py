"""One `make run` a state folder, and nothing of the one before."""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from config.faults import SetupError
from config.servers.locks import LockFile
from config.state import StateFolder, make_folder

# What a killed supervisor leaves has been told by the kernel to end; this long it may take.
LEFTOVER_GRACE_S = 8.0
KILLED_S = 5.0


@contextmanager
def single_run(state: StateFolder, *, address: str, say: Callable[[str], None]) -> Iterator[int]:
    """Be the only run for the block; yields a descriptor for all its processes to keep open.

    Waits for processes that a killed run has left, and kills those that do not end. Raises
    SetupError where another run goes on, naming its process and address.
    """
    make_folder(state.root, mode=0o755)
    make_folder(state.run, mode=0o711)
    run = LockFile(state.run / "supervisor.lock")
    mark = LockFile(state.run / "children.lock")
    try:
        if not run.try_take():
            raise SetupError(
                f"Lintel already runs here ({run.read().strip()}); for a second one set"
                " LINTEL_VAR, LINTEL_PORT and KIOSK_PORT to places of its own"
            )
        run.write(f"process {os.getpid()}, {address}")
        _outwait(mark, say)
        # Shared, and kept by every process that inherits it: free again when all are gone.
        mark.take(shared=True)
        yield mark.fileno()
    finally:
        mark.close()
        run.close()


def _outwait(mark: LockFile, say: Callable[[str], None]) -> None:
    """Return when nobody keeps the mark any more."""
    if mark.try_take():
        return
    say("waiting for what an earlier run has left behind")
    if mark.take_within(LEFTOVER_GRACE_S):
        return
    deadline = time.monotonic() + KILLED_S
    while not mark.try_take():
        for pid in who_keeps(mark.path):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if time.monotonic() > deadline:
            raise SetupError(f"processes of an earlier run do not end: see who keeps {mark.path}")
        time.sleep(0.1)


def who_keeps(path: Path) -> list[int]:
    """The processes, besides this one, that have the file open."""
    wanted = path.stat()
    keepers = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        # Processes come and go while one looks, and other users' are not ours to look at.
        with contextlib.suppress(OSError):
            for descriptor in (entry / "fd").iterdir():
                with contextlib.suppress(OSError):
                    if os.path.samestat(descriptor.stat(), wanted):
                        keepers.append(int(entry.name))
                        break
    return keepers
