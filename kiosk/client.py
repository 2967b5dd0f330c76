"""One request to the server and its answer, or the error that says what to do about it."""

import email.utils
import json
import math
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit
from uuid import UUID

import httpx

from kiosk.answers import Answer, Greeting, parse_answer, parse_greeting
from kiosk.capture import Capture
from kiosk.clock import wall_time
from kiosk.errors import CallError, CaptureRejectedError, OutOfServiceError, ServerAwayError

TIMEOUTS = httpx.Timeout(connect=3.0, write=5.0, read=15.0, pool=5.0)
"""Reading waits longest: the server holds a request open while a worker decides."""
LONGEST_RETRY_AFTER_S = 60.0
"""A server that asks for a longer pause is asked once a minute all the same."""
LARGEST_ANSWER = 64 * 1024
"""Bytes; an answer has a few hundred."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer, read and bounded."""

    status: int
    phrase: str
    headers: httpx.Headers
    body: bytes

    def json(self) -> object:
        """The body as JSON. Raises ServerAwayError when it is none."""
        try:
            value: object = json.loads(self.body)
        except ValueError:
            raise ServerAwayError("The server's answer cannot be read.", reached=True) from None
        return value


class BearerToken(httpx.Auth):
    """Puts the kiosk's token on each request. Its text never shows the token."""

    def __init__(self, token: str) -> None:
        self._header = f"Bearer {token}"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add the header."""
        request.headers["Authorization"] = self._header
        yield request

    def __repr__(self) -> str:
        """Without the token: objects end up in logs."""
        return "BearerToken(...)"


class Client:
    """Speaks the capture API. Each method is one request; none retries. Use in one event loop."""

    def __init__(
        self,
        server: str,
        auth: httpx.Auth,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """`server` is the address of the site, with or without a path.

        Raises CallError when it is no http or https address.
        """
        self._base = server_address(server)
        # The kiosk speaks to one server, directly: no proxy out of the environment, no password
        # file, and no redirect that would carry the token and a face somewhere else.
        self._http = httpx.AsyncClient(
            auth=auth,
            timeout=TIMEOUTS,
            trust_env=False,
            # Shorter than servers keep an idle connection: none is used just as it is closed.
            limits=httpx.Limits(keepalive_expiry=3.0),
            follow_redirects=False,
            transport=transport,
            headers={"Accept": "application/json", "User-Agent": "lintel-kiosk"},
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def greet(self) -> Greeting:
        """Say that this kiosk is there, and learn what is wanted of it.

        Raises ServerAwayError or OutOfServiceError.
        """
        reply = await self._request("GET", urljoin(self._base, "api/v1/kiosk"))
        if reply.status != 200:
            raise _error(reply)
        return parse_greeting(reply.json())

    async def send(self, capture: Capture) -> Answer:
        """Send a capture; the same capture may be sent again, and gets the same answer.

        Raises ServerAwayError, OutOfServiceError or CaptureRejectedError.
        """
        files = [
            ("frames", (f"{number}.jpg", frame, "image/jpeg"))
            for number, frame in enumerate(capture.frames, 1)
        ]
        fields = {
            "id": str(capture.id),
            "captured_at": capture.captured_at.isoformat(),
            "sent_at": wall_time().isoformat(),
        }
        address = urljoin(self._base, "api/v1/captures")
        return _answer(await self._request("POST", address, data=fields, files=files), capture.id)

    async def ask(self, capture: UUID, status_url: str | None = None) -> Answer:
        """Ask what became of a capture that was queued.

        Raises ServerAwayError, OutOfServiceError or CaptureRejectedError.
        """
        own = urljoin(self._base, f"api/v1/captures/{capture}")
        named = urljoin(self._base, status_url) if status_url else own
        # The token goes to the server it belongs to, wherever an answer points.
        address = named if _origin(named) == _origin(own) else own
        return _answer(await self._request("GET", address), capture)

    async def _request(self, method: str, address: str, **parts: Any) -> Reply:
        body = bytearray()
        try:
            async with self._http.stream(method, address, **parts) as response:
                async for chunk in response.aiter_bytes():
                    body += chunk
                    if len(body) > LARGEST_ANSWER:
                        raise ServerAwayError("The server's answer is too large.", reached=True)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ServerAwayError(f"The server does not answer ({_plainly(error)}).") from error
        return Reply(response.status_code, response.reason_phrase, response.headers, bytes(body))


def server_address(text: str) -> str:
    """The server's address with a slash at its end. Raises CallError when it is none."""
    parts = urlsplit(text.strip())
    try:
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise CallError(f"--server: {text!r} is not an address such as https://lintel.example.")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise CallError("--server: give the address alone, without a name, password or query.")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}/"


def _origin(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc


def _answer(reply: Reply, capture: UUID) -> Answer:
    if reply.status not in {200, 201, 202}:
        raise _error(reply)
    return parse_answer(reply.json(), capture)


def _error(reply: Reply) -> OutOfServiceError | CaptureRejectedError | ServerAwayError:
    """Turn a refusal into the error that says what can be done."""
    problem = _problem(reply)
    detail = str(problem.get("detail") or problem.get("title") or reply.phrase)
    said = f"The server answered {reply.status}: {detail}"
    if reply.status in {401, 403}:
        return OutOfServiceError(said)
    if 300 <= reply.status < 400:
        where = reply.headers.get("Location", "elsewhere")
        return ServerAwayError(f"The server sends us to {where}; give that address as --server.")
    # 404: not our server, or one that is being set up. 408, 425, 429 and 5xx: later.
    if reply.status in {404, 405, 408, 425, 429} or reply.status >= 500:
        return ServerAwayError(
            said,
            retry_after_s=retry_after_s(reply.headers.get("Retry-After", "")),
            reached=reply.status not in {404, 405, 502, 504},
        )
    code = str(problem.get("code") or "rejected")
    return CaptureRejectedError(said, status=reply.status, code=code)


def _problem(reply: Reply) -> Mapping[str, Any]:
    """The problem document of a refusal; empty where something else stands between."""
    try:
        body = reply.json()
    except ServerAwayError:
        return {}
    return body if isinstance(body, Mapping) else {}


def retry_after_s(header: str) -> float:
    """Seconds to wait as a Retry-After header says, in either of its two forms; 0 for none."""
    try:
        seconds = float(header)
    except ValueError:
        try:
            moment = email.utils.parsedate_to_datetime(header)
        except ValueError:
            return 0.0
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        seconds = (aware - datetime.now(UTC)).total_seconds()
    if math.isnan(seconds):
        return 0.0
    return min(max(0.0, seconds), LONGEST_RETRY_AFTER_S)


def _plainly(error: Exception) -> str:
    """The error's words, or its kind where it has none (timeouts)."""
    return str(error) or type(error).__name__
