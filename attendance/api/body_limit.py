"""An ASGI layer that bounds request bodies before anything reads them."""

import hashlib
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

from attendance import defaults

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

# Where a request's scope has the running SHA-256 of its body.
BODY_DIGEST = "lintel.body_digest"

_BODY = (
    b'{"type": "about:blank", "title": "Content Too Large", "status": 413, '
    b'"detail": "The request is too large.", "code": "too_large"}'
)


class _TooLarge(Exception):
    """The body went past its bound while it was read."""


class BodyLimit:
    """Answers 413 to a body that is, or turns out to be, larger than its path allows.

    On the way it makes the body's digest, which signatures are about.
    """

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on, with its body counted."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        limit = self._limit(scope["path"])
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > limit:
            await _refuse(send)
            return
        read = 0
        scope[BODY_DIGEST] = digest = hashlib.sha256()

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            chunk = message.get("body", b"")
            read += len(chunk)
            digest.update(chunk)
            if read > limit:
                raise _TooLarge
            return message

        try:
            await self._application(scope, counted, send)
        except _TooLarge:
            await _refuse(send)

    @staticmethod
    def _limit(path: str) -> int:
        # Bodies are read before anybody has signed in, so only pictures get much room.
        if path.startswith("/api/"):
            return defaults.MAX_CAPTURE_BODY_BYTES
        if path.startswith("/people/"):
            return defaults.MAX_UPLOAD_BODY_BYTES
        return defaults.MAX_FORM_BODY_BYTES


async def _refuse(send: Send) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "headers": [
                (b"content-type", b"application/problem+json"),
                (b"content-length", str(len(_BODY)).encode()),
                (b"connection", b"close"),
            ],
        }
    )
    await send({"type": "http.response.body", "body": _BODY})
