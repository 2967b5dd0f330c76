"""A kiosk's side of the HTTP API, every answer of which is held against the schema."""

import time
import uuid
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any

import httpx
from django.utils import timezone

from kiosk.trust import Identity
from tests.attendance.documented import PLAIN, hold
from tests.attendance.pictures import ADA, portrait
from tests.trusting import Signing, provisioned


class Door:
    """Speaks to a server as a kiosk does, with a key of its own."""

    def __init__(self, address: str, who: Identity | str) -> None:
        """`who` is an identity, or a one-time code to get one with."""
        self.address = address
        self.identity = provisioned(address, who) if isinstance(who, str) else who
        self.http = httpx.Client(
            base_url=address,
            auth=Signing(self.identity),
            timeout=30,
            verify=PLAIN,
        )

    def __enter__(self) -> "Door":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.http.close()

    def send(
        self, *pictures: bytes, capture_id: object = None, fields: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Send a capture; a picture of Ada, taken now, unless told otherwise."""
        form = {
            "id": str(capture_id or uuid.uuid4()),
            "captured_at": timezone.now().isoformat(),
            **(fields or {}),
        }
        frames = pictures or (portrait(ADA.identity, 1),)
        files = [("frames", (f"{n}.jpg", data, "image/jpeg")) for n, data in enumerate(frames)]
        return self.request("POST", "/api/v1/captures", data=form, files=files)

    def ask(self, capture_id: object) -> httpx.Response:
        """Ask again for the decision of a capture."""
        return self.request("GET", f"/api/v1/captures/{capture_id}")

    def settled(self, capture_id: object, *, limit_s: float = 60) -> dict[str, Any]:
        """Ask until a capture is decided or failed, as a kiosk does; return the answer."""
        end = time.monotonic() + limit_s
        state = "never answered"
        while time.monotonic() < end:
            with suppress(httpx.HTTPError):  # a server that is away
                answer = self.ask(capture_id)
                state = answer.text
                if answer.status_code == 200:
                    found: dict[str, Any] = answer.json()
                    return found
            time.sleep(0.1)
        raise AssertionError(f"no answer for {capture_id} within {limit_s} s: {state}")

    def hello(self) -> httpx.Response:
        """Say hello."""
        return self.request("GET", "/api/v1/kiosk")

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Make any request."""
        return hold(self.http.request(method, path, **options), self.address)
