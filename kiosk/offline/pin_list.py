"""Whose PINs a kiosk may check while it is cut off: what the server tells it, and how it checks.

The other half is `attendance/pins/offline.py`; docs/kiosk-protocol.md has the forms. A list lives
in memory alone: nothing here is ever written, and no text of it shows a key.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from argon2.exceptions import Argon2Error
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kiosk.errors import SealError
from kiosk.offline.spans import Span, Windows, validity_of, windows_of
from kiosk.pin import Digits

FORM = b"lintel-offline-pins-1"
KEY_BYTES, SALT_BYTES, NONCE_BYTES, DIGEST_BYTES = 32, 16, 12, 32
MOST_MEMORY_KIB = 256 * 1024
"""What one check may take of a small computer's memory; a server that asks for more is not ours."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one pass of argon2id costs."""

    memory_kib: int
    passes: int
    lanes: int


@dataclass(frozen=True, slots=True)
class Secret:
    """What a PIN is checked against."""

    key: bytes = field(repr=False)
    salt: bytes = field(repr=False)
    cost: Cost
    pin: bytes = field(repr=False)
    duress: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody whose PIN may be checked here."""

    id: UUID
    name: str
    windows: Windows
    wrong: int
    """Wrong PINs that the server has counted and not forgotten."""
    secret: Secret


@dataclass(frozen=True, slots=True)
class PinList:
    """Everything a PIN is checked with offline."""

    validity: Span
    number_key: bytes = field(repr=False)
    cost: Cost
    """Of a check about a number that is not listed: it takes as long as any."""
    wrong: int
    """Wrong PINs at this kiosk that the server has not forgotten."""
    people: Mapping[str, Listed]
    """By each of their numbers' digests."""

    def claimed(self, number: str) -> Listed | None:
        """Whose number this is."""
        digest = hmac.digest(self.number_key, b"number\0" + number.encode(), "sha256").hex()
        return self.people.get(digest)

    def made(self, pin: Digits, claimed: Listed | None, number: str) -> tuple[bytes, bool]:
        """What argon2id makes of a PIN, and whether that is right, by the PIN or the duress PIN.

        One pass and two comparisons whoever is claimed, also nobody. Takes as long as a person
        hardly feels: call it beside an event loop.
        """
        secret = self._nobodys(number) if claimed is None else claimed.secret
        keyed = hmac.digest(secret.key, _decimal(pin.reveal()).encode(), "sha256")
        made = hash_secret_raw(
            keyed,
            secret.salt,
            time_cost=secret.cost.passes,
            memory_cost=secret.cost.memory_kib,
            parallelism=secret.cost.lanes,
            hash_len=DIGEST_BYTES,
            type=Type.ID,
        )
        told = hashlib.sha256(b"lintel offline pin 1\0" + made).digest()
        right = hmac.compare_digest(told, secret.pin)
        under_duress = hmac.compare_digest(told, secret.duress)
        return made, claimed is not None and (right or under_duress)

    def _nobodys(self, number: str) -> Secret:
        key = hmac.digest(self.number_key, b"nobody\0" + number.encode(), "sha256")
        return Secret(key, key[:SALT_BYTES], self.cost, bytes(DIGEST_BYTES), bytes(DIGEST_BYTES))


def proof_of(made: bytes, *, kiosk: str, person: UUID, entered_at: datetime) -> bytes:
    """The word for the server that a PIN was typed here and then, under what was made of it."""
    at = entered_at.astimezone(UTC).isoformat()
    said = "\n".join(["lintel-offline-entry-1", kiosk, str(person), at])
    return hmac.digest(made, said.encode(), "sha256")


def open_list(sealed: bytes, key: X25519PrivateKey, *, kiosk: str) -> PinList:
    """Open what was sealed to a key of this once. Raises SealError."""
    public, nonce = sealed[:KEY_BYTES], sealed[KEY_BYTES : KEY_BYTES + NONCE_BYTES]
    own = key.public_key().public_bytes_raw()
    info = b"\n".join([FORM, kiosk.encode()]) + b"\n" + own + public
    try:
        shared = key.exchange(X25519PublicKey.from_public_bytes(public))
        opening = HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(shared)
        content = AESGCM(opening).decrypt(nonce, sealed[KEY_BYTES + NONCE_BYTES :], None)
    except (ValueError, InvalidTag) as error:
        raise SealError("The list of PINs does not open.") from error
    try:
        return _parsed(json.loads(content))
    except (ValueError, KeyError, TypeError, Argon2Error) as error:
        # Not the error's text: it might quote what is in the list.
        raise SealError(f"The list of PINs cannot be read ({type(error).__name__}).") from None


def _parsed(fields: Mapping[str, Any]) -> PinList:
    people = {}
    for row in fields["people"]:
        secret = Secret(
            key=_bytes(row["key"]),
            salt=_bytes(row["salt"]),
            cost=_cost(row["cost"]),
            pin=_bytes(row["pin"]),
            duress=_bytes(row["duress"]),
        )
        person = Listed(
            id=UUID(row["id"]),
            name=str(row["name"]),
            windows=windows_of(row["windows"]),
            wrong=int(row["wrong"]),
            secret=secret,
        )
        people.update(dict.fromkeys(map(str, row["numbers"]), person))
    return PinList(
        validity=validity_of(fields),
        number_key=_bytes(fields["number_key"]),
        cost=_cost(fields["cost"]),
        wrong=int(fields["wrong"]),
        people=people,
    )


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("no base64") from None


def _cost(numbers: list[int]) -> Cost:
    cost = Cost(*map(int, numbers))
    if not (8 <= cost.memory_kib <= MOST_MEMORY_KIB and cost.passes >= 1 and cost.lanes >= 1):
        raise ValueError("a cost that is none")
    return cost


def _decimal(text: str) -> str:
    """Digits of any script as 0 to 9, as the server takes them."""
    return "".join(str(int(one)) if one.isdecimal() else one for one in text)
