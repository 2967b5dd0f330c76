"""One HTTP exchange with the server, bounded in time and size."""

import json
import ssl
from dataclasses import dataclass
from pathlib import Path

import httpx

from kiosk.errors import CallError, ServerAwayError

TIMEOUTS = httpx.Timeout(connect=3.0, write=5.0, read=15.0, pool=5.0)
"""Reading waits longest: the server holds a request open while a worker decides."""
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


def open_http(
    authorities: Path | None = None, *, transport: httpx.AsyncBaseTransport | None = None
) -> httpx.AsyncClient:
    """A client for one server; with `authorities` only their certificates are believed.

    Raises CallError when that file holds no certificates.
    """
    try:
        verify = ssl.create_default_context(cafile=authorities)
    except (OSError, ssl.SSLError) as error:
        raise CallError(f"--ca: {authorities} holds no certificates ({error}).") from error
    # The kiosk speaks to one server, directly: no proxy out of the environment, no password
    # file, and no redirect that would carry a face somewhere else.
    return httpx.AsyncClient(
        timeout=TIMEOUTS,
        trust_env=False,
        # Shorter than servers keep an idle connection: none is used just as it is closed.
        limits=httpx.Limits(keepalive_expiry=3.0),
        follow_redirects=False,
        verify=verify,
        transport=transport,
        headers={"Accept": "application/json", "User-Agent": "lintel-kiosk"},
    )


async def exchange(
    http: httpx.AsyncClient, request: httpx.Request, *, largest: int = LARGEST_ANSWER
) -> Reply:
    """Send a request and read its whole answer. Raises ServerAwayError."""
    body = bytearray()
    try:
        response = await http.send(request, stream=True)
        try:
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > largest:
                    raise ServerAwayError("The server's answer is too large.", reached=True)
        finally:
            await response.aclose()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ServerAwayError(f"The server does not answer ({_plainly(error)}).") from error
    return Reply(response.status_code, response.reason_phrase, response.headers, bytes(body))


def _plainly(error: Exception) -> str:
    """The error's words, or its kind where it has none (timeouts)."""
    return str(error) or type(error).__name__
