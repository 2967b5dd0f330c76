"""An ASGI layer by which a kiosk can tell this server's answers from anybody else's."""

from attendance.services.canonical import answer_message
from attendance.services.server_key import sign

from .body_limit import Application, Message, Receive, Scope, Send

HEADER = b"lintel-server-signature"


class SignedAnswers:
    """Signs each answer under ``/api/`` to a request that names a kiosk and a nonce.

    The outermost layer, so that refusals of the layers below are signed as well. Answers under
    ``/api/`` are small and whole; they are held until their last byte is there.
    """

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on and sign its answer."""
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._application(scope, receive, send)
            return
        headers = dict(scope["headers"])
        kiosk, nonce = (
            headers.get(name, b"").decode("latin-1") for name in (b"lintel-kiosk", b"lintel-nonce")
        )
        if not (kiosk and nonce):
            await self._application(scope, receive, send)
            return
        start: Message = {}
        body = bytearray()

        async def held(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            body.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            signed = answer_message(
                kiosk=kiosk, nonce=nonce, status=start["status"], body=bytes(body)
            )
            signature = (HEADER, sign(signed).encode())
            await send({**start, "headers": [*start["headers"], signature]})
            await send({"type": "http.response.body", "body": bytes(body)})

        await self._application(scope, receive, held)
