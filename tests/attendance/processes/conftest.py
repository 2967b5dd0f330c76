"""A whole installation with its real processes, two people enrolled, and a door."""

import shutil
import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import redis

from tests.attendance.door import Door
from tests.attendance.pictures import ADA, WANG
from tests.people import write_pictures
from tests.stack import REPOSITORY, Stack


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Return a running installation with Ada and Wang enrolled."""
    # Not in pytest's temporary folder: as root that is closed to the database server's account.
    var = REPOSITORY / "var" / "test" / f"stack-{uuid.uuid4().hex[:8]}"
    var.mkdir(parents=True)
    running = Stack(var)
    try:
        running.prepare()
        running.start("web", "worker", "beat")
        running.manage("enroll", str(write_pictures(var / "people", [ADA, WANG])))
        yield running
    finally:
        running.close()
        shutil.rmtree(var, ignore_errors=True)


@pytest.fixture
def door(stack: Stack) -> Iterator[Door]:
    """Return the front door's kiosk."""
    with Door(stack.address, stack.identity) as door:
        yield door


@pytest.fixture
def database(stack: Stack) -> Iterator[psycopg.Connection[Any]]:
    """Return a connection to the installation's own database."""
    with stack.database() as connection:
        yield connection


@pytest.fixture
def queue(stack: Stack) -> "redis.Redis":
    """Return a client of the installation's own Redis."""
    return stack.redis()
