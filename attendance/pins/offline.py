"""What lets a kiosk check a PIN while it is cut off, and prove afterwards that it was typed there.

A kiosk gets a person's own key, the salt, and the SHA-256 of what argon2id makes of the PIN. Who
typed the right PIN has given it what argon2id makes of it, which the list does not hold: under that
it signs its word. So neither a kiosk's key nor its memory can say that somebody came who did not.
docs/kiosk-protocol.md has the forms; the other half is `kiosk/offline/pin_list.py`.
"""

import hashlib
import hmac
import os
import uuid
from base64 import b64decode
from dataclasses import dataclass, field
from datetime import UTC, datetime

from .hashing import Cost, StoredPin, Verdict, person_key, salt_and_cost

DIGEST_BYTES = 32


@dataclass(frozen=True)
class Verifier:
    """All that a kiosk is told of a person's PIN. No text of it shows a key."""

    key: bytes = field(repr=False)
    salt: bytes = field(repr=False)
    cost: Cost
    pin: bytes = field(repr=False)
    duress: bytes = field(repr=False)


def verifier_of(stored: StoredPin, *, key: bytes, owner: bytes) -> Verifier:
    """Return what a kiosk checks a PIN against; nobody sees from it who has a duress PIN."""
    salt, cost = salt_and_cost(stored.hash)
    duress = _told(stored.duress_hash) if stored.duress_hash else os.urandom(DIGEST_BYTES)
    return Verifier(person_key(key, owner), salt, cost, _told(stored.hash), duress)


def number_digest(number: str, *, key: bytes) -> str:
    """Return an employee number as a list names it, in hexadecimal."""
    return hmac.digest(key, b"number\0" + number.encode(), "sha256").hex()


def proof_of(made: bytes, *, kiosk: str, person: uuid.UUID, entered_at: datetime) -> bytes:
    """Return a kiosk's word that a PIN was typed there and then, under what was made of the PIN."""
    at = entered_at.astimezone(UTC).isoformat()
    said = "\n".join(["lintel-offline-entry-1", kiosk, str(person), at])
    return hmac.digest(made, said.encode(), "sha256")


def verdict_of(
    proof: bytes, stored: StoredPin, *, kiosk: str, person: uuid.UUID, entered_at: datetime
) -> Verdict:
    """Say which PIN a kiosk's word was given under; WRONG where it was neither."""
    for kept, verdict in ((stored.hash, Verdict.RIGHT), (stored.duress_hash, Verdict.DURESS)):
        if not kept:
            continue
        own = proof_of(_made(kept), kiosk=kiosk, person=person, entered_at=entered_at)
        if hmac.compare_digest(own, proof):
            return verdict
    return Verdict.WRONG


def _made(stored: str) -> bytes:
    """Return what argon2id made, out of the form that its reference writes."""
    text = stored.rsplit("$", 1)[1]
    return b64decode(text + "=" * (-len(text) % 4))


def _told(stored: str) -> bytes:
    return hashlib.sha256(b"lintel offline pin 1\0" + _made(stored)).digest()
