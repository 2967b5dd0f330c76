"""Signed requests of kiosks; docs/kiosk-protocol.md says what is signed."""

from typing import cast

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest
from ninja.security import APIKeyHeader

from attendance.errors import SignatureMissing
from attendance.models import Kiosk
from attendance.services.kiosks import SignedRequest, authenticate_kiosk

from .body_limit import BODY_DIGEST

KIOSK, TIME, NONCE = "Lintel-Kiosk", "Lintel-Time", "Lintel-Nonce"
SIGNATURE = "Lintel-Signature"


class KioskSignature(APIKeyHeader):
    """Accepts what an active kiosk has signed and puts the kiosk on the request."""

    param_name = SIGNATURE
    openapi_description = (
        "Ed25519 over method, path with query, body's SHA-256, time, nonce and kiosk; sent with "
        f"the headers {KIOSK}, {TIME} and {NONCE}. docs/kiosk-protocol.md has the exact form."
    )

    async def authenticate(self, request: HttpRequest, key: str | None) -> Kiosk:
        """Return the kiosk that signed; raise the refusal that says what is wrong."""
        return await sync_to_async(authenticate_kiosk)(request=signed_request(request, key))


def signed_request(request: HttpRequest, signature: str | None) -> SignedRequest:
    """Read a request's signature headers; raise SignatureMissing where one is not there."""
    named = [request.headers.get(name) for name in (KIOSK, TIME, NONCE)]
    kiosk, time, nonce = named
    if not (signature and kiosk and time and nonce):
        raise SignatureMissing("Sign the request with the kiosk's key.")
    # Counted by the layer that bounds bodies, while this one came in.
    digest = cast(ASGIRequest, request).scope[BODY_DIGEST]
    return SignedRequest(
        kiosk=kiosk,
        method=request.method or "",
        target=request.get_full_path(),
        body_sha256=digest.hexdigest(),
        time=time,
        nonce=nonce,
        signature=signature,
    )
