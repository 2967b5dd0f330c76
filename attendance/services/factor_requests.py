"""What a door still wants of somebody: kept while they are asked, answered once."""

import hmac
import secrets
import uuid
from datetime import datetime

from attendance import defaults
from attendance.access import Factor
from attendance.choices import ReasonCode
from attendance.models import CheckIn, FactorRequest, Kiosk

from .access import join_factors, split_factors


def request_factors(*, check_in: CheckIn, doubtful: bool) -> FactorRequest | None:
    """Keep what a saved check-in by face wants beside the face; None where it wants nothing."""
    if check_in.reason != ReasonCode.FACTOR_MISSING or check_in.person is None:
        return None
    return FactorRequest.objects.create(
        check_in=check_in,
        doubtful=doubtful,
        shown=check_in.factors,
        wanted=check_in.wanted,
        expires_at=check_in.decided_at + defaults.FACTORS_WITHIN,
        **_new_challenge(split_factors(check_in.wanted), _length(check_in), so_far=0),
    )


def open_request(*, capture_id: uuid.UUID, kiosk: Kiosk, now: datetime) -> FactorRequest | None:
    """Return what a kiosk's own capture still wants, or None where that is over."""
    return (
        FactorRequest.objects.select_related("check_in__person")
        .filter(
            check_in__capture=capture_id,
            check_in__capture__kiosk=kiosk,
            check_in__person__isnull=False,
            expires_at__gt=now,
            closed_at=None,
        )
        .first()
    )


def answer_challenge(*, request: FactorRequest, digits: str) -> bool:
    """Take the answer to a challenge; right or wrong, that challenge is used up.

    Of several answers at once one is looked at.
    """
    asked = request.challenge
    request.challenge = ""
    used = FactorRequest.objects.filter(pk=request.pk, challenge=asked).update(challenge="")
    return bool(asked) and bool(used) and hmac.compare_digest(asked.encode(), digits.encode())


def ask_further(
    *, request: FactorRequest, shown: frozenset[Factor], wanted: frozenset[Factor]
) -> None:
    """Remember what was shown by now and ask for the rest, with a new challenge where needed."""
    request.shown, request.wanted = join_factors(shown), join_factors(wanted)
    length = _length(request.check_in)
    for name, value in _new_challenge(wanted, length, so_far=request.challenges).items():
        setattr(request, name, value)
    if request.challenges > defaults.MOST_CHALLENGES:
        request.challenge = ""
        request.expires_at = request.check_in.decided_at
    request.save()


def close_request(*, request: FactorRequest, now: datetime) -> None:
    """End a request: somebody was let in by it."""
    request.closed_at = now
    request.save(update_fields=["closed_at"])


def _length(check_in: CheckIn) -> int:
    return check_in.door.challenge_digits if check_in.door else defaults.CHALLENGE_DIGITS


def _new_challenge(wanted: frozenset[Factor], length: int, *, so_far: int) -> dict[str, str | int]:
    if Factor.CHALLENGE not in wanted:
        return {"challenge": "", "challenges": so_far}
    # No digit twice in a row: between two of a kind the hand would have to be taken away.
    digits = secrets.choice("0123456789")
    while len(digits) < length:
        digits += secrets.choice([d for d in "0123456789" if d != digits[-1]])
    return {"challenge": digits, "challenges": so_far + 1}
