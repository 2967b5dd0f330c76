"""Tests the door that is told by HTTP, against a real receiver."""

import asyncio
import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kiosk.doors.webhook import SIGNATURE, WebhookDoor
from kiosk.errors import DoorError
from kiosk.exchange import open_http

SECRET = b"a shared secret"


@dataclass
class Receiver:
    """A door controller that does as it is told."""

    status: int = 204
    pause_s: float = 0.0
    heard: list[tuple[bytes, str]] = field(default_factory=list)

    async def take(self, request: Request) -> Response:
        """Hear a message."""
        self.heard.append((await request.body(), request.headers.get(SIGNATURE, "")))
        await asyncio.sleep(self.pause_s)
        return Response(status_code=self.status, headers={"Location": "http://elsewhere.example"})


@pytest.fixture
def receiver() -> Receiver:
    """A controller."""
    return Receiver()


@pytest.fixture
def address(receiver: Receiver) -> Iterator[str]:
    """Where it listens."""
    app = Starlette(routes=[Route("/door", receiver.take, methods=["POST"])])
    with socket.socket() as claimed:
        claimed.bind(("127.0.0.1", 0))
        port = claimed.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, args=([claimed],), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.005)
        yield f"http://127.0.0.1:{port}/door"
        server.should_exit = server.force_exit = True
        thread.join(5)


async def test_each_unlocking_is_one_signed_message(receiver: Receiver, address: str) -> None:
    door = WebhookDoor(address, SECRET, http=open_http())
    await door.unlock(5)
    ((body, signature),) = receiver.heard
    assert signature == hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    message = json.loads(body)
    assert (message["event"], message["seconds"]) == ("unlock", 5)
    assert datetime.now(UTC) - datetime.fromisoformat(message["at"]) < timedelta(minutes=1)
    await door.unlock(5)
    assert json.loads(receiver.heard[1][0])["id"] != message["id"]
    await door.close()


@pytest.mark.parametrize("status", [302, 401, 404, 500, 503])
async def test_anything_but_a_plain_yes_is_said_and_never_tried_again(
    receiver: Receiver, address: str, status: int
) -> None:
    receiver.status = status
    door = WebhookDoor(address, SECRET, http=open_http())
    with pytest.raises(DoorError, match=str(status)):
        await door.unlock(5)
    assert len(receiver.heard) == 1
    await door.close()


async def test_a_controller_that_is_too_slow_did_not_open(receiver: Receiver, address: str) -> None:
    receiver.pause_s = 5.0
    door = WebhookDoor(address, SECRET, http=open_http(), limit_s=0.2)
    with pytest.raises(DoorError, match="did not answer"):
        await door.unlock(5)
    await door.close()


async def test_a_controller_that_is_away_did_not_open() -> None:
    door = WebhookDoor("http://127.0.0.1:9/door", SECRET, http=open_http())
    with pytest.raises(DoorError, match="did not answer"):
        await door.unlock(5)
    await door.close()
