"""Faults of the set-up, told to a person in one line instead of a traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


class SetupError(Exception):
    """Something around Lintel is not as it must be; the message says what and what to do.

    `status` is the exit status of the command that met it: 1 where the machine is at fault
    (no space, a taken port), 2 where the call or a setting is.
    """

    def __init__(self, message: str, *, status: int = 1) -> None:
        super().__init__(message)
        self.status = status


@contextmanager
def one_line_faults() -> Iterator[None]:
    """End the process with one line for each fault and its status, where the block meets one."""
    try:
        yield
    except SetupError as fault:
        for line in str(fault).splitlines():
            print(f"lintel: {line}", file=sys.stderr)
        raise SystemExit(fault.status) from None
