"""Requests as a kiosk signs them, straight to the service that checks them."""

import hashlib
from dataclasses import replace

from django.utils import timezone

from attendance.models import Kiosk
from attendance.services.canonical import request_message
from attendance.services.kiosks import SignedRequest
from kiosk.trust.identity import new_seed, public_key, sign
from kiosk.trust.signing import new_nonce


class Signer:
    """A kiosk's key, given to its row without any code."""

    def __init__(self, kiosk: Kiosk) -> None:
        self.seed = new_seed()
        self.kiosk = kiosk
        Kiosk.objects.filter(pk=kiosk.pk).update(
            public_key=public_key(self.seed), key_since=timezone.now(), key_revoked=False
        )
        kiosk.refresh_from_db()

    def request(self, **changes: str) -> SignedRequest:
        """Return a signed request, a fresh hello but for what is changed before it is signed."""
        plain = SignedRequest(
            kiosk=str(self.kiosk.pk),
            method="GET",
            target="/api/v1/kiosk",
            body_sha256=hashlib.sha256(b"").hexdigest(),
            time=timezone.now().isoformat(),
            nonce=new_nonce(),
            signature="",
        )
        unsigned = replace(plain, **changes)
        message = request_message(
            kiosk=unsigned.kiosk,
            method=unsigned.method,
            target=unsigned.target,
            body_sha256=unsigned.body_sha256,
            time=unsigned.time,
            nonce=unsigned.nonce,
        )
        return replace(unsigned, signature=sign(self.seed, message))
