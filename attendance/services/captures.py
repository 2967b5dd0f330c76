"""Taking captures in, once each, and never leaving one without an answer."""

import hashlib
import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from attendance import defaults
from attendance.choices import CaptureFailure, CaptureState
from attendance.errors import CaptureConflict, CaptureRefused, ClockSkew, FrameRejected
from attendance.models import Capture, Kiosk
from attendance.selectors.answers import find_capture
from recognition import DecodeError, DecodeLimits, inspect

from . import bells, frames, queue
from .check_ins import note_let_in_offline
from .database import unhurried_commit

logger = logging.getLogger(__name__)

FRAME_LIMITS = DecodeLimits(
    max_bytes=defaults.MAX_FRAME_BYTES, max_pixels=defaults.MAX_FRAME_PIXELS
)


@dataclass(frozen=True)
class KioskTimes:
    """The readings of a kiosk's clock that come with a capture."""

    captured_at: datetime
    sent_at: datetime
    capture_skew_ms: int | None = None
    """How far it was ahead when the frames were taken, where the kiosk knows."""
    offline_person: uuid.UUID | None = None
    """Whom the kiosk has let in by itself already."""


def accept_capture(
    *, capture_id: uuid.UUID, kiosk: Kiosk, times: KioskTimes, pictures: Sequence[bytes]
) -> Capture:
    """Store a capture and queue it; the same one again returns what is stored.

    Raises CaptureConflict, ClockSkew, FrameRejected, CaptureRefused or QueueUnavailable, and
    stores nothing then.
    """
    now = timezone.now()
    digest = _digest(pictures)
    known = Capture.objects.filter(pk=capture_id).first()
    if known is not None:
        same = _same_capture(known, kiosk=kiosk, digest=digest)
        if times.offline_person is not None:
            note_let_in_offline(capture=same, person_id=times.offline_person)
        return same
    skew = checked_skew(times, now=now)
    _check_pictures(pictures)
    capture = Capture(
        id=capture_id,
        kiosk=kiosk,
        captured_at=times.captured_at,
        received_at=now,
        queued_at=now,
        clock_skew_ms=skew,
        capture_skew_ms=times.capture_skew_ms,
        offline_person=times.offline_person,
        frame_count=len(pictures),
        frames_digest=digest,
    )
    with transaction.atomic():
        # The unique key decides which of two requests at once is first; the other waits here
        # until the first has committed, and then finds its row.
        Capture.objects.bulk_create([capture], ignore_conflicts=True)
        stored = Capture.objects.select_for_update().get(pk=capture_id)
        if stored.received_at != now or stored.frames_digest != digest:
            return _same_capture(stored, kiosk=kiosk, digest=digest)
        frames.put_frames(capture_id=capture_id, frames=pictures)
        transaction.on_commit(lambda: queue.queue_decision(capture_id=capture_id))
    logger.info("capture accepted, %d frames", len(pictures), extra={"capture": capture_id})
    return stored


def close_failed(*, capture_id: uuid.UUID, failure: CaptureFailure) -> None:
    """Close an undecided capture as failed and tell whoever waits for it."""
    with transaction.atomic():
        closed = Capture.objects.filter(pk=capture_id, state=CaptureState.QUEUED).update(
            state=CaptureState.FAILED, failure=failure, closed_at=timezone.now()
        )
        if closed:
            transaction.on_commit(lambda: bells.announce(capture_id=capture_id))
    if closed:
        logger.warning("capture failed: %s", failure, extra={"capture": capture_id})


def capture_asked_for(*, capture_id: uuid.UUID, kiosk: Kiosk) -> Capture | None:
    """Return a kiosk's own capture as it stands, or None.

    One that waited past its frames' end is closed as failed first: without any worker nobody
    else would ever close it. Raises CaptureConflict for another kiosk's.
    """
    capture = find_capture(capture_id=capture_id, kiosk=kiosk)
    if capture is None and Capture.objects.filter(pk=capture_id).exists():
        raise CaptureConflict("This capture is another kiosk's.", code="other_kiosks_capture")
    if capture is None or capture.state != CaptureState.QUEUED:
        return capture
    if timezone.now() - capture.received_at > defaults.CLOSE_AFTER:
        close_failed(capture_id=capture_id, failure=CaptureFailure.FRAMES_EXPIRED)
        return find_capture(capture_id=capture_id, kiosk=kiosk)
    return capture


def begin_attempt(*, capture_id: uuid.UUID) -> bool:
    """Count an attempt at an open capture; return False where there is nothing to do (any more).

    Counted before the work, so that frames which kill their worker are given up in the end.
    """
    with unhurried_commit():  # a count lost with the machine's power is one attempt more
        begun = Capture.objects.filter(
            pk=capture_id, state=CaptureState.QUEUED, attempts__lt=defaults.MAX_ATTEMPTS
        ).update(attempts=F("attempts") + 1)
    if not begun:
        frames.drop_frames(capture_id=capture_id)
        close_failed(capture_id=capture_id, failure=CaptureFailure.GAVE_UP)
    return bool(begun)


def rescue_captures(*, now: datetime) -> int:
    """Queue again, or close as failed, every capture that waits too long; return how many.

    Covers a worker that was killed, a queue that was lost, and frames that expired.
    """
    late = Capture.objects.filter(
        state=CaptureState.QUEUED, queued_at__lt=now - defaults.REQUEUE_AFTER
    ).order_by("queued_at")[:200]
    for capture in late:
        _rescue(capture, now=now)
    return len(late)


def _rescue(capture: Capture, *, now: datetime) -> None:
    if not frames.has_frames(capture_id=capture.pk):
        close_failed(capture_id=capture.pk, failure=CaptureFailure.FRAMES_EXPIRED)
        return
    # Several rescuers may run: only the one whose update hits queues the capture.
    hit = Capture.objects.filter(
        pk=capture.pk, state=CaptureState.QUEUED, queued_at=capture.queued_at
    ).update(queued_at=now)
    if hit:
        logger.warning("capture queued again", extra={"capture": capture.pk})
        queue.queue_decision(capture_id=capture.pk)


def _same_capture(stored: Capture, *, kiosk: Kiosk, digest: str) -> Capture:
    if stored.kiosk_id != kiosk.pk:
        raise CaptureConflict("This capture is another kiosk's.", code="other_kiosks_capture")
    if stored.frames_digest != digest:
        raise CaptureConflict("This capture id was already used with other frames.")
    return stored


def checked_skew(times: KioskTimes, *, now: datetime) -> int:
    """Return how far the kiosk's clock is ahead, in milliseconds; raise where it is too far off."""
    skew = times.sent_at - now
    if abs(skew) > defaults.MAX_CLOCK_SKEW:
        raise ClockSkew(
            f"The kiosk's clock is off by {round(skew.total_seconds())} s; "
            f"the server's time is {now.isoformat(timespec='seconds')}. Set the kiosk's clock."
        )
    if times.capture_skew_ms is None:
        age = times.sent_at - times.captured_at
    else:
        # The clock may have been set since then.
        age = now - (times.captured_at - timedelta(milliseconds=times.capture_skew_ms))
    if age < -defaults.MAX_CLOCK_SKEW or age > defaults.MAX_CAPTURE_AGE:
        raise CaptureRefused(
            "captured_at must lie before sent_at and at most "
            f"{defaults.MAX_CAPTURE_AGE.days} days before it.",
            code="captured_at_out_of_range",
        )
    return round(skew.total_seconds() * 1000)


def _check_pictures(pictures: Sequence[bytes]) -> None:
    if not 1 <= len(pictures) <= defaults.MAX_FRAMES:
        raise CaptureRefused(
            f"Send 1 to {defaults.MAX_FRAMES} frames, not {len(pictures)}.", code="frame_count"
        )
    for number, picture in enumerate(pictures, start=1):
        try:
            inspect(picture, limits=FRAME_LIMITS)
        except DecodeError as error:
            raise FrameRejected(f"Frame {number}: {error}", code=error.code) from error


def _digest(pictures: Sequence[bytes]) -> str:
    whole = hashlib.sha256()
    for picture in pictures:
        whole.update(hashlib.sha256(picture).digest())
    return whole.hexdigest()
