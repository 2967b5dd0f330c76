"""Writing decisions down, each exactly once."""

import logging
import uuid
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from attendance.choices import CaptureState, ReasonCode
from attendance.models import Capture, CheckIn, Person
from attendance.selectors.permitted import permitted_people
from recognition import Decision, EngineId, Probe

from . import answers
from .gallery import LoadedGallery

logger = logging.getLogger(__name__)

# Any constant of our own: the advisory lock under which check-in keys are handed out.
_CHECK_IN_LOCK = 0x4C494E54


def check_in_record(
    *,
    capture_id: uuid.UUID,
    decision: Decision,
    probe: Probe | None,
    loaded: LoadedGallery,
    engine: EngineId,
) -> CheckIn | None:
    """Store a decision and close its capture; return None when it was closed before.

    An accepted person is looked up again here, in the transaction that writes and by its time:
    whoever was deactivated or withdrew consent while the worker computed is refused.
    """
    with transaction.atomic():
        capture = Capture.objects.select_for_update().get(pk=capture_id)
        if capture.state != CaptureState.QUEUED:
            return None
        _lock_check_ins()
        now = timezone.now()
        person = _permitted_person(decision, now=now)
        check_in = CheckIn(
            capture=capture,
            happened_at=event_time(capture),
            decided_at=now,
            frames_used=probe.frames_used if probe else 0,
            quality=probe.quality if probe else None,
            engine_name=engine.name,
            engine_version=engine.version,
            threshold=loaded.policy.threshold,
            margin=loaded.policy.margin,
            policy=loaded.policy,
            gallery_version=loaded.version,
            gallery_size=loaded.gallery.people_count,
        )
        _fill_outcome(check_in, decision, person, loaded)
        check_in.save(force_insert=True)
        capture.state = CaptureState.DECIDED
        capture.closed_at = now
        capture.save(update_fields=["state", "closed_at"])
        transaction.on_commit(lambda: answers.announce(capture_id=capture_id))
    logger.info("decided: %s", check_in.reason, extra={"capture": capture_id})
    return check_in


def event_time(capture: Capture) -> datetime:
    """Return when a capture happened, in the server's time: the kiosk's clock less its skew.

    The kiosk's own measurement comes first: a clock may be set between taking and sending.
    """
    then, now = capture.capture_skew_ms, capture.clock_skew_ms
    return capture.captured_at - timedelta(milliseconds=now if then is None else then)


def _fill_outcome(
    check_in: CheckIn, decision: Decision, person: Person | None, loaded: LoadedGallery
) -> None:
    if decision.match is not None and decision.match.label is not None:
        check_in.best_distance = decision.match.distance
        if decision.match.second_label is not None:
            check_in.second_distance = decision.match.second_distance
    check_in.accepted = decision.accepted and person is not None
    check_in.reason = (
        ReasonCode.NOT_PERMITTED
        if decision.accepted and person is None
        else ReasonCode(decision.reason)
    )
    if check_in.accepted:
        check_in.person = person
        check_in.repeat_of = _repeated(check_in, within_s=loaded.policy.repeat_window_s)


def _permitted_person(decision: Decision, *, now: datetime) -> Person | None:
    if not decision.accepted or decision.match is None or decision.match.label is None:
        return None
    return permitted_people(at=now).filter(pk=uuid.UUID(decision.match.label)).first()


def _repeated(check_in: CheckIn, *, within_s: int) -> CheckIn | None:
    """Return the check-in that this one repeats: same person and site, just before (or after)."""
    window = timedelta(seconds=within_s)
    return (
        CheckIn.objects.filter(
            person=check_in.person,
            accepted=True,
            repeat_of=None,
            capture__kiosk__site=check_in.capture.kiosk.site_id,
            happened_at__gt=check_in.happened_at - window,
            happened_at__lt=check_in.happened_at + window,
        )
        .order_by("-happened_at")
        .first()
    )


def _lock_check_ins() -> None:
    """Let one transaction at a time hand out a key, so that keys appear in their order.

    Held from here to the commit, a millisecond; a reader who resumes after key n then never
    misses a smaller key that commits later.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHECK_IN_LOCK])
