"""A whole installation with its real processes, two people enrolled, and a door."""

import json
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

SETTINGS = "__import__('json').dumps([settings.DATABASES['default'], settings.REDIS_URL])"


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


@pytest.fixture(scope="session")
def addresses(stack: Stack) -> list[Any]:
    """Return where the installation's own database and Redis are."""
    found: list[Any] = json.loads(
        stack.query(SETTINGS.replace("settings", "__import__('django.conf').conf.settings"))
    )
    return found


@pytest.fixture
def database(addresses: list[Any]) -> Iterator[psycopg.Connection[Any]]:
    """Return a connection to the installation's own database."""
    at = addresses[0]
    with psycopg.connect(
        dbname=at["NAME"],
        user=at["USER"],
        password=at["PASSWORD"],
        host=at["HOST"],
        port=at["PORT"] or None,
        autocommit=True,
    ) as connection:
        yield connection


@pytest.fixture
def queue(addresses: list[Any]) -> "redis.Redis":
    """Return a client of the installation's own Redis."""
    return redis.Redis.from_url(addresses[1])
