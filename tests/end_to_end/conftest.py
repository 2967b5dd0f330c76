"""Whole installations for tests that run every part for real."""

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kiosk.doors.controller import DoorController, listening
from tests.stack import REPOSITORY, Stack


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """Return a running installation of this module's own: web, worker and beat."""
    # Not in pytest's temporary folder: as root that is closed to the database server's account.
    var = REPOSITORY / "var" / "test" / f"stack-{uuid.uuid4().hex[:8]}"
    var.mkdir(parents=True)
    running = Stack(var)
    try:
        running.prepare()
        running.start("web", "worker", "beat")
        yield running
    finally:
        running.close()
        shutil.rmtree(var, ignore_errors=True)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Return an empty folder for enrolment pictures."""
    folder = tmp_path / "people"
    folder.mkdir()
    return folder


@pytest.fixture
def door() -> Iterator[DoorController]:
    """Return a door whose controller is called over HTTP, and counts."""
    with listening(DoorController()) as controller:
        yield controller
