"""What tests of the kiosk may ask for."""

from collections.abc import Iterator

import pytest

from tests.kiosk.fake_server import FakeServer


@pytest.fixture
def server() -> Iterator[FakeServer]:
    """A server that does as it is told."""
    made = FakeServer()
    yield made
    made.stop()
