"""Writing decisions down, each exactly once."""

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from attendance.access import AccessAnswer, AccessReason, Factor
from attendance.choices import CaptureState, OfflineVerdict, ReasonCode
from attendance.models import Capture, CheckIn, Kiosk, MatchPolicy, Person
from attendance.selectors.door_rules import kiosk_at_door
from attendance.selectors.permitted import permitted_people
from recognition import Decision, EngineId, Probe, Reason

from . import bells
from .access import apply_answer, ask_access, record_passages
from .decision_lock import lock_decisions
from .factor_requests import request_factors
from .gallery import LoadedGallery

logger = logging.getLogger(__name__)

BY_FACE = frozenset({Factor.FACE})


@dataclass(frozen=True)
class _Judged:
    """What came of a match: whom it means, and what the access policy says about them."""

    reason: ReasonCode
    person: Person | None = None
    answer: AccessAnswer | None = None
    unsure: bool = False


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
    whoever was deactivated or withdrew consent while the worker computed is refused. Then the
    access policy is asked, under the lock that makes decisions follow one another.
    """
    with transaction.atomic():
        capture = Capture.objects.select_for_update().get(pk=capture_id)
        if capture.state != CaptureState.QUEUED:
            return None
        lock_decisions()
        now = timezone.now()
        kiosk = capture.kiosk = kiosk_at_door(kiosk_id=capture.kiosk_id)
        check_in = CheckIn(
            capture=capture,
            door=kiosk.door,
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
        _fill_distances(check_in, decision)
        _decide(check_in, decision, loaded, kiosk)
        mark_offline(check_in=check_in, capture=capture)
        capture.state = CaptureState.DECIDED
        capture.closed_at = now
        capture.save(update_fields=["state", "closed_at"])
        transaction.on_commit(lambda: bells.announce(capture_id=capture_id))
    logger.info("decided: %s", check_in.reason, extra={"capture": capture_id})
    return check_in


def mark_offline(*, check_in: CheckIn, capture: Capture) -> None:
    """Say whether the server agrees with a kiosk that opened by itself."""
    if capture.offline_person is None:
        return
    agrees = check_in.accepted and check_in.person_id == capture.offline_person
    check_in.offline = OfflineVerdict.CONFIRMED if agrees else OfflineVerdict.CONTRADICTED
    check_in.save(update_fields=["offline"])
    if not agrees:
        logger.warning("a kiosk had let somebody in whom the server refuses")


def note_let_in_offline(*, capture: Capture, person_id: uuid.UUID) -> None:
    """Note that a kiosk opened by itself on what was sent here before.

    The answer had been lost on its way; both are one event, and whether they agree is marked.
    """
    with transaction.atomic():
        sent = Capture.objects.select_for_update().get(pk=capture.pk)
        if sent.offline_person is not None:
            return
        sent.offline_person = person_id
        sent.save(update_fields=["offline_person"])
        check_in = CheckIn.objects.filter(capture=sent).first()
        if check_in is not None:
            mark_offline(check_in=check_in, capture=sent)


def event_time(capture: Capture) -> datetime:
    """Return when a capture happened, in the server's time: the kiosk's clock less its skew.

    The kiosk's own measurement comes first: a clock may be set between taking and sending.
    """
    then, now = capture.capture_skew_ms, capture.clock_skew_ms
    return capture.captured_at - timedelta(milliseconds=now if then is None else then)


def doubtful(decision: Decision, policy: MatchPolicy, quality: float | None) -> bool:
    """Say whether a face resembles somebody without being certainly theirs.

    Near but nearly as near to another, just too far away, or near by a poor picture.
    """
    if decision.accepted:
        return quality is not None and quality < policy.doubt_quality
    if decision.match is None or decision.match.label is None:
        return False
    nearly = decision.match.distance <= policy.threshold * policy.doubt_band
    return nearly and decision.reason in (Reason.AMBIGUOUS, Reason.NOT_RECOGNISED)


def _fill_distances(check_in: CheckIn, decision: Decision) -> None:
    if decision.match is not None and decision.match.label is not None:
        check_in.best_distance = decision.match.distance
        if decision.match.second_label is not None:
            check_in.second_distance = decision.match.second_distance


def _decide(check_in: CheckIn, decision: Decision, loaded: LoadedGallery, kiosk: Kiosk) -> None:
    """Fill in the outcome, save the check-in, and write down who goes through the door."""
    judged = _judge(check_in, decision, loaded.policy, kiosk)
    check_in.accepted, check_in.reason = False, judged.reason
    if judged.person is None or judged.answer is None:
        check_in.save(force_insert=True)
        return
    apply_answer(
        check_in=check_in,
        person=judged.person,
        answer=judged.answer,
        factors=BY_FACE,
        repeat_window_s=loaded.policy.repeat_window_s,
    )
    check_in.save(force_insert=True)
    request_factors(check_in=check_in, doubtful=judged.unsure)
    record_passages(check_in=check_in, kiosk=kiosk, answer=judged.answer)


def _judge(check_in: CheckIn, decision: Decision, policy: MatchPolicy, kiosk: Kiosk) -> _Judged:
    """Ask the access policy about whoever the face shows, or nearly shows where a PIN may help."""
    unsure = kiosk.door.step_up and doubtful(decision, policy, check_in.quality)
    if not decision.accepted and not unsure:
        return _Judged(ReasonCode(decision.reason))
    person = _permitted_person(decision, now=check_in.decided_at)
    if person is None:
        return _Judged(
            ReasonCode.NOT_PERMITTED if decision.accepted else ReasonCode(decision.reason)
        )
    answer = ask_access(
        person=person,
        kiosk=kiosk,
        factors=BY_FACE,
        doubtful=unsure,
        happened_at=check_in.happened_at,
        now=check_in.decided_at,
    )
    if not decision.accepted and answer.reason is not AccessReason.FACTOR_MISSING:
        # Perhaps somebody else: nothing is told, or written down, about whom it resembles.
        return _Judged(ReasonCode(decision.reason))
    return _Judged(ReasonCode.MATCHED, person, answer, unsure)


def _permitted_person(decision: Decision, *, now: datetime) -> Person | None:
    if decision.match is None or decision.match.label is None:
        return None
    return permitted_people(at=now).filter(pk=uuid.UUID(decision.match.label)).first()
