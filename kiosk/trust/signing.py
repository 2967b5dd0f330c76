"""Signs what the kiosk sends and checks who answered."""

import base64
import binascii
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.clock import wall_time
from kiosk.trust.canonical import answer_message, request_message
from kiosk.trust.identity import Identity, fingerprint, in_groups, public_key, sign

SERVER_SIGNATURE = "Lintel-Server-Signature"
NONCE_BYTES = 16


@dataclass(frozen=True, slots=True)
class Signed:
    """The headers of a signed request, and the nonce its answer has to be about."""

    headers: dict[str, str]
    nonce: str
    key: str
    """The public key it was signed for."""


class Trust:
    """A kiosk's identity at work. Its text shows no key. Use in one event loop."""

    def __init__(self, identity: Identity) -> None:
        """`identity` has to be provisioned."""
        self.identity = identity

    @property
    def key(self) -> str:
        """The public key in use, in base64."""
        return public_key(self.identity.seed)

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the key in use, as the console shows it."""
        return in_groups(fingerprint(self.key))

    def signed(self, *, method: str, target: str, body: bytes) -> Signed:
        """The headers for a request; `target` is its path with its query."""
        time = wall_time().isoformat(timespec="milliseconds")
        nonce = new_nonce()
        message = request_message(
            kiosk=self.identity.kiosk,
            method=method,
            target=target,
            body=body,
            time=time,
            nonce=nonce,
        )
        headers = {
            "Lintel-Kiosk": self.identity.kiosk,
            "Lintel-Time": time,
            "Lintel-Nonce": nonce,
            "Lintel-Signature": sign(self.identity.seed, message),
        }
        return Signed(headers, nonce, self.key)

    def answers(self, nonce: str, status: int, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether this answer to the request with this nonce is our server's own."""
        message = answer_message(kiosk=self.identity.kiosk, nonce=nonce, status=status, body=body)
        return is_signed(self.identity.server_key, headers.get(SERVER_SIGNATURE, ""), message)

    def __repr__(self) -> str:
        """Without keys: objects end up in logs."""
        return f"Trust(kiosk {self.identity.kiosk})"


def is_signed(key: str, signature: str, message: bytes) -> bool:
    """Whether a signature (base64) of a message is by this public key (base64)."""
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
        public.verify(base64.b64decode(signature, validate=True), message)
    except (binascii.Error, ValueError, InvalidSignature):
        return False
    return True


def new_nonce() -> str:
    """Thirty-two hexadecimal digits that never come again."""
    return secrets.token_hex(NONCE_BYTES)
