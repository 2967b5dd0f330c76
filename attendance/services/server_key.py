"""The server's own signature, by which a kiosk tells its server from anybody else.

Ed25519 (RFC 8032). The key lies outside the database, beside the one that seals templates; its
public half reaches a kiosk when it is provisioned, and is known there by its fingerprint.
"""

import base64
import functools
import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

# Characters of a fingerprint: 80 bits, against which nobody finds a second key.
FINGERPRINT_LENGTH = 16


@functools.cache
def _key(seed: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed))


def sign(message: bytes) -> str:
    """Return the server's signature of a message, in base64."""
    return base64.b64encode(_key(settings.SERVER_KEY).sign(message)).decode()


def public_key() -> str:
    """Return the public half, 32 bytes in base64."""
    return base64.b64encode(_key(settings.SERVER_KEY).public_key().public_bytes_raw()).decode()


def fingerprint(key: str) -> str:
    """Return 16 small letters and digits that stand for a public key given in base64."""
    digest = hashlib.sha256(base64.b64decode(key)).digest()
    return base64.b32encode(digest).decode().lower()[:FINGERPRINT_LENGTH]
