"""Tests what systemd hears, on a socket of its own kind."""

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from kiosk.watchdog import STOPPING, Watchdog


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    """A service manager's socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(20)
        yield listening


def heard(manager: socket.socket) -> str:
    return manager.recv(4096).decode()


async def test_it_says_that_it_is_ready_and_again_and_again_that_it_lives(
    manager: socket.socket,
) -> None:
    address = manager.getsockname()
    watchdog = Watchdog({"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "20000"})
    assert watchdog.every_s == 0.01
    running = asyncio.create_task(watchdog.run(lambda: "camera showing"))
    assert await asyncio.to_thread(heard, manager) == "READY=1"
    for _ in range(3):
        said = await asyncio.to_thread(heard, manager)
        assert said == "WATCHDOG=1\nSTATUS=camera showing"
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


def test_it_speaks_to_an_address_without_a_file() -> None:
    name = f"lintel-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0{name}")
        Watchdog({"NOTIFY_SOCKET": f"@{name}"}).tell(STOPPING)
        assert heard(listening) == "STOPPING=1"


def test_without_a_service_manager_it_says_nothing() -> None:
    Watchdog({}).tell(STOPPING)
    Watchdog({"NOTIFY_SOCKET": "/no/such/socket"}).tell(STOPPING)
