"""Seals what lies on the kiosk's disk: whoever takes the card out of it reads nothing.

AES-256-GCM with a random nonce (NIST SP 800-38D); the name under which something is sealed is
bound to it, so that one sealed thing cannot be put in another's place.
"""

import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kiosk.errors import SealError, StartError
from kiosk.trust.private_file import read_private, write_private

KEY_NAME = "seal.key"
KEY_BYTES = 32
NONCE_BYTES = 12


class Vault:
    """A key that is this kiosk's alone. Thread safe."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    @classmethod
    def at(cls, folder: Path) -> "Vault":
        """The vault of a state folder; its key is made the first time.

        Raises StartError when others may read the key, or it is none.
        """
        path = folder / KEY_NAME
        key = read_private(path)
        if key is None:
            key = os.urandom(KEY_BYTES)
            write_private(path, key)
        if len(key) != KEY_BYTES:
            raise StartError(f"{path} is no key. What it sealed is lost: remove it to go on.")
        return cls(key)

    def seal(self, content: bytes, name: str) -> bytes:
        """Nonce and ciphertext of `content`, which open under this name alone."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, name.encode())

    def open(self, sealed: bytes, name: str) -> bytes:
        """What was sealed under this name. Raises SealError when it does not open."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], name.encode())
        except (InvalidTag, ValueError) as error:
            raise SealError(f"{name} does not open: it was changed, or the key is new.") from error
