"""State folders for tests of the set-up, and proof that nothing is left of them."""

import contextlib
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.servers.addresses import socket_folder
from tests.config.processes import processes_of


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    """A state folder of its own; whatever a failed test has left on it is killed."""
    folder = tmp_path / "var"
    yield folder
    for pid in processes_of(folder):
        # The servers of a killed user end by themselves, perhaps just now.
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)
    sockets = socket_folder(folder)
    if not sockets.is_relative_to(folder):
        shutil.rmtree(sockets, ignore_errors=True)
