"""Kiosks and their tokens. A token is shown once, when it is made; only its hash is kept."""

import hashlib
import secrets
from datetime import timedelta

from django.utils import timezone

from attendance.errors import KioskInactive, KioskUnknown
from attendance.models import Kiosk, Site

# How stale last_seen_at may get: writing it with every request would be a row a second.
SEEN_EVERY = timedelta(seconds=5)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def create_kiosk(*, name: str, site: Site, zone: str = "") -> tuple[Kiosk, str]:
    """Create a kiosk; return it with its token, which cannot be shown again."""
    kiosk = Kiosk(name=name, site=site, zone=zone)
    kiosk.full_clean()
    kiosk.save()
    return kiosk, issue_token(kiosk=kiosk)


def issue_token(*, kiosk: Kiosk) -> str:
    """Give a kiosk a new token and return it; the one before stops working at once."""
    token = secrets.token_urlsafe(32)
    kiosk.token_hash = _hash(token)
    kiosk.save(update_fields=["token_hash"])
    return token


def revoke_token(*, kiosk: Kiosk) -> None:
    """Leave a kiosk without a token."""
    kiosk.token_hash = None
    kiosk.save(update_fields=["token_hash"])


def token_opens(*, kiosk: Kiosk, token: str) -> bool:
    """Say whether a token is this kiosk's."""
    return kiosk.token_hash == _hash(token)


def authenticate_kiosk(*, token: str) -> Kiosk:
    """Return the kiosk a token belongs to, and note that it was seen.

    Raises KioskUnknown or KioskInactive.
    """
    kiosk = Kiosk.objects.select_related("site").filter(token_hash=_hash(token)).first()
    if kiosk is None:
        raise KioskUnknown("The kiosk's token is not known. Issue a new one in the console.")
    if not kiosk.active:
        raise KioskInactive("This kiosk is switched off in the console.")
    now = timezone.now()
    if kiosk.last_seen_at is None or now - kiosk.last_seen_at > SEEN_EVERY:
        Kiosk.objects.filter(pk=kiosk.pk).update(last_seen_at=now)
        kiosk.last_seen_at = now
    return kiosk
