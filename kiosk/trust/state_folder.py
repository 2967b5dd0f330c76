"""The folder in which a kiosk keeps what has to outlast it: its key, what was not sent yet."""

import fcntl
import hashlib
import os
from pathlib import Path
from urllib.parse import urlsplit

from platformdirs import user_state_path

from kiosk.errors import StartError
from kiosk.trust.private_file import make_private_folder

LOCK = "lock"


def default_state_folder(server: str) -> Path:
    """Where the kiosk of this user at this server keeps its state."""
    host = urlsplit(server).hostname or "server"
    plain = "".join(c if c.isalnum() or c in ".-" else "-" for c in host)
    mark = hashlib.sha256(server.encode()).hexdigest()[:8]
    return user_state_path("lintel-kiosk") / f"{plain}-{mark}"


class StateFolder:
    """A state folder with its lock: two kiosks in one would send each other's captures."""

    def __init__(self, path: Path) -> None:
        """Make the folder and lock it. Raises StartError when another kiosk has it."""
        make_private_folder(path)
        self.path = path
        self._lock = os.open(path / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._lock)
            raise StartError(
                f"Another kiosk runs with the state folder {path}; give this one its own with "
                "--state."
            ) from error

    def close(self) -> None:
        """Give the lock back."""
        os.close(self._lock)
