"""A kiosk with its token, at a real server."""

from collections.abc import Iterator

import pytest

from attendance.models import Site
from tests.attendance.door import Door
from tests.attendance.rows import make_kiosk


@pytest.fixture
def door(server: str, site: Site) -> Iterator[Door]:
    """Return the front door's kiosk."""
    _kiosk, token = make_kiosk(site)
    with Door(server, token) as door:
        yield door
