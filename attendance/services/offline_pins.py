"""Whose PINs a kiosk may check while it is cut off: a list for its memory, sealed to it alone.

PINs are short. Whoever has what they are checked against and time has the PINs; so that never lies
on a kiosk's disk, goes to a key which the kiosk has made for this one answer and forgets, names no
more people than use the door, and ends within hours (docs/decisions/028-pins-offline.md).
"""

import base64
import json
import os
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db.models import F, Max, Q

from attendance import defaults
from attendance.access import Factor
from attendance.access_choices import OfflineMode
from attendance.errors import CaptureRefused
from attendance.models import Kiosk, Person
from attendance.pins.hashing import Cost, StoredPin
from attendance.pins.offline import number_digest, verifier_of
from attendance.selectors.door_rules import kiosk_at_door

from .offline import as_json, hours_of_all
from .pin_attempts import tries_used
from .pins import pin_key

FORM = b"lintel-offline-pins-1"
NUMBER_AND_PIN = frozenset({Factor.NUMBER, Factor.PIN})
KEY_BYTES = 32
NONCE_BYTES = 12


def offline_pins(*, kiosk: Kiosk, seal_key: str, now: datetime) -> bytes:
    """Return the list for a kiosk, sealed to its key (X25519, base64); empty where none may be.

    Raises CaptureRefused where that is no key.
    """
    recipient = _recipient(seal_key)
    at_door = kiosk_at_door(kiosk_id=kiosk.pk)
    if not OfflineMode(at_door.door.offline).by_pin:
        return b""
    listed = _list(at_door, now=now)
    return _sealed(json.dumps(listed).encode(), recipient, kiosk=str(kiosk.pk))


def _list(kiosk: Kiosk, *, now: datetime) -> dict[str, Any]:
    until = now + timedelta(hours=kiosk.door.offline_hours)
    people = _people(kiosk, now=now)
    used = tries_used(people=people, kiosk=kiosk, now=now)
    number_key, numbers = os.urandom(KEY_BYTES), _ways_to_type(people)
    rows = []
    hours = hours_of_all(people, kiosk, NUMBER_AND_PIN, now=now, until=until)
    for person, whole in hours.items():
        ends = person.pin.expires_at or until
        stretches = [replace(w, end=min(w.end, ends)) for w in whole if w.begin < ends]
        if not stretches:
            continue
        stored = StoredPin(person.pin.hash, person.pin.duress_hash)
        told = verifier_of(stored, key=pin_key(), owner=person.pk.bytes)
        rows.append(
            {
                "id": str(person.pk),
                "name": person.display_name,
                "windows": as_json(stretches),
                "numbers": [number_digest(text, key=number_key) for text in numbers[person]],
                "wrong": used.get(str(person.pk), 0),
                "cost": _cost(told.cost),
                **{
                    name: base64.b64encode(getattr(told, name)).decode()
                    for name in ("key", "salt", "pin", "duress")
                },
            }
        )
    return {
        "issued_at": now.isoformat(),
        "expires_at": until.isoformat(),
        "number_key": base64.b64encode(number_key).decode(),
        "cost": _cost(settings.PIN_COST),
        "wrong": used.get("", 0),
        "people": rows,
    }


def _people(kiosk: Kiosk, *, now: datetime) -> list[Person]:
    """Return who has a PIN that serves, those who came through the door last first."""
    return list(
        Person.objects.filter(
            Q(pin__expires_at=None) | Q(pin__expires_at__gt=now),
            # Visitors are let in by a server that answers.
            pin__isnull=False,
            active=True,
            visitor=False,
        )
        .select_related("pin")
        .annotate(came=Max("passages__happened_at", filter=Q(passages__door=kiosk.door)))
        .order_by(F("came").desc(nulls_last=True), "pk")[: defaults.MOST_OFFLINE_PINS]
    )


def _ways_to_type(people: Iterable[Person]) -> dict[Person, list[str]]:
    """Return the numbers by which each may be claimed: the whole, and its digits if only theirs.

    The same as the server takes them (``pin_checks.claim_of``).
    """
    everybody = list(Person.objects.values_list("employee_number", flat=True))
    whole, digits = set(everybody), Counter(map(_digits, everybody))
    ways = {}
    for person in people:
        number = person.employee_number
        short = _digits(number)
        ways[person] = [number]
        if digits[short] == 1 and short not in whole and short:
            ways[person].append(short)
    return ways


def _digits(number: str) -> str:
    return re.sub("[^0-9]", "", number)


def _cost(cost: Cost) -> list[int]:
    return [cost.memory_kib, cost.passes, cost.lanes]


def _recipient(key: str) -> X25519PublicKey:
    try:
        return X25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
    except ValueError as error:
        raise CaptureRefused("This is no X25519 key.", code="seal_key") from error


def _sealed(content: bytes, recipient: X25519PublicKey, *, kiosk: str) -> bytes:
    """Return our own public key of this once, a nonce, and the content as AES-256-GCM gives it."""
    own = X25519PrivateKey.generate()
    public = own.public_key().public_bytes_raw()
    try:
        shared = own.exchange(recipient)
    except ValueError as error:
        raise CaptureRefused("This is no X25519 key.", code="seal_key") from error
    info = b"\n".join([FORM, kiosk.encode()]) + b"\n" + recipient.public_bytes_raw() + public
    key = HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(shared)
    nonce = os.urandom(NONCE_BYTES)
    return public + nonce + AESGCM(key).encrypt(nonce, content, None)
