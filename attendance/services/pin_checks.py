"""Is this their PIN? One pass of argon2id for every question, also about a number nobody has."""

import logging
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.db.models import CharField, Func, Value

from attendance.errors import PinLocked
from attendance.models import Kiosk, Person, Pin
from attendance.pins.hashing import StoredPin, Verdict, compare
from attendance.pins.offline import verdict_of
from attendance.pins.typed import TypedPin

from .pin_attempts import Claim, begin_attempt, count_late, forget_person, note_lock, take_back
from .pins import pin_key

logger = logging.getLogger(__name__)


class PinOutcome(StrEnum):
    """What became of an attempt."""

    RIGHT = "right"
    DURESS = "duress"
    WRONG = "wrong"
    LOCKED = "locked"
    EXPIRED = "expired"


@dataclass(frozen=True)
class PinAnswer:
    """The outcome of an attempt, and where it is locked, until when."""

    outcome: PinOutcome
    locked_until: datetime | None = None
    duress: bool = False
    """The duress PIN was used, an expired one as well."""


@dataclass(frozen=True)
class OfflineWord:
    """What a kiosk says of a number and PIN that it checked by itself; the PIN is not in it."""

    person: uuid.UUID | None
    """Whose PIN was right; None where number or PIN was wrong."""
    let_in: bool = False
    proof: bytes = field(default=b"", repr=False)
    """Under what argon2id made of the PIN."""


def claim_of(*, number: str) -> Claim:
    """Return the claim of somebody who gives an employee number, known or not.

    Doors have keypads: the digits of a number do, where only one person has them. Both questions
    are always asked in full, so that their time does not tell whether there is such a person.
    """
    exact = Person.objects.filter(employee_number=number).first()
    digits = Func(
        "employee_number",
        Value("[^0-9]"),
        Value(""),
        Value("g"),
        function="regexp_replace",
        output_field=CharField(),
    )
    alike = list(Person.objects.annotate(digits=digits).filter(digits=number))
    return Claim(number, exact or (alike[0] if len(alike) == 1 else None))


def check_pin(*, claim: Claim, pin: TypedPin, kiosk: Kiosk, now: datetime) -> PinAnswer:
    """Check a PIN, and count it where it is wrong.

    A wrong number, a person without a PIN and a wrong PIN are one outcome and take one path.
    Takes as long as one pass of argon2id; call it beside an event loop, not in it, and outside
    of a transaction: its counts must stand whatever comes after.
    """
    try:
        attempt = begin_attempt(claim=claim, kiosk=kiosk, key=pin_key(), now=now)
    except PinLocked as locked:
        return PinAnswer(PinOutcome.LOCKED, locked.until)
    row = Pin.objects.filter(person=claim.person).first()
    verdict = compare(
        pin,
        StoredPin(row.hash, row.duress_hash) if row else None,
        key=pin_key(),
        owner=claim.owner,
        cost=settings.PIN_COST,
    )
    if verdict is Verdict.WRONG or row is None:
        note_lock(attempt=attempt, now=now)
        return PinAnswer(PinOutcome.WRONG)
    take_back(attempt=attempt)
    # Told only to whoever knew the PIN: to others an old PIN is as wrong as any.
    if row.expires_at is not None and row.expires_at <= now:
        return PinAnswer(PinOutcome.EXPIRED, duress=verdict is Verdict.DURESS)
    return PinAnswer(PinOutcome(verdict.value), duress=verdict is Verdict.DURESS)


def check_word(
    *, claim: Claim, word: OfflineWord, kiosk: Kiosk, entered_at: datetime, now: datetime
) -> PinAnswer:
    """Say what came of a PIN that a kiosk checked while it was cut off, and count it if wrong.

    Needs no pass of argon2id. A word that proves nothing, as after a change of the PIN meanwhile,
    is as wrong as a wrong PIN but nobody's failure: the kiosk had let nobody guess.
    """
    if word.person is None:
        note_lock(attempt=count_late(claim=claim, kiosk=kiosk, key=pin_key(), now=now), now=now)
        return PinAnswer(PinOutcome.WRONG)
    row = Pin.objects.filter(person=word.person).first()
    if row is None or claim.person is None or claim.person.pk != word.person:
        return PinAnswer(PinOutcome.WRONG)
    verdict = verdict_of(
        word.proof,
        StoredPin(row.hash, row.duress_hash),
        kiosk=str(kiosk.pk),
        person=word.person,
        entered_at=entered_at,
    )
    if verdict is Verdict.WRONG:
        logger.warning("kiosk %s: an offline entry that is not proved", kiosk.pk)
        return PinAnswer(PinOutcome.WRONG)
    forget_person(person=claim.person)
    return PinAnswer(PinOutcome(verdict.value), duress=verdict is Verdict.DURESS)
