"""A kiosk with its key, at a real server."""

from collections.abc import Iterator

import pytest

from attendance.models import Site
from tests.attendance.door import Door
from tests.attendance.rows import make_kiosk


@pytest.fixture
def door(server: str, site: Site) -> Iterator[Door]:
    """Return the front door's kiosk."""
    _kiosk, code = make_kiosk(site)
    with Door(server, code) as door:
        yield door
