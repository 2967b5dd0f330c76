"""Counting PINs in the database: per person or number, per kiosk and per site.

An attempt is counted as failed before it is looked at and taken back when it was right. So a
hundred attempts at once have no more tries than a hundred in a row, and one that is cut off by a
power failure has cost its try.
"""

import hmac
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from attendance import defaults
from attendance.choices import PinEventKind, PinScope
from attendance.errors import PinLocked
from attendance.models import Kiosk, Person, PinCounter, PinEvent
from attendance.pins.limits import Count, Limit

logger = logging.getLogger(__name__)

LIMITS: dict[PinScope, Limit] = {
    PinScope.PERSON: defaults.PIN_LIMIT_PERSON,
    # Behaves as a person's does, or the delay would tell that nobody has the number.
    PinScope.NUMBER: defaults.PIN_LIMIT_PERSON,
    PinScope.KIOSK: defaults.PIN_LIMIT_KIOSK,
    PinScope.SITE: defaults.PIN_LIMIT_SITE,
}
PERSONAL = (PinScope.PERSON, PinScope.NUMBER)
# Counters of numbers that nobody has would pile up; after this long all of them have faded.
FORGET_NUMBERS_AFTER = timedelta(days=3)


@dataclass(frozen=True)
class Claim:
    """Who somebody says they are, or whose face was seen: a person, or a number nobody has."""

    number: str
    person: Person | None

    @property
    def owner(self) -> bytes:
        """Return what a PIN's hash is bound to."""
        return self.person.pk.bytes if self.person else self.number.encode()


@dataclass(frozen=True)
class Attempt:
    """An attempt that was counted, to be taken back when it was right."""

    claim: Claim
    kiosk: Kiosk
    keys: tuple[tuple[PinScope, str], ...]
    locks: bool
    """Whether whoever is claimed may not try again at once, if this one was wrong."""


def begin_attempt(*, claim: Claim, kiosk: Kiosk, key: bytes, now: datetime) -> Attempt:
    """Count an attempt as failed before it is looked at.

    Raises PinLocked, and counts nothing, where person, kiosk or site is locked.
    """
    keys = _keys(claim, kiosk, key)
    with transaction.atomic():
        rows = _locked_rows(keys, person=claim.person)
        counts = [(row, _count(row)) for row in rows]
        waits = [count.locked_until for _row, count in counts if count.locked(now)]
        until = max((wait for wait in waits if wait is not None), default=None)
        if until is not None:
            raise PinLocked(_("Too many wrong PINs. Wait, then try again."), until=until)
        return Attempt(claim, kiosk, keys, _count_failed(counts, now))


def count_late(*, claim: Claim, kiosk: Kiosk, key: bytes, now: datetime) -> Attempt:
    """Count a wrong PIN that a kiosk refused by itself; nothing asks whether one may try."""
    keys = _keys(claim, kiosk, key)
    with transaction.atomic():
        counts = [(row, _count(row)) for row in _locked_rows(keys, person=claim.person)]
        return Attempt(claim, kiosk, keys, _count_failed(counts, now))


def tries_used(*, people: Iterable[Person], kiosk: Kiosk, now: datetime) -> dict[str, int]:
    """Return standing failures by the keys of people, and the kiosk's own under ``""``.

    Whoever is locked has used up all there are.
    """
    keys = {str(person.pk) for person in people}
    rows = PinCounter.objects.filter(
        Q(scope=PinScope.PERSON, key__in=keys) | Q(scope=PinScope.KIOSK, key=str(kiosk.pk))
    )
    found = {}
    for row in rows:
        scope, count = PinScope(row.scope), _count(row)
        limit = LIMITS[scope]
        used = count.standing(limit, now)
        name = "" if scope is PinScope.KIOSK else row.key
        found[name] = max(used, limit.allowed) if count.locked(now) else used
    return found


def note_lock(*, attempt: Attempt, now: datetime) -> None:
    """Write down that a wrong PIN has locked somebody, or a number that nobody has."""
    if attempt.locks:
        PinEvent.objects.create(
            at=now,
            kind=PinEventKind.LOCKED,
            person=attempt.claim.person,
            kiosk=attempt.kiosk,
        )
        logger.warning("too many wrong PINs at %s: locked for a while", attempt.kiosk)


def take_back(*, attempt: Attempt) -> None:
    """Undo the count of an attempt that was right; the person's failures are forgotten.

    A kiosk's and a site's are not: else who has a PIN of their own could try others' for ever.
    """
    with transaction.atomic():
        for row in _locked_rows(attempt.keys, person=None):
            scope = PinScope(row.scope)
            count = _count(row).taken_back(LIMITS[scope])
            _save(row, Count() if scope in PERSONAL else count)


def forget_person(*, person: Person) -> None:
    """Forget a person's failures."""
    PinCounter.objects.filter(scope=PinScope.PERSON, key=str(person.pk)).delete()


def unlock(*, counter: PinCounter, by: str) -> None:
    """Let somebody, or a kiosk or site, try again at once."""
    with transaction.atomic():
        PinCounter.objects.filter(pk=counter.pk).delete()
        PinEvent.objects.create(
            at=timezone.now(), kind=PinEventKind.UNLOCKED, person=counter.person, by=by
        )
    logger.info("PIN counter of a %s unlocked by %s", counter.scope, by)


def forget_unknown_numbers(*, now: datetime) -> int:
    """Delete counters of numbers that nobody has, once they have faded; return how many."""
    old = PinCounter.objects.filter(scope=PinScope.NUMBER, last_at__lt=now - FORGET_NUMBERS_AFTER)
    return old.delete()[0]


def _count_failed(counts: Iterable[tuple[PinCounter, Count]], now: datetime) -> bool:
    """Count one more failure everywhere; return whether the person may not try again at once."""
    locks = False
    for row, count in counts:
        after = count.failed(LIMITS[PinScope(row.scope)], now)
        _save(row, after)
        locks |= row.scope in PERSONAL and after.locked_until is not None
    return locks


def _keys(claim: Claim, kiosk: Kiosk, key: bytes) -> tuple[tuple[PinScope, str], ...]:
    if claim.person is not None:
        who = (PinScope.PERSON, str(claim.person.pk))
    else:
        hashed = hmac.digest(key, b"number\0" + claim.number.encode(), "sha256").hex()
        who = (PinScope.NUMBER, hashed)
    return who, (PinScope.KIOSK, str(kiosk.pk)), (PinScope.SITE, str(kiosk.site_id))


def _locked_rows(
    keys: tuple[tuple[PinScope, str], ...], *, person: Person | None
) -> Iterator[PinCounter]:
    """Return the counters, made where there are none, each locked until the transaction ends."""
    PinCounter.objects.bulk_create(
        [
            PinCounter(scope=scope, key=key, person=person if scope is PinScope.PERSON else None)
            for scope, key in keys
        ],
        ignore_conflicts=True,
    )
    wanted = Q()
    for scope, key in keys:
        wanted |= Q(scope=scope, key=key)
    # In one order everywhere, so that no two attempts wait for each other.
    return iter(PinCounter.objects.filter(wanted).select_for_update().order_by("scope", "key"))


def _count(row: PinCounter) -> Count:
    return Count(row.failures, row.last_at, row.locked_until)


def _save(row: PinCounter, count: Count) -> None:
    row.failures, row.last_at = count.failures, count.last_at
    row.locked_until = count.locked_until
    row.save(update_fields=["failures", "last_at", "locked_until"])
