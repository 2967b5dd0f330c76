"""Taking in what a kiosk tells of its door."""

import logging
import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from attendance import defaults
from attendance.choices import DoorEventKind
from attendance.errors import CaptureConflict, CaptureRefused
from attendance.models import DoorEvent, Kiosk

from .access import take_back_passages
from .decision_lock import lock_decisions

logger = logging.getLogger(__name__)


def record_door_event(
    *,
    event_id: uuid.UUID,
    kiosk: Kiosk,
    kind: DoorEventKind,
    reported_at: datetime,
    skew_ms: int | None,
    capture_id: uuid.UUID | None = None,
) -> DoorEvent:
    """Store an event of a door; the same one again returns what is stored.

    `skew_ms` is how far the kiosk's clock was ahead then, where it knows. `capture_id` is what a
    door stayed shut on: whoever was let in by it did not come in. Raises CaptureConflict for an id
    that another kiosk has used, CaptureRefused for a time that cannot be, or a capture that has no
    place in such an event.
    """
    if (capture_id is not None) != (kind == DoorEventKind.STAYED_SHUT):
        raise CaptureRefused("A capture belongs to stayed_shut.", code="capture_out_of_place")
    now = timezone.now()
    happened_at = _corrected(reported_at, skew_ms)
    if happened_at is None or not (
        -defaults.MAX_CLOCK_SKEW <= now - happened_at <= defaults.MAX_CAPTURE_AGE
    ):
        raise CaptureRefused("The event's time is out of range.", code="happened_at_out_of_range")
    with transaction.atomic():
        if capture_id is not None:
            # A decision that is being written sees this event, or this sees its passage.
            lock_decisions()
        DoorEvent.objects.bulk_create(
            [
                DoorEvent(
                    id=event_id,
                    kiosk=kiosk,
                    kind=kind,
                    happened_at=happened_at,
                    reported_at=reported_at,
                    received_at=now,
                    capture_id=capture_id,
                )
            ],
            ignore_conflicts=True,
        )
        stored = DoorEvent.objects.get(pk=event_id)
        if stored.kiosk_id != kiosk.pk:
            raise CaptureConflict("This event is another kiosk's.", code="other_kiosks_event")
        if capture_id is not None:
            take_back_passages(capture_id=capture_id, kiosk=kiosk)
    logger.warning("door of kiosk %s: %s", kiosk.pk, kind)
    return stored


def _corrected(at: datetime, skew_ms: int | None) -> datetime | None:
    try:
        return at - timedelta(milliseconds=skew_ms or 0)
    except OverflowError:
        return None
