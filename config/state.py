"""The folder that holds all state of this checkout: `var/`, or where LINTEL_VAR points."""

import errno
import os
from dataclasses import dataclass
from pathlib import Path

from config.faults import SetupError

REPOSITORY = Path(__file__).resolve().parent.parent

# A new PostgreSQL cluster takes 40 MB, its first WAL segments as much again.
LEAST_FREE_BYTES = 200 * 1024 * 1024


@dataclass(frozen=True)
class StateFolder:
    """Where each kind of state lies under one root."""

    root: Path

    @property
    def run(self) -> Path:
        """Locks and other files that mean something only while processes run."""
        return self.root / "run"

    @property
    def log(self) -> Path:
        """Logs of the private servers."""
        return self.root / "log"

    @property
    def secrets(self) -> Path:
        """Keys and passwords made on first start."""
        return self.root / "secrets"

    @property
    def postgresql(self) -> Path:
        """The private PostgreSQL's cluster and its rules of access."""
        return self.root / "postgresql"


def make_folder(path: Path, *, mode: int) -> Path:
    """Make a folder, with its parents, where it is missing; `mode` holds for a new one.

    Raises SetupError when it cannot be made or written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            path.mkdir()
        except FileExistsError:
            if not path.is_dir():
                raise SetupError(f"{path} is in the way: a folder is needed there") from None
        else:
            path.chmod(mode)
    except OSError as fault:
        raise unwritable(path, fault) from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise unwritable(path, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))
    return path


def unwritable(path: Path, fault: OSError) -> SetupError:
    """The one line for a path of the state that cannot be written."""
    if fault.errno in (errno.ENOSPC, errno.EDQUOT):
        return SetupError(f"no space left on the disk that holds {path}: free some and try again")
    return SetupError(
        f"{path} cannot be written ({fault.strerror}): make it yours"
        " (its owner may be another user), or set LINTEL_VAR to a folder of your own"
    )


def require_free_space(folder: Path, *, least_bytes: int = LEAST_FREE_BYTES) -> None:
    """Raise SetupError when the disk that holds `folder` has less room than `least_bytes`."""
    disk = os.statvfs(folder)
    free = disk.f_bavail * disk.f_frsize
    if free < least_bytes:
        raise SetupError(
            f"no space left: {folder} has {free // 1024**2} MB free,"
            f" {least_bytes // 1024**2} MB are needed; free some or set LINTEL_VAR to another disk"
        )
