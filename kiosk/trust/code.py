"""The one-time code that a kiosk is provisioned with, taken apart. Pure.

Eight groups of four: the first half is the secret, the second the fingerprint of the server's
key, by which the kiosk knows its server from the first word on.
"""

import hashlib
import hmac
from dataclasses import dataclass, field

from kiosk.errors import CallError

ALPHABET = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
HALF = 16


@dataclass(frozen=True, slots=True)
class Code:
    """A one-time code. Its text does not show the secret."""

    secret: str = field(repr=False)
    server_fingerprint: str

    @property
    def name(self) -> str:
        """By what the server finds it; says nothing about the secret."""
        return hashlib.sha256(b"lintel code name\n" + self.secret.encode()).hexdigest()[:32]

    def proof(self, message: bytes) -> str:
        """What only somebody with the secret can say about a message."""
        key = hashlib.sha256(b"lintel code\n" + self.secret.encode()).digest()
        return hmac.new(key, message, hashlib.sha256).hexdigest()


def parse_code(text: str) -> Code:
    """Read a code as it was typed. Raises CallError for anything else."""
    plain = text.strip().lower().replace("-", "").replace(" ", "")
    if len(plain) != 2 * HALF or not set(plain) <= ALPHABET:
        raise CallError(
            "That is no one-time code: the console shows eight groups of four letters and digits."
        )
    return Code(plain[:HALF], plain[HALF:])
