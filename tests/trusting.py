"""Kiosks' keys for tests: made at a real server, as a kiosk makes them."""

import asyncio
import tempfile
from collections.abc import Generator
from pathlib import Path

import httpx

from kiosk.exchange import open_http
from kiosk.trust import Identity, Trust
from kiosk.trust.code import parse_code
from kiosk.trust.provisioning import provision


def provisioned(address: str, code: str, folder: Path | None = None) -> Identity:
    """Exchange a one-time code for an identity; kept in a folder where one is given."""

    async def introduce(where: Path) -> Identity:
        async with open_http() as http:
            return await provision(http, f"{address}/", parse_code(code), where)

    if folder is not None:
        return asyncio.run(introduce(folder))
    with tempfile.TemporaryDirectory() as where:
        return asyncio.run(introduce(Path(where)))


class Signing(httpx.Auth):
    """Signs each request as its kiosk, and fails where an answer is not signed by the server."""

    requires_request_body = True
    requires_response_body = True

    def __init__(self, identity: Identity) -> None:
        self.trust = Trust(identity)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Sign, and look at the answer's signature."""
        target = request.url.raw_path.decode("ascii")
        signed = self.trust.signed(method=request.method, target=target, body=request.content)
        for name, value in signed.headers.items():
            request.headers.setdefault(name, value)
        nonce = request.headers["Lintel-Nonce"]
        answer = yield request
        if nonce and request.headers["Lintel-Kiosk"] == self.trust.identity.kiosk:
            status, body = answer.status_code, answer.content
            genuine = self.trust.answers(nonce, status, answer.headers, body)
            assert genuine, f"an answer without the server's signature: {answer.text}"
