"""What a kiosk knows about itself and its server, as one value."""

import base64
import hashlib
import os
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SEED_BYTES = 32
FINGERPRINT_LENGTH = 16
GROUP = 4


@dataclass(frozen=True, slots=True)
class Identity:
    """A kiosk's number and key at one server, and that server's public key.

    Before the server has answered for the first time `kiosk` and `server_key` are empty; while
    keys are being changed `next_seed` is the key to come. Its text shows no key.
    """

    seed: bytes = field(repr=False)
    """Ed25519 private key, 32 bytes."""
    code_name: str
    """The name of the one-time code it was provisioned with."""
    kiosk: str = ""
    server_key: str = ""
    """Ed25519 public key, 32 bytes in base64."""
    next_seed: bytes = field(default=b"", repr=False)

    @property
    def provisioned(self) -> bool:
        """Whether the server has taken the key."""
        return bool(self.kiosk and self.server_key)


def new_seed() -> bytes:
    """A new private key."""
    return os.urandom(SEED_BYTES)


def public_key(seed: bytes) -> str:
    """The public half of a private key, 32 bytes in base64."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def sign(seed: bytes, message: bytes) -> str:
    """A signature in base64."""
    return base64.b64encode(Ed25519PrivateKey.from_private_bytes(seed).sign(message)).decode()


def fingerprint(key: str) -> str:
    """16 small letters and digits that stand for a public key given in base64."""
    digest = hashlib.sha256(base64.b64decode(key)).digest()
    return base64.b32encode(digest).decode().lower()[:FINGERPRINT_LENGTH]


def in_groups(text: str) -> str:
    """A fingerprint as people compare it."""
    return "-".join(text[at : at + GROUP] for at in range(0, len(text), GROUP))
