"""Number, PIN and challenge: taken in once, checked, and decided as a capture is."""

import hashlib
import logging
import uuid
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from attendance import defaults
from attendance.access import AccessReason, Factor
from attendance.choices import CaptureState, ReasonCode
from attendance.errors import CaptureConflict, CaptureRefused
from attendance.models import Capture, CheckIn, Entry, FactorRequest, Kiosk, Person
from attendance.pins.typed import TypedPin
from attendance.selectors.door_rules import kiosk_at_door
from attendance.selectors.permitted import permitted_people

from . import bells
from .access import apply_answer, ask_access, record_passages, split_factors
from .captures import KioskTimes, checked_skew
from .check_ins import event_time, mark_offline, note_let_in_offline
from .decision_lock import lock_decisions
from .factor_requests import answer_challenge, ask_further, close_request, open_request
from .pin_attempts import Claim
from .pin_checks import OfflineWord, PinAnswer, PinOutcome, check_pin, check_word, claim_of
from .policies import current_policy

logger = logging.getLogger(__name__)

BY_NUMBER = frozenset({Factor.NUMBER})

REFUSALS = {
    PinOutcome.WRONG: ReasonCode.WRONG_PIN,
    PinOutcome.LOCKED: ReasonCode.PIN_LOCKED,
    PinOutcome.EXPIRED: ReasonCode.PIN_EXPIRED,
}


@dataclass(frozen=True)
class Given:
    """What somebody entered at a kiosk. No text of it shows a PIN or a challenge."""

    capture: uuid.UUID | None
    number: str
    pin: TypedPin | None
    challenge: str = field(repr=False)
    how: tuple[str, ...] = ()
    offline: OfflineWord | None = None
    """What the kiosk made of number and PIN by itself, instead of the PIN."""


@dataclass(frozen=True)
class _Findings:
    """What the given proves, and of whom; a reason where it proves nothing."""

    person: Person | None = None
    shown: frozenset[Factor] = frozenset()
    reason: ReasonCode | None = None
    request: FactorRequest | None = None
    pin: PinAnswer | None = None


def accept_entry(
    *, entry_id: uuid.UUID, kiosk: Kiosk, times: KioskTimes, given: Given
) -> tuple[Capture, bool]:
    """Store that an entry came, as a capture without frames; return it, and whether it is new.

    Raises CaptureConflict, ClockSkew or CaptureRefused, and stores nothing then. What a PIN is
    does not go into what is stored, so the same id with another PIN is the same entry.
    """
    now = timezone.now()
    digest = _digest(given)
    skew = checked_skew(times, now=now)
    _require_complete(given)
    capture = Capture(
        id=entry_id,
        kiosk=kiosk,
        captured_at=times.captured_at,
        received_at=now,
        queued_at=now,
        clock_skew_ms=skew,
        capture_skew_ms=times.capture_skew_ms,
        offline_person=given.offline.person if given.offline and given.offline.let_in else None,
        frame_count=0,
        frames_digest=digest,
    )
    if given.offline is None and now - event_time(capture) > defaults.DOOR_OPEN_WITHIN:
        # The kiosk has given it up, and the person has been told so: what a cut line brings now
        # opens nothing, and must not say that somebody came in.
        raise CaptureRefused("This was entered too long ago.", code="entered_at_out_of_range")
    with transaction.atomic():
        Capture.objects.bulk_create([capture], ignore_conflicts=True)
        stored = Capture.objects.select_for_update().get(pk=entry_id)
        if stored.kiosk_id != kiosk.pk:
            raise CaptureConflict("This id is already taken.", code="other_kiosks_capture")
        if stored.frames_digest != digest:
            raise CaptureConflict("This id was already used for something else.")
        if stored.received_at == now:
            Entry.objects.create(capture=stored, how="+".join(sorted(set(given.how)))[:64])
        elif capture.offline_person is not None:
            note_let_in_offline(capture=stored, person_id=capture.offline_person)
    return stored, stored.received_at == now


def decide_entry(*, entry_id: uuid.UUID, kiosk: Kiosk, given: Given) -> None:
    """Check what was entered and write the decision. Takes as long as one pass of argon2id.

    Fails closed: an entry whose decision is not written is closed as failed by the rescuer.
    """
    entered_at = Capture.objects.values_list("captured_at", flat=True).get(pk=entry_id)
    findings = _look(given, kiosk, entered_at=entered_at, now=timezone.now())
    with transaction.atomic():
        capture = Capture.objects.select_for_update().get(pk=entry_id)
        if capture.state != CaptureState.QUEUED:
            return
        lock_decisions()
        now = timezone.now()
        at_door = kiosk_at_door(kiosk_id=kiosk.pk)
        check_in = _new_check_in(capture, at_door, findings, now=now)
        _note(capture, findings)
        _decide(check_in, at_door, findings)
        mark_offline(check_in=check_in, capture=capture)
        capture.state, capture.closed_at = CaptureState.DECIDED, now
        capture.save(update_fields=["state", "closed_at"])
        transaction.on_commit(lambda: bells.announce(capture_id=entry_id))
    logger.info("decided: %s", check_in.reason, extra={"capture": entry_id})


def _look(given: Given, kiosk: Kiosk, *, entered_at: datetime, now: datetime) -> _Findings:
    """Check challenge and PIN; outside of any transaction, so that their counts stand."""
    if given.capture is None:
        return _by_number(given, kiosk, entered_at=entered_at, now=now)
    request = open_request(capture_id=given.capture, kiosk=kiosk, now=now)
    if request is None or request.check_in.person is None:
        return _Findings(reason=ReasonCode.REQUEST_EXPIRED)
    person = permitted_people(at=now).filter(pk=request.check_in.person.pk).first()
    if person is None:
        return _Findings(reason=ReasonCode.NOT_PERMITTED)
    shown = split_factors(request.shown)
    if given.challenge:
        if not answer_challenge(request=request, digits=given.challenge):
            return _Findings(person, shown, ReasonCode.WRONG_CHALLENGE, request)
        shown |= {Factor.CHALLENGE}
    so_far = _Findings(person, shown, request=request)
    if given.pin is None:
        return so_far
    return _with_pin(given, Claim(person.employee_number, person), kiosk, so_far, now=now)


def _by_number(given: Given, kiosk: Kiosk, *, entered_at: datetime, now: datetime) -> _Findings:
    """Check number and PIN, or what a kiosk says that it checked."""
    claim, so_far = claim_of(number=given.number), _Findings(shown=BY_NUMBER)
    if given.offline is None:
        return _with_pin(given, claim, kiosk, so_far, now=now)
    answer = check_word(
        claim=claim, word=given.offline, kiosk=kiosk, entered_at=entered_at, now=now
    )
    return _answered(claim, so_far, answer)


def _with_pin(
    given: Given, claim: Claim, kiosk: Kiosk, so_far: _Findings, *, now: datetime
) -> _Findings:
    if given.pin is None:
        return _Findings(reason=ReasonCode.WRONG_PIN)
    return _answered(claim, so_far, check_pin(claim=claim, pin=given.pin, kiosk=kiosk, now=now))


def _answered(claim: Claim, so_far: _Findings, answer: PinAnswer) -> _Findings:
    reason = REFUSALS.get(answer.outcome)
    shown = so_far.shown if reason else so_far.shown | {Factor.PIN}
    return _Findings(claim.person, shown, reason, so_far.request, answer)


def _decide(check_in: CheckIn, kiosk: Kiosk, findings: _Findings) -> None:
    """Ask the policy where something was proved, and save the check-in."""
    check_in.accepted = False
    if findings.reason is not None or findings.person is None:
        check_in.reason = findings.reason or ReasonCode.WRONG_PIN
        check_in.save(force_insert=True)
        if findings.reason is ReasonCode.WRONG_CHALLENGE and findings.request is not None:
            wanted = split_factors(findings.request.wanted)
            ask_further(request=findings.request, shown=findings.shown, wanted=wanted)
        return
    request = findings.request
    answer = ask_access(
        person=findings.person,
        kiosk=kiosk,
        factors=findings.shown,
        doubtful=request is not None and request.doubtful,
        happened_at=check_in.happened_at,
        now=check_in.decided_at,
    )
    apply_answer(
        check_in=check_in,
        person=findings.person,
        answer=answer,
        factors=findings.shown,
        repeat_window_s=check_in.policy.repeat_window_s,
    )
    check_in.save(force_insert=True)
    record_passages(check_in=check_in, kiosk=kiosk, answer=answer)
    if request is None:
        return
    if answer.reason is AccessReason.FACTOR_MISSING:
        ask_further(request=request, shown=findings.shown, wanted=answer.wanted)
    elif answer.allowed:
        close_request(request=request, now=check_in.decided_at)


def _new_check_in(capture: Capture, kiosk: Kiosk, findings: _Findings, *, now: datetime) -> CheckIn:
    policy = current_policy()
    check_in = CheckIn(
        capture=capture,
        door=kiosk.door,
        happened_at=event_time(capture),
        decided_at=now,
        policy=policy,
        threshold=policy.threshold,
        margin=policy.margin,
        engine_name="",
        engine_version="",
        gallery_version=0,
        gallery_size=0,
    )
    if findings.request is not None:
        # Of the face that asked for it: one event tells the whole.
        face = findings.request.check_in
        for name in ("best_distance", "second_distance", "quality", "threshold", "margin"):
            setattr(check_in, name, getattr(face, name))
        for name in ("engine_name", "engine_version", "gallery_version", "gallery_size"):
            setattr(check_in, name, getattr(face, name))
        check_in.policy = face.policy
    return check_in


def _note(capture: Capture, findings: _Findings) -> None:
    """Write down what the answer, the next entry and a silent alarm need to know."""
    pin = findings.pin
    proved = findings.reason is None or findings.reason is ReasonCode.PIN_EXPIRED
    Entry.objects.filter(pk=capture.pk).update(
        request=findings.request,
        duress=pin is not None and pin.duress,
        locked_until=pin.locked_until if pin else None,
        person=findings.person if proved else None,
    )


def _require_complete(given: Given) -> None:
    one_pin = (given.pin is None) != (given.offline is None)
    by_number = bool(given.number) and one_pin and not given.challenge
    by_capture = (
        not given.number
        and given.offline is None
        and (given.pin is not None or bool(given.challenge))
    )
    if not (by_number if given.capture is None else by_capture):
        raise CaptureRefused(
            "Send an employee number and a PIN, or a capture with a PIN or a challenge.",
            code="incomplete_entry",
        )


def _digest(given: Given) -> str:
    parts = ["entry", str(given.capture), given.number, str(bool(given.challenge))]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
