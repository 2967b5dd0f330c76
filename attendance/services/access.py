"""The access policy at work: asked within the decision, written down with it.

Whoever decides about somebody at a door (by face, by PIN) does it in one transaction, behind
``lock_decisions``: ``ask_access``, then ``apply_answer`` to the check-in, save it, then
``record_passages``.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from attendance import defaults
from attendance.access import AccessAnswer, Factor, decide_access
from attendance.access_choices import Direction
from attendance.choices import DoorEventKind, ReasonCode
from attendance.models import CheckIn, DoorEvent, Kiosk, Passage, Person
from attendance.selectors.access import Attempt, access_question, waiting_check_in


def ask_access(
    *,
    person: Person,
    kiosk: Kiosk,
    factors: frozenset[Factor],
    doubtful: bool = False,
    happened_at: datetime,
    now: datetime,
) -> AccessAnswer:
    """Ask the policy about a person at a kiosk's door (``selectors.door_rules.kiosk_at_door``).

    Hours are judged by the time of the event. Lockdown and emergency by the present one as long as
    the door may still open on the event, and by the time of the event when it came in late.
    """
    fresh = now - happened_at <= defaults.DOOR_OPEN_WITHIN
    question = access_question(
        person=person,
        door=kiosk.door,
        attempt=Attempt(Direction(kiosk.direction), factors, happened_at, doubtful),
        overrides_at=now if fresh else happened_at,
    )
    return decide_access(question)


def apply_answer(
    *,
    check_in: CheckIn,
    person: Person,
    answer: AccessAnswer,
    factors: Iterable[Factor],
    repeat_window_s: int,
) -> None:
    """Fill in a check-in what the policy said about a person; it is not saved here."""
    check_in.person = person
    check_in.accepted = answer.allowed
    check_in.reason = ReasonCode.MATCHED if answer.allowed else ReasonCode(answer.reason.value)
    check_in.rule = answer.rule[:300]
    check_in.factors = join_factors(factors)
    check_in.wanted = join_factors(answer.wanted)
    check_in.noted = "+".join(answer.notes)
    if answer.allowed:
        check_in.repeat_of = _repeated(check_in, within_s=repeat_window_s)


def record_passages(*, check_in: CheckIn, kiosk: Kiosk, answer: AccessAnswer) -> None:
    """Write down who goes through the door by a saved check-in: the person, and who waited.

    Nobody does where the door stayed shut: the decision came too late to open it, or the kiosk
    has said so already.
    """
    if not check_in.accepted or not _may_have_opened(check_in):
        return
    let_in = [check_in]
    if answer.companion:
        first = waiting_check_in(
            door=kiosk.door, person_id=uuid.UUID(answer.companion), at=check_in.happened_at
        )
        let_in += [first] if first else []
    Passage.objects.bulk_create(
        Passage(
            check_in=row,
            person_id=row.person_id,
            door=kiosk.door,
            area=kiosk.door.area,
            direction=kiosk.direction,
            happened_at=check_in.happened_at,
        )
        for row in let_in
        if row.person_id is not None
    )


def take_back_passages(*, capture_id: uuid.UUID, kiosk: Kiosk) -> None:
    """Take back who went through the door by a capture: its kiosk says that it stayed shut.

    Behind ``lock_decisions``. The check-in stays: who was there, when, and that they might enter.
    """
    check_in = CheckIn.objects.filter(capture=capture_id, capture__kiosk=kiosk).first()
    if check_in is None or check_in.capture.offline_person is not None:
        return
    # With whoever had waited for this person: both were to go in by this one opening.
    waited = Q(check_in__reason=ReasonCode.SECOND_PERSON, happened_at=check_in.happened_at)
    Passage.objects.filter(Q(check_in=check_in) | waited, door=check_in.door).delete()


def _may_have_opened(check_in: CheckIn) -> bool:
    capture = check_in.capture
    if capture.offline_person is not None:
        return True
    if check_in.decided_at - check_in.happened_at > defaults.DOOR_OPEN_WITHIN:
        return False
    return not DoorEvent.objects.filter(
        capture_id=capture.pk, kiosk=capture.kiosk_id, kind=DoorEventKind.STAYED_SHUT
    ).exists()


def join_factors(factors: Iterable[Factor]) -> str:
    """Return factors as a check-in keeps them, such as ``face+pin``."""
    return "+".join(factor.value for factor in Factor if factor in set(factors))


def split_factors(text: str) -> frozenset[Factor]:
    """Return the factors that ``join_factors`` has joined."""
    return frozenset(Factor(word) for word in text.split("+") if word)


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
