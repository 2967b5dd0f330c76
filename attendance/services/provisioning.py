"""How a kiosk and its key come to be known: a one-time code, a change of keys, revocation.

The code is shown once and travels nowhere: a kiosk proves that it has it by an HMAC over the key
it brings. Whoever listens learns nothing that works, and cannot put another key in its place.
"""

import base64
import binascii
import hashlib
import hmac
import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import IntegrityError, transaction
from django.utils import timezone

from attendance import defaults
from attendance.errors import CodeRefused, KeyRefused
from attendance.models import Kiosk, Site

from . import server_key
from .bells import call_kiosks
from .canonical import provision_message, rotation_message
from .doors import give_door

logger = logging.getLogger(__name__)

# Letters and digits that are not taken for one another when read from a screen.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_SECRET_LENGTH = 16  # 79 bits
_GROUP = 4


@dataclass(frozen=True, slots=True)
class Introduction:
    """What a kiosk says when it is provisioned."""

    code_name: str
    public_key: str
    nonce: str
    proof: str
    """HMAC-SHA256 under the code's hash, hexadecimal."""
    signature: str
    """By the new key, base64."""


def create_kiosk(*, name: str, site: Site, zone: str = "") -> tuple[Kiosk, str]:
    """Create a kiosk at a door of its name; return it with its code, which is not shown again."""
    kiosk = Kiosk(name=name, site=site, zone=zone)
    with transaction.atomic():
        kiosk.full_clean(exclude=["door"])
        give_door(kiosk=kiosk)
        kiosk.save()
    return kiosk, issue_code(kiosk=kiosk)


def issue_code(*, kiosk: Kiosk) -> str:
    """Give a kiosk a new one-time code and return it; the one before is void.

    The key in use goes on working until the code is used. The code's second half is the
    fingerprint of this server's key: it tells the kiosk whom to trust.
    """
    secret = "".join(secrets.choice(_ALPHABET) for _ in range(_SECRET_LENGTH))
    kiosk.code_name = code_name(secret)
    kiosk.code_hash = _code_hash(secret)
    kiosk.code_expires_at = timezone.now() + defaults.CODE_VALIDITY
    kiosk.code_used_at = None
    kiosk.save(update_fields=["code_name", "code_hash", "code_expires_at", "code_used_at"])
    whole = secret + server_key.fingerprint(server_key.public_key())
    return "-".join(whole[at : at + _GROUP] for at in range(0, len(whole), _GROUP))


def code_name(secret: str) -> str:
    """Return by what a code is found: it says nothing about the code."""
    return hashlib.sha256(b"lintel code name\n" + secret.encode()).hexdigest()[:32]


def _code_hash(secret: str) -> str:
    return hashlib.sha256(b"lintel code\n" + secret.encode()).hexdigest()


def provision_kiosk(*, introduction: Introduction) -> Kiosk:
    """Take a kiosk's key in exchange for its one-time code.

    The same key under the same code again is answered alike: the first answer may have been
    lost. Raises CodeRefused or KeyRefused, and changes nothing then.
    """
    message = provision_message(
        code_name=introduction.code_name,
        public_key=introduction.public_key,
        nonce=introduction.nonce,
    )
    with transaction.atomic():
        kiosk = (
            Kiosk.objects.select_for_update().filter(code_name=introduction.code_name).first()
            if introduction.code_name
            else None
        )
        if kiosk is None or not _proven(kiosk, message, introduction.proof):
            raise CodeRefused("This code is not known. Make a new one in the console.")
        _check_possession(introduction.public_key, introduction.signature, message)
        if kiosk.code_used_at is not None:
            if kiosk.public_key != introduction.public_key:
                raise CodeRefused(
                    "This code was used already. Make a new one in the console.", code="code_used"
                )
            return kiosk
        now = timezone.now()
        if kiosk.code_expires_at is None or now > kiosk.code_expires_at:
            raise CodeRefused(
                "This code has expired. Make a new one in the console.", code="code_expired"
            )
        kiosk.code_used_at = now
        _set_key(kiosk, introduction.public_key)
    logger.info("kiosk %s provisioned, key %s", kiosk.pk, key_fingerprint(kiosk=kiosk))
    return kiosk


def rotate_key(*, kiosk: Kiosk, public_key: str, signature: str) -> Kiosk:
    """Put a kiosk's next key in place of the one that signed this request.

    Raises KeyRefused.
    """
    _check_possession(
        public_key, signature, rotation_message(kiosk=str(kiosk.pk), public_key=public_key)
    )
    with transaction.atomic():
        locked = Kiosk.objects.select_for_update().get(pk=kiosk.pk)
        if locked.public_key != kiosk.public_key:
            raise KeyRefused("The key was changed or revoked meanwhile.", code="key_changed")
        _set_key(locked, public_key)
    logger.info("kiosk %s has a new key, %s", kiosk.pk, key_fingerprint(kiosk=locked))
    return locked


def demand_rotation(*, kiosk: Kiosk) -> None:
    """Ask a kiosk to make a new key; it hears of it within a second."""
    kiosk.rotation_wanted = True
    kiosk.save(update_fields=["rotation_wanted"])
    transaction.on_commit(call_kiosks)


def revoke_key(*, kiosk: Kiosk) -> None:
    """Leave a kiosk without key and code; it is refused from now on, and hears so at once."""
    kiosk.public_key = ""
    kiosk.key_since = None
    kiosk.key_revoked = True
    kiosk.rotation_wanted = False
    kiosk.code_name = None
    kiosk.code_hash = ""
    kiosk.save(
        update_fields=[
            *("public_key", "key_since", "key_revoked", "rotation_wanted"),
            *("code_name", "code_hash"),
        ]
    )
    transaction.on_commit(call_kiosks)


def key_fingerprint(*, kiosk: Kiosk) -> str:
    """Return the fingerprint of a kiosk's key in groups of four; empty without a key."""
    if not kiosk.public_key:
        return ""
    whole = server_key.fingerprint(kiosk.public_key)
    return "-".join(whole[at : at + _GROUP] for at in range(0, len(whole), _GROUP))


def code_waits(*, kiosk: Kiosk) -> bool:
    """Say whether a code was made that can still be used."""
    return (
        bool(kiosk.code_name)
        and kiosk.code_used_at is None
        and kiosk.code_expires_at is not None
        and kiosk.code_expires_at - timezone.now() > timedelta(0)
    )


def _proven(kiosk: Kiosk, message: bytes, proof: str) -> bool:
    wanted = hmac.new(bytes.fromhex(kiosk.code_hash), message, hashlib.sha256).hexdigest()
    return hmac.compare_digest(wanted.encode(), proof.encode())


def _check_possession(public_key: str, signature: str, message: bytes) -> None:
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
        key.verify(base64.b64decode(signature, validate=True), message)
    except (binascii.Error, ValueError, InvalidSignature) as error:
        raise KeyRefused("The new key did not sign this, or is no Ed25519 key.") from error


def _set_key(kiosk: Kiosk, public_key: str) -> None:
    kiosk.public_key = public_key
    kiosk.key_since = timezone.now()
    kiosk.key_revoked = False
    kiosk.rotation_wanted = False
    try:
        with transaction.atomic():
            kiosk.save()
    except IntegrityError as error:
        raise KeyRefused("This key is another kiosk's.", code="key_taken") from error
