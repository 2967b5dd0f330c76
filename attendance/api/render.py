"""From stored rows to the API's answers."""

from datetime import datetime

from django.utils import timezone

from attendance import defaults
from attendance.access import Direction
from attendance.choices import CaptureFailure, CaptureState, ReasonCode
from attendance.messages import message_for
from attendance.models import Capture, CheckIn, FactorRequest
from attendance.selectors.entries import is_first_today, live_request, retry_after_s
from attendance.selectors.overrides import locked_down
from attendance.services.access import split_factors

from .schemas import Decided, Failed, NeedsPin, PersonSeen, Waiting

Answer = Decided | NeedsPin | Failed | Waiting


def answer_of(capture: Capture) -> Answer:
    """Return what a kiosk is told about its capture."""
    if capture.state == CaptureState.QUEUED:
        return Waiting(capture=capture.pk, status_url="")
    if capture.state == CaptureState.FAILED:
        failure = CaptureFailure(capture.failure)
        return Failed(capture=capture.pk, reason=failure, message=message_for(failure))
    now = timezone.now()
    request = live_request(capture=capture, at=now)
    if request is not None:
        return _needs_pin(capture, request, now)
    return _decided(capture, capture.check_in, now)


def _needs_pin(capture: Capture, request: FactorRequest, now: datetime) -> NeedsPin:
    reason = ReasonCode(capture.check_in.reason)
    return NeedsPin(
        capture=capture.pk,
        ask_about=request.check_in.capture_id,
        wanted=sorted(split_factors(request.wanted)),
        challenge=request.challenge,
        seconds=max(1, int((request.expires_at - now).total_seconds())),
        reason=reason,
        message=message_for(reason),
    )


def _decided(capture: Capture, check_in: CheckIn, now: datetime) -> Decided:
    person = check_in.person
    fresh = now - check_in.happened_at <= defaults.DOOR_OPEN_WITHIN
    opens = check_in.accepted and fresh and not locked_down(check_in=check_in, at=now)
    return Decided(
        capture=capture.pk,
        accepted=check_in.accepted,
        open_door=opens,
        reason=ReasonCode(check_in.reason),
        message=message_for(ReasonCode(check_in.reason)),
        person=PersonSeen(display_name=person.display_name, employee_number=person.employee_number)
        if person and check_in.accepted
        else None,
        wanted=sorted(split_factors(check_in.wanted)),
        check_in=check_in.pk,
        retry_after_s=retry_after_s(capture=capture, at=now),
        first_today=check_in.accepted and is_first_today(check_in=check_in),
        direction=Direction(capture.kiosk.direction),
        repeat=check_in.repeat_of_id is not None,
        happened_at=check_in.happened_at,
        decided_at=check_in.decided_at,
    )
