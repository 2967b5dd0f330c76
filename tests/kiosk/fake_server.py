"""A server that speaks the capture API and does as it is told: to be busy, slow, wrong or away."""

import asyncio
import base64
import email
import email.policy
import json
import socket
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import uvicorn
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kiosk.client import Client
from kiosk.exchange import open_http
from kiosk.trust import Identity, Trust
from kiosk.trust.canonical import answer_message, request_message
from kiosk.trust.identity import public_key, sign
from kiosk.trust.signing import SERVER_SIGNATURE, is_signed

KIOSK = "7"
SERVER_SEED, KIOSK_SEED = bytes(range(32)), bytes(range(1, 33))


def an_identity() -> Identity:
    """The identity of the one kiosk that the server knows."""
    return Identity(seed=KIOSK_SEED, code_name="", kiosk=KIOSK, server_key=public_key(SERVER_SEED))


def a_client(server: "FakeServer", identity: Identity | None = None) -> Client:
    """A client of that kiosk."""
    return Client(server.address, Trust(identity or an_identity()), open_http())


@dataclass(frozen=True)
class Received:
    """One request with a capture."""

    capture: str
    captured_at: datetime
    sent_at: datetime
    frames: tuple[bytes, ...]
    offline_person: str | None
    at_s: float
    """When it came, on this process's monotonic clock."""


def parse_capture(content_type: str, body: bytes) -> Received:
    """Read a capture's multipart form with the standard library's mail parser."""
    head = f"MIME-Version: 1.0\r\nContent-Type: {content_type}\r\n\r\n".encode()
    parts: dict[str, list[bytes]] = {}
    for part in email.message_from_bytes(head + body, policy=email.policy.HTTP).iter_parts():
        name = part["Content-Disposition"].params["name"]
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        parts.setdefault(name, []).append(content)
    return Received(
        capture=parts["id"][0].decode(),
        captured_at=datetime.fromisoformat(parts["captured_at"][0].decode()),
        sent_at=datetime.fromisoformat(parts["sent_at"][0].decode()),
        frames=tuple(parts["frames"]),
        offline_person=parts["offline_person"][0].decode() if "offline_person" in parts else None,
        at_s=time.monotonic(),
    )


Reply = Callable[[str], Response]
"""Makes the response to a request about the capture of this id."""


def decided(capture: str, **changes: Any) -> Response:
    """An accepted capture, but for what is changed."""
    body: dict[str, Any] = {
        "capture": capture,
        "state": "decided",
        "accepted": True,
        "reason": "matched",
        "message": "Welcome, Ada Lovelace",
        "person": {"display_name": "Ada Lovelace", "employee_number": "1001"},
        "check_in": 7,
        "repeat": False,
        "decided_at": datetime.now(UTC).isoformat(),
        "open_door": True,
    }
    return JSONResponse(body | changes)


def accepted(**changes: Any) -> Reply:
    """Say yes."""
    return lambda capture: decided(capture, **changes)


def refused(reason: str = "not_recognised", **changes: Any) -> Reply:
    """Say no."""
    no = {"accepted": False, "reason": reason, "person": None, "open_door": False}
    return lambda capture: decided(capture, **(no | changes))


def needs_pin(*wanted: str, **changes: Any) -> Reply:
    """Want more: a PIN, unless told otherwise."""
    body = {"state": "needs_pin", "wanted": wanted or ("pin",), "seconds": 30, "reason": ""}
    return lambda capture: JSONResponse({"capture": capture, **body, **changes})


def queued(capture: str) -> Response:
    """Say later."""
    address = f"/api/v1/captures/{capture}"
    body = {"capture": capture, "state": "queued", "status_url": address}
    return JSONResponse(body, 202, {"Location": address, "Retry-After": "1"})


def failed(capture: str) -> Response:
    """Say that it could not be decided."""
    return JSONResponse({"capture": capture, "state": "failed"})


def without_an_engine(capture: str) -> Response:
    """Say that it could not be decided, for nobody can be recognised at the moment."""
    return JSONResponse({"capture": capture, "state": "failed", "reason": "no_engine"})


def problem(status: int, code: str = "rejected", **headers: str) -> Reply:
    """Answer with a problem document; `Retry_After="2"` becomes the header of that name."""
    body = {"type": "about:blank", "title": code, "status": status, "detail": code, "code": code}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: JSONResponse(body, status, named, "application/problem+json")


def sealed_list(content: bytes, recipient: bytes, kiosk: str = KIOSK) -> bytes:
    """A list as docs/kiosk-protocol.md says that it is sealed."""
    own = X25519PrivateKey.generate()
    public = own.public_key().public_bytes_raw()
    info = f"lintel-offline-pins-1\n{kiosk}\n".encode() + recipient + public
    shared = own.exchange(X25519PublicKey.from_public_bytes(recipient))
    key = HKDF(SHA256(), 32, salt=None, info=info).derive(shared)
    return public + bytes(12) + AESGCM(key).encrypt(bytes(12), content, None)


@dataclass
class FakeServer:
    """Runs on a port of its own in a thread; may be stopped and started again on the same one."""

    script: deque[Reply] = field(default_factory=deque)
    """Replies to the next captures and questions; when it is empty, all are accepted."""
    heartbeat: Reply | None = None
    """Reply to heartbeats instead of the usual one."""
    policy: dict[str, int] = field(default_factory=lambda: {"min_face_px": 100, "max_frames": 5})
    skew: timedelta = timedelta(0)
    received: list[Received] = field(default_factory=list)
    entries: list[dict[str, Any]] = field(default_factory=list)
    questions: int = 0
    heartbeats: int = 0
    seed: bytes = SERVER_SEED
    """The key that answers are signed with."""
    kiosk_key: str = public_key(KIOSK_SEED)
    """The key that requests have to be signed with."""
    unsigned: bool = False
    """Answer without any signature."""
    rotate: bool = False
    door: dict[str, Any] | None = None
    """What is told of the door; with it, heartbeats are held back until there is news."""
    told: list[dict[str, Any]] = field(default_factory=list)
    """What the kiosk said of itself."""
    pack: tuple[str, str] = ("", "")
    """What the door may go by while cut off, and its signature."""
    pin_list: dict[str, Any] | None = None
    """Whose PINs may be checked while cut off."""

    def __post_init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._running: tuple[uvicorn.Server, threading.Thread] | None = None
        self.start()

    def start(self) -> None:
        """Begin to answer; returns once it does."""
        config = uvicorn.Config(
            self._app(), host="127.0.0.1", port=self.port, log_level="error", lifespan="off"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.005)
        self._running = server, thread

    def stop(self) -> None:
        """Go away, connections and all."""
        if self._running is not None:
            server, thread = self._running
            server.should_exit = server.force_exit = True
            thread.join(5)
            self._running = None

    def captures(self) -> list[str]:
        """The ids that came, each once, in their order."""
        return list(dict.fromkeys(request.capture for request in self.received))

    def _app(self) -> Starlette:
        def signed(
            respond: Callable[[Request], Awaitable[Response]],
        ) -> Callable[[Request], Awaitable[Response]]:
            async def answer(request: Request) -> Response:
                return await self._signed(request, respond)

            return answer

        return Starlette(
            routes=[
                Route("/api/v1/kiosk", signed(self._greet)),
                Route("/api/v1/kiosk/offline", signed(self._offline)),
                Route("/api/v1/kiosk/offline-pins", signed(self._offline_pins), methods=["POST"]),
                Route("/api/v1/kiosk/health", signed(self._health), methods=["PUT"]),
                Route("/api/v1/kiosk/key", signed(self._change_key), methods=["POST"]),
                Route("/api/v1/entries", signed(self._enter), methods=["POST"]),
                Route("/api/v1/captures", signed(self._capture), methods=["POST"]),
                Route("/api/v1/captures/{capture}", signed(self._question)),
            ]
        )

    async def _signed(
        self, request: Request, respond: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        """Check who asks, have it answered, and sign the answer."""
        known = await self._known(request)
        response = await respond(request) if known else problem(401, "signature_bad")("")
        if not self.unsigned:
            message = answer_message(
                kiosk=KIOSK,
                nonce=request.headers["Lintel-Nonce"],
                status=response.status_code,
                body=bytes(response.body),
            )
            response.headers[SERVER_SIGNATURE] = sign(self.seed, message)
        return response

    async def _known(self, request: Request) -> bool:
        said = request.headers
        message = request_message(
            kiosk=KIOSK,
            method=request.method,
            target=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
            body=await request.body(),
            time=said["Lintel-Time"],
            nonce=said["Lintel-Nonce"],
        )
        return is_signed(self.kiosk_key, said["Lintel-Signature"], message)

    async def _change_key(self, request: Request) -> Response:
        self.kiosk_key = (await request.json())["public_key"]
        self.rotate = False
        return JSONResponse({"fingerprint": "x"})

    async def _offline(self, request: Request) -> Response:
        return JSONResponse({"pack": self.pack[0], "signature": self.pack[1]})

    async def _offline_pins(self, request: Request) -> Response:
        if self.pin_list is None:
            return JSONResponse({"sealed": ""})
        seal_key = base64.b64decode((await request.json())["seal_key"])
        sealed = sealed_list(json.dumps(self.pin_list).encode(), seal_key)
        return JSONResponse({"sealed": base64.b64encode(sealed).decode()})

    async def _health(self, request: Request) -> Response:
        self.told.append(await request.json())
        return JSONResponse(self.told[-1])

    async def _greet(self, request: Request) -> Response:
        self.heartbeats += 1
        if self.heartbeat is not None:
            return self.heartbeat("")
        knows, begun_s = request.query_params.get("knows"), time.monotonic()
        until_s = begun_s + float(request.query_params.get("wait", "0"))
        while knows and knows == self._news() and time.monotonic() < until_s:
            await asyncio.sleep(0.01)
        now = datetime.now(UTC) + self.skew
        names = {"name": "Front door", "site": "Head office", "time_zone": "Europe/Berlin"}
        return JSONResponse(
            {
                **names,
                "server_time": now.isoformat(),
                "policy": self.policy,
                "rotate_key": self.rotate,
                "door": self.door,
                "news": self._news(),
                "held_s": time.monotonic() - begun_s,
            }
        )

    def _news(self) -> str:
        return "" if self.door is None else f"{hash(str(self.door))} {self.rotate}"

    async def _capture(self, request: Request) -> Response:
        received = parse_capture(request.headers["Content-Type"], await request.body())
        self.received.append(received)
        return self._reply(received.capture)

    async def _enter(self, request: Request) -> Response:
        body = await request.json()
        self.entries.append(body)
        return self._reply(body["id"])

    async def _question(self, request: Request) -> Response:
        self.questions += 1
        return self._reply(request.path_params["capture"])

    def _reply(self, capture: str) -> Response:
        return self.script.popleft()(capture) if self.script else decided(capture)
