"""A port that cannot be had is said before anything starts, with a way out."""

import re
import socket
from collections.abc import Iterator

import pytest

from config.faults import SetupError
from config.ports import require_free_port


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_free_port_is_fine(taken: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = server.getsockname()[1]
    require_free_port("127.0.0.1", free, "LINTEL_PORT")


def test_a_taken_port_is_named_with_one_that_is_free(taken: int) -> None:
    with pytest.raises(SetupError) as fault:
        require_free_port("127.0.0.1", taken, "KIOSK_PORT")
    assert f"port {taken} on 127.0.0.1 is taken" in str(fault.value)
    proposal = re.search(r"KIOSK_PORT=(\d+) make run", str(fault.value))
    assert proposal is not None
    require_free_port("127.0.0.1", int(proposal[1]), "KIOSK_PORT")


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_that_is_not_ours_is_named(host: str) -> None:
    with pytest.raises(SetupError, match="is no address of this machine") as fault:
        require_free_port(host, 8000, "LINTEL_PORT")
    assert fault.value.status == 2
