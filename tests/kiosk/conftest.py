"""What tests of the kiosk may ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.spool import Spool, Vault
from tests.kiosk.fake_server import FakeServer


@pytest.fixture
def server() -> Iterator[FakeServer]:
    """A server that does as it is told."""
    made = FakeServer()
    yield made
    made.stop()


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    """An empty spool."""
    made = Spool(tmp_path, Vault.at(tmp_path))
    yield made
    made.close()
