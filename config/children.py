"""One process of a supervisor: started, listened to, started again, stopped."""

import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from enum import Enum, auto

from config.state import REPOSITORY
from config.tether import tethered

# A child that ends is started again after 1, 2, 4 ... seconds, never later than after 30; one
# that has lived for a minute counts as well again.
FIRST_WAIT_S, LONGEST_WAIT_S, WELL_AGAIN_S = 1.0, 30.0, 60.0
LONGEST_LINE_BYTES = 64 * 1024
# Heard in one go; a child that floods must not keep the supervisor from the others.
LONGEST_HEARING_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Program:
    """What to run: its name in the log, its command line, what is added to its environment."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict, repr=False)


class Phase(Enum):
    """Where a child is in its life."""

    RUNNING = auto()
    WAITING = auto()
    STOPPED = auto()


class Child:
    """One program, running or about to run again.

    Its process has a group of its own, dies when this process dies, and keeps the descriptor
    `mark` open together with its forks: whoever finds that file unlocked knows that they are
    gone. Call from the main thread only: the tether is to the thread.
    """

    process: subprocess.Popen[bytes]

    def __init__(self, program: Program, mark: int, *, first_wait_s: float = FIRST_WAIT_S) -> None:
        self.program = program
        self.phase = Phase.STOPPED
        self.due = 0.0
        self.silent = True
        self._mark = mark
        self._first_wait_s = self._wait_s = first_wait_s
        self._started = 0.0
        self._partial = b""

    def start(self) -> None:
        """Start the process."""
        hearing, speaking = os.pipe()
        os.set_blocking(hearing, False)
        self.process = subprocess.Popen(
            tethered(list(self.program.command), folder=REPOSITORY),
            stdin=subprocess.DEVNULL,
            stdout=speaking,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **self.program.environment},
            start_new_session=True,
            pass_fds=[self._mark],
        )
        os.close(speaking)
        self.output = hearing
        self.silent = False
        self._started = time.monotonic()
        self.phase = Phase.RUNNING

    def hear(self) -> list[bytes]:
        """Return the whole lines said since the last call; sets `silent` when there can be no more.

        A line that does not end is cut at 64 KB.
        """
        heard = self._partial
        while not self.silent and len(heard) < LONGEST_HEARING_BYTES:
            try:
                chunk = os.read(self.output, LONGEST_LINE_BYTES)
            except BlockingIOError:
                break
            self.silent = not chunk
            heard += chunk
        *lines, self._partial = heard.split(b"\n")
        if self._partial and (self.silent or len(self._partial) >= LONGEST_LINE_BYTES):
            lines.append(self._partial)
            self._partial = b""
        return lines

    def end(self) -> str | None:
        """Return how the process has ended, or None while it runs."""
        code = self.process.poll()
        if code is None:
            return None
        if code < 0:
            return f"was killed by {signal.Signals(-code).name}"
        return f"ended with status {code}"

    def wait_for_next(self) -> float:
        """Return the seconds after which the process that has ended shall start again."""
        if time.monotonic() - self._started > WELL_AGAIN_S:
            self._wait_s = self._first_wait_s
        wait, self._wait_s = self._wait_s, min(self._wait_s * 2, LONGEST_WAIT_S)
        self.due = time.monotonic() + wait
        self.phase = Phase.WAITING
        return wait

    def ask_to_stop(self) -> None:
        """Send SIGTERM to the process alone: it knows best how to stop its own children."""
        if self.phase is Phase.RUNNING:
            self.process.send_signal(signal.SIGTERM)

    def clear(self) -> None:
        """Kill what is left of the process' group and reap it."""
        if self.phase is Phase.RUNNING:
            # Nothing is left of the group in the usual case.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            os.close(self.output)
            self.silent = True
        self.phase = Phase.STOPPED
