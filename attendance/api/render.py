"""From stored rows to the API's answers."""

from django.utils import timezone

from attendance import defaults
from attendance.choices import CaptureFailure, CaptureState, ReasonCode
from attendance.messages import message_for
from attendance.models import Capture, CheckIn
from attendance.selectors.overrides import locked_down
from attendance.services.access import split_factors

from .schemas import Decided, Failed, PersonSeen, Waiting

Answer = Decided | Failed | Waiting


def answer_of(capture: Capture) -> Answer:
    """Return what a kiosk is told about its capture."""
    if capture.state == CaptureState.QUEUED:
        return Waiting(capture=capture.pk, status_url="")
    if capture.state == CaptureState.FAILED:
        failure = CaptureFailure(capture.failure)
        return Failed(capture=capture.pk, reason=failure, message=message_for(failure))
    return _decided(capture, capture.check_in)


def _decided(capture: Capture, check_in: CheckIn) -> Decided:
    person = check_in.person
    now = timezone.now()
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
        repeat=check_in.repeat_of_id is not None,
        happened_at=check_in.happened_at,
        decided_at=check_in.decided_at,
    )
