"""A door's controller, as somebody would build it after docs/kiosk.md."""

import asyncio
import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kiosk.doors.webhook import SIGNATURE

SECRET = b"a shared secret"


@dataclass
class DoorController:
    """Is called over HTTP for each unlocking, and answers as it is told to."""

    status: int = 204
    pause_s: float = 0.0
    heard: list[tuple[bytes, str]] = field(default_factory=list)
    """Each call's body and signature."""
    address: str = ""

    async def take(self, request: Request) -> Response:
        """Hear a message."""
        self.heard.append((await request.body(), request.headers.get(SIGNATURE, "")))
        await asyncio.sleep(self.pause_s)
        return Response(status_code=self.status, headers={"Location": "http://elsewhere.example"})

    def orders(self) -> list[str]:
        """What it was told in its order, each id once, in calls that are signed with the secret."""
        events: dict[str, str] = {}
        for body, signature in self.heard:
            assert signature == hmac.new(SECRET, body, hashlib.sha256).hexdigest()
            message = json.loads(body)
            events.setdefault(message["id"], message["event"])
        return list(events.values())

    def times_opened(self) -> int:
        """How often it was told to open for somebody; not in an emergency, for everybody."""
        return self.orders().count("unlock")

    def is_open(self, at: datetime) -> bool:
        """Whether it is unlocked at a time, as a controller keeps to what it was told."""
        until = datetime.min.replace(tzinfo=UTC)
        for body, _ in self.heard:
            message = json.loads(body)
            said = datetime.fromisoformat(message["at"])
            if said > at:
                break
            if message["event"] == "lock":
                until = said
            else:
                until = max(until, said + timedelta(seconds=message["seconds"]))
        return at < until

    def settings(self, folder: Path) -> Path:
        """Write what `--door` is to be given, and the secret beside it; return its path."""
        secret, file = folder / "webhook-secret", folder / "door.toml"
        secret.write_bytes(SECRET)
        secret.chmod(0o600)
        file.write_text(
            f'driver = "webhook"\n[webhook]\nurl = "{self.address}"\n'
            f'secret_file = "{secret.name}"\n'
        )
        return file


@contextmanager
def listening(controller: DoorController) -> Iterator[DoorController]:
    """The controller at work on a port of its own, for as long as the context lasts."""
    app = Starlette(routes=[Route("/door", controller.take, methods=["POST"])])
    with socket.socket() as claimed:
        claimed.bind(("127.0.0.1", 0))
        controller.address = f"http://127.0.0.1:{claimed.getsockname()[1]}/door"
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, args=([claimed],), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.005)
        yield controller
        server.should_exit = server.force_exit = True
        thread.join(5)
