"""How a PIN is kept: keyed, then argon2id; one pass of it for every question, whoever is asked.

Ten thousand PINs of four digits cannot be kept from somebody who may try them all, however slow
each try is; so what goes into argon2id is first mixed with a key that is not in the database, one
for each person that is made of one for all. Whoever has only the database has nothing to try;
whoever has both needs the time in docs/decisions/018-pins.md for each person.
"""

import hmac
import os
from base64 import b64decode
from dataclasses import dataclass, field
from enum import StrEnum

from argon2 import Type, extract_parameters
from argon2.low_level import hash_secret
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .typed import TypedPin

SALT_BYTES = 16
HASH_BYTES = 32


@dataclass(frozen=True)
class Cost:
    """What one pass of argon2id costs whoever makes it."""

    memory_kib: int
    passes: int
    lanes: int = 1


@dataclass(frozen=True)
class StoredPin:
    """What is kept of a person's PIN; one salt for both hashes, so one pass checks both."""

    hash: str = field(repr=False)
    duress_hash: str = field(default="", repr=False)


class Verdict(StrEnum):
    """What a PIN turned out to be."""

    WRONG = "wrong"
    RIGHT = "right"
    DURESS = "duress"


def store(
    pin: TypedPin, duress: TypedPin | None, *, key: bytes, owner: bytes, cost: Cost
) -> StoredPin:
    """Return what is to be kept of a PIN, bound to its owner: another's row it does not open."""
    salt, own = os.urandom(SALT_BYTES), person_key(key, owner)
    return StoredPin(
        hash=_pass(pin, own, salt, cost),
        duress_hash="" if duress is None else _pass(duress, own, salt, cost),
    )


def compare(
    pin: TypedPin, stored: StoredPin | None, *, key: bytes, owner: bytes, cost: Cost
) -> Verdict:
    """Say what a PIN is to its owner; None for `stored` is somebody who has none.

    Always one pass of argon2id and two comparisons of equal length, in constant time.
    """
    if stored is None:
        salt = hmac.digest(key, b"nobody\0" + owner, "sha256")[:SALT_BYTES]
        known = duress = ""
    else:
        salt, cost = salt_and_cost(stored.hash)
        known, duress = stored.hash, stored.duress_hash
    made = _pass(pin, person_key(key, owner), salt, cost)
    is_right = hmac.compare_digest(made, known or _unlike(made))
    is_duress = hmac.compare_digest(made, duress or _unlike(made))
    if is_duress:
        return Verdict.DURESS
    return Verdict.RIGHT if is_right else Verdict.WRONG


def person_key(key: bytes, owner: bytes) -> bytes:
    """Return what a person's PIN is mixed with; it tells nothing about anybody else's."""
    return hmac.digest(key, b"lintel pin 2\0" + owner, "sha256")


def _pass(pin: TypedPin, own: bytes, salt: bytes, cost: Cost) -> str:
    keyed = hmac.digest(own, pin.reveal().encode(), "sha256")
    return hash_secret(
        keyed,
        salt,
        time_cost=cost.passes,
        memory_cost=cost.memory_kib,
        parallelism=cost.lanes,
        hash_len=HASH_BYTES,
        type=Type.ID,
    ).decode()


def salt_and_cost(stored: str) -> tuple[bytes, Cost]:
    """Read salt and cost out of a stored hash, in the form that argon2's reference writes."""
    made_with = extract_parameters(stored)
    text = stored.split("$")[4]
    salt = b64decode(text + "=" * (-len(text) % 4))
    return salt, Cost(made_with.memory_cost, made_with.time_cost, made_with.parallelism)


def _unlike(made: str) -> str:
    """Return a text as long as a hash that is none."""
    return "x" * len(made)


def derive_key(master: bytes) -> bytes:
    """Return the key of PINs out of the key that seals templates; neither tells the other."""
    return HKDF(SHA256(), 32, salt=None, info=b"lintel pin key 1").derive(master)
