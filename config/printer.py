"""The lines of several processes on one screen, each behind its process' name."""

import errno
import os
import sys

COLOURS = ("36", "33", "35", "32", "34", "31")
NAME_WIDTH = 7
# A pipe without a reader; a terminal that was closed.
NOBODY = (errno.EPIPE, errno.EIO)


def goes_to_journal() -> bool:
    """Whether standard output is systemd's journal: more people read that than may sign in."""
    said = os.environ.get("JOURNAL_STREAM", "")
    try:
        out = os.fstat(sys.stdout.fileno())
    except (OSError, ValueError):
        return False
    return said == f"{out.st_dev}:{out.st_ino}"


class Printer:
    """Writes to standard output, coloured on a terminal unless NO_COLOR is set.

    `deaf` becomes true when nobody reads any more; lines are dropped from then on.
    """

    def __init__(self) -> None:
        self.deaf = False
        self._coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        self._names: list[str] = []

    def print(self, name: str, line: str | bytes) -> None:
        """Print one line."""
        if self.deaf:
            return
        text = line.encode() if isinstance(line, str) else line.rstrip(b"\r")
        try:
            sys.stdout.buffer.write(self._lead(name).encode() + b" " + text + b"\n")
            sys.stdout.buffer.flush()
        except OSError as fault:
            # Where a log's disk is full the line is lost and the door still opens.
            self.deaf = fault.errno in NOBODY
            self._forget_unwritten()

    def _lead(self, name: str) -> str:
        lead = f"{name:<{NAME_WIDTH}}|"
        if not self._coloured:
            return lead
        if name not in self._names:
            self._names.append(name)
        return f"\x1b[{COLOURS[self._names.index(name) % len(COLOURS)]}m{lead}\x1b[0m"

    def _forget_unwritten(self) -> None:
        """Empty Python's buffer, which would fail again at the end of the process."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        kept = os.dup(sys.stdout.fileno())
        os.dup2(nowhere, sys.stdout.fileno())
        sys.stdout.buffer.flush()
        if not self.deaf:
            os.dup2(kept, sys.stdout.fileno())
        os.close(kept)
        os.close(nowhere)
