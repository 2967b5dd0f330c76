"""Kernel locks on files: gone with their process, whatever ends it."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.faults import SetupError
from config.state import unwritable

POLL_S = 0.01


class LockFile:
    """One opened lock file; the lock belongs to this object and to forks of this process.

    Not thread-safe. Closing it releases the lock; so does the end of the last process that
    has it open.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as fault:
            raise unwritable(path, fault) from None
        self.path = path

    def fileno(self) -> int:
        """The open file's descriptor."""
        return self._descriptor

    def take(self, *, shared: bool = False) -> None:
        """Wait until the lock is there."""
        fcntl.flock(self._descriptor, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)

    def try_take(self, *, shared: bool = False) -> bool:
        """Take the lock if nobody is in the way; say whether it was taken."""
        operation = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(self._descriptor, operation | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def take_within(self, seconds: float, *, shared: bool = False) -> bool:
        """Wait for the lock for some time; say whether it was taken."""
        deadline = time.monotonic() + seconds
        while not self.try_take(shared=shared):
            if time.monotonic() >= deadline:
                return False
            time.sleep(POLL_S)
        return True

    def release(self) -> None:
        """Give the lock back and keep the file open."""
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        """Close the file; safe to call twice."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def write(self, text: str) -> None:
        """Replace what the file says about its holder."""
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, text.encode("ascii"), 0)

    def read(self) -> str:
        """What the holder has written; empty when there is nothing."""
        return os.pread(self._descriptor, 1024, 0).decode("ascii")


@contextmanager
def held(path: Path, *, seconds: float, what: str) -> Iterator[LockFile]:
    """Hold the lock at `path` alone for the block.

    Raises SetupError, naming `what` goes on there, when it is not free within `seconds`.
    """
    lock = LockFile(path)
    try:
        if not lock.take_within(seconds):
            raise SetupError(f"{what} has not ended for {seconds:.0f} s: {path} is still locked")
        yield lock
    finally:
        lock.close()
