"""Captures as kiosks send them, straight to the services."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import cast

from django.conf import settings
from django.utils import timezone

from attendance.models import Capture, CheckIn, Kiosk
from attendance.services.captures import KioskTimes, accept_capture
from attendance.services.decisions import decide_capture
from attendance.services.redis import connection
from tests.attendance.pictures import ADA, portrait


def send(
    kiosk: Kiosk,
    *pictures: bytes,
    capture_id: uuid.UUID | None = None,
    captured_at: datetime | None = None,
    sent_at: datetime | None = None,
) -> Capture:
    """Hand in a capture; a picture of Ada unless others are given."""
    sent = sent_at or timezone.now()
    return accept_capture(
        capture_id=capture_id or uuid.uuid4(),
        kiosk=kiosk,
        times=KioskTimes(captured_at=captured_at or sent, sent_at=sent),
        pictures=pictures or (portrait(ADA.identity, 1),),
    )


def decided(
    kiosk: Kiosk, pictures: Sequence[bytes], *, captured_at: datetime | None = None
) -> CheckIn:
    """Hand in a capture, decide it as a worker does, and return its check-in."""
    capture = send(kiosk, *pictures, captured_at=captured_at)
    decide_capture(capture_id=capture.pk)
    return CheckIn.objects.get(capture=capture)


def queued(name: str = "captures") -> int:
    """Return how many messages wait in a queue of Celery's."""
    return len(messages(name))


def messages(name: str = "captures") -> list[bytes]:
    """Return the messages that wait in a queue of Celery's."""
    return cast(list[bytes], connection().lrange(f"{settings.REDIS_PREFIX}{name}", 0, -1))
