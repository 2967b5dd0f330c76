"""Who speaks: a request's signature, its clock and its nonce, and the kiosk they prove.

Nothing is cached: a key that was revoked a moment ago opens nothing now.
"""

import base64
import binascii
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

import redis
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.utils import timezone

from attendance import defaults
from attendance.errors import (
    ClockSkew,
    KioskInactive,
    KioskRevoked,
    KioskUnknown,
    NonceReplayed,
    QueueUnavailable,
    SignatureBad,
)
from attendance.models import Kiosk

from .canonical import request_message
from .redis import connection

logger = logging.getLogger(__name__)

# How stale last_seen_at may get: writing it with every request would be a row a second.
SEEN_EVERY = timedelta(seconds=5)
# A nonce is 16 random bytes or more, in hexadecimal.
NONCE_LENGTHS = range(32, 65)


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A request as its sender signed it."""

    kiosk: str
    method: str
    target: str
    """Path with query."""
    body_sha256: str
    time: str
    """The kiosk's clock, ISO 8601 with its offset."""
    nonce: str
    signature: str
    """Ed25519, base64."""


def authenticate_kiosk(*, request: SignedRequest) -> Kiosk:
    """Return the kiosk that signed a request, and note that it was seen.

    Raises KioskUnknown, KioskRevoked, SignatureBad, KioskInactive, ClockSkew, NonceReplayed, or
    QueueUnavailable where nonces cannot be kept: then nothing can be told from its replay.
    """
    kiosk = _kiosk(request.kiosk)
    _check_signature(kiosk, request)
    if not kiosk.active:
        raise KioskInactive("This kiosk is switched off in the console.")
    now = timezone.now()
    skew = _checked_skew(request.time, now=now)
    _spend_nonce(kiosk, request.nonce)
    _note_seen(kiosk, now=now, skew=skew)
    return kiosk


def still_accepted(*, kiosk: Kiosk) -> Kiosk:
    """Return a kiosk as it is now, whose request was authenticated a while ago.

    Raises what `authenticate_kiosk` raises where its key was revoked or changed meanwhile, or it
    was switched off: whoever waits for news hears that first.
    """
    current = _kiosk(str(kiosk.pk))
    if current.public_key != kiosk.public_key:
        raise SignatureBad("The kiosk's key was changed meanwhile.")
    if not current.active:
        raise KioskInactive("This kiosk is switched off in the console.")
    return current


@dataclass(frozen=True, slots=True)
class Health:
    """What a kiosk says of itself."""

    camera: str
    waiting: int
    set_aside: int
    spool_full: bool
    door_faults: int


def note_health(*, kiosk: Kiosk, health: Health) -> None:
    """Keep what a kiosk says of itself; what is worse than before goes into the log as well."""
    if health.camera == "lost" and kiosk.camera != "lost":
        logger.warning("kiosk %s has lost its camera", kiosk.pk)
    if health.spool_full and not kiosk.spool_full:
        logger.warning("kiosk %s can keep nothing more", kiosk.pk)
    Kiosk.objects.filter(pk=kiosk.pk).update(
        camera=health.camera,
        spool_waiting=health.waiting,
        spool_aside=health.set_aside,
        spool_full=health.spool_full,
        door_faults=health.door_faults,
    )


def _kiosk(number: str) -> Kiosk:
    # A number with more digits than a key has would not even reach the database.
    known = number.isascii() and number.isdigit() and len(number) < 19
    kiosk = (
        Kiosk.objects.select_related("door__site", "site").filter(pk=int(number)).first()
        if known
        else None
    )
    if kiosk is None or not (kiosk.public_key or kiosk.key_revoked):
        raise KioskUnknown("This kiosk is not known here. Make a code for it in the console.")
    if kiosk.key_revoked:
        raise KioskRevoked("This kiosk's key was revoked. Make a new code in the console.")
    return kiosk


def _check_signature(kiosk: Kiosk, request: SignedRequest) -> None:
    message = request_message(
        kiosk=request.kiosk,
        method=request.method,
        target=request.target,
        body_sha256=request.body_sha256,
        time=request.time,
        nonce=request.nonce,
    )
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(kiosk.public_key))
    try:
        key.verify(base64.b64decode(request.signature, validate=True), message)
    except (binascii.Error, ValueError, InvalidSignature) as error:
        raise SignatureBad("The signature is not this kiosk's, or the request was changed.") from (
            error
        )


def _checked_skew(text: str, *, now: datetime) -> timedelta:
    try:
        at = datetime.fromisoformat(text)
        skew = at - now
    except (ValueError, TypeError, OverflowError) as error:
        raise SignatureBad("The request's time is no time with an offset.") from error
    if abs(skew) > defaults.MAX_CLOCK_SKEW:
        raise ClockSkew(
            f"The kiosk's clock is off by {round(skew.total_seconds())} s; "
            f"the server's time is {now.isoformat(timespec='seconds')}. Set the kiosk's clock."
        )
    return skew


def _spend_nonce(kiosk: Kiosk, nonce: str) -> None:
    """Take a nonce once. Kept for as long as its request's time would be taken."""
    if len(nonce) not in NONCE_LENGTHS or not nonce.isascii() or not nonce.isalnum():
        raise SignatureBad("A nonce is 32 to 64 hexadecimal digits.")
    key = f"{settings.REDIS_PREFIX}nonce:{kiosk.pk}:{nonce}"
    # The window reaches into the past and into the future.
    lasts_s = int(2 * defaults.MAX_CLOCK_SKEW.total_seconds()) + 1
    try:
        first = connection().set(key, b"1", nx=True, ex=lasts_s)
    except redis.RedisError as error:
        raise QueueUnavailable("The queue cannot be reached. Try again in a moment.") from error
    if not first:
        raise NonceReplayed("This request was sent before.")


def _note_seen(kiosk: Kiosk, *, now: datetime, skew: timedelta) -> None:
    if kiosk.last_seen_at is None or now - kiosk.last_seen_at > SEEN_EVERY:
        skew_ms = round(skew.total_seconds() * 1000)
        Kiosk.objects.filter(pk=kiosk.pk).update(last_seen_at=now, clock_skew_ms=skew_ms)
        kiosk.last_seen_at, kiosk.clock_skew_ms = now, skew_ms
