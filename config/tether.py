"""Starts a program that ends when its parent does, also when the parent is killed.

Run by path and without site-packages (`python -I -S config/tether.py ...`), so that it costs
milliseconds; the kernel's parent-death signal does the rest. A wrapper program is used instead
of subprocess' `preexec_fn`, which may deadlock in a process with threads.
"""

import ctypes
import os
import resource
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1


def die_with_parent(death_signal: signal.Signals, *, parent: int | None = None) -> None:
    """Ask the kernel to send this process `death_signal` when its parent ends.

    `parent` is the process id the caller took for its parent; where it is gone already, this
    process ends at once. The kernel forgets the request when the user id changes. Linux only.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    if parent is not None and os.getppid() != parent:
        sys.exit(0)


def tethered(
    command: list[str],
    *,
    death_signal: signal.Signals = signal.SIGTERM,
    account: tuple[int, int] | None = None,
    folder: Path = Path("/"),
) -> list[str]:
    """Return the command line that runs `command` tethered to this process.

    `account` is the user and group id to change to (this process must be root), `folder` the
    working folder, entered as that user.
    """
    user, group = account or (-1, -1)
    return [
        *(sys.executable, "-I", "-S", str(Path(__file__).resolve())),
        *(str(os.getpid()), str(int(death_signal)), str(user), str(group), str(folder)),
        *command,
    ]


def main(arguments: list[str]) -> None:
    """Change user and folder, tie this process to its parent, become the program."""
    parent, death_signal, user, group = (int(argument) for argument in arguments[:4])
    folder, *command = arguments[4:]
    if user >= 0:
        os.setgroups([])
        os.setgid(group)
        os.setuid(user)
    os.chdir(folder)
    # Memory holds frames and keys: a crash must not write it to disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    die_with_parent(signal.Signals(death_signal), parent=parent)
    os.execv(command[0], command)  # noqa: S606 - by path, no shell


if __name__ == "__main__":
    main(sys.argv[1:])
