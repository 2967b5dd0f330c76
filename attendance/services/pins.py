"""Setting, resetting and removing PINs. Nothing here ever returns, logs or stores a PIN's digits,
but for the new one that a reset shows once.
"""

import base64
import functools
import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from attendance import defaults
from attendance.choices import PinEventKind
from attendance.errors import PinRefused
from attendance.messages import pin_message
from attendance.models import Person, Pin, PinEvent
from attendance.pins.hashing import derive_key, store
from attendance.pins.rules import Owner, PinFault, duress_fault, fault_of
from attendance.pins.typed import TypedPin

from .pin_attempts import forget_person


@functools.cache
def _derived(key: str) -> bytes:
    return derive_key(base64.b64decode(key))


def pin_key() -> bytes:
    """Return the key that PINs are mixed with before they are hashed."""
    return _derived(settings.TEMPLATE_KEY)


def set_pin(
    *,
    person: Person,
    pin: TypedPin,
    by: str,
    duress: TypedPin | None = None,
    expires_at: datetime | None = None,
) -> Pin:
    """Give a person a PIN of their own choice, and with it a duress PIN or none.

    Raises PinRefused where one of them may not be one. Failures counted so far are forgotten.
    """
    for given in filter(None, (pin, duress)):
        _require(fault_of(given, _owner(person)))
    if duress is not None:
        _require(duress_fault(pin, duress))
    return _keep(
        person, pin, duress, by=by, kind=PinEventKind.SET, expires_at=expires_at, must_change=False
    )


def reset_pin(*, person: Person, by: str) -> TypedPin:
    """Give a person a PIN made by chance and return it, to be shown once.

    It serves for two weeks; the duress PIN goes with the PIN it belonged to.
    """
    pin = _random_pin(_owner(person))
    until = timezone.now() + defaults.RESET_PIN_SERVES
    _keep(person, pin, None, by=by, kind=PinEventKind.RESET, expires_at=until, must_change=True)
    return pin


def remove_pin(*, person: Person, by: str) -> bool:
    """Leave a person without a PIN; return whether there was one."""
    with transaction.atomic():
        removed, _ = Pin.objects.filter(person=person).delete()
        if removed:
            record(person=person, kind=PinEventKind.REMOVED, by=by)
    return bool(removed)


def change_expiry(*, person: Person, expires_at: datetime | None, by: str) -> bool:
    """Let a PIN serve until a time, or without an end; return whether there is one."""
    with transaction.atomic():
        changed = Pin.objects.filter(person=person).update(expires_at=expires_at)
        if changed:
            record(person=person, kind=PinEventKind.EXPIRY, by=by)
    return bool(changed)


def record(*, person: Person | None, kind: PinEventKind, by: str) -> None:
    """Write down what was done to a PIN, and by whom."""
    PinEvent.objects.create(at=timezone.now(), kind=kind, person=person, by=by)


def _keep(
    person: Person,
    pin: TypedPin,
    duress: TypedPin | None,
    *,
    by: str,
    kind: PinEventKind,
    expires_at: datetime | None,
    must_change: bool,
) -> Pin:
    stored = store(pin, duress, key=pin_key(), owner=person.pk.bytes, cost=settings.PIN_COST)
    with transaction.atomic():
        kept, _ = Pin.objects.update_or_create(
            person=person,
            defaults={
                "hash": stored.hash,
                "duress_hash": stored.duress_hash,
                "set_at": timezone.now(),
                "expires_at": expires_at,
                "must_change": must_change,
            },
        )
        forget_person(person=person)
        record(person=person, kind=kind, by=by)
    return kept


def _owner(person: Person) -> Owner:
    return Owner(person.employee_number, person.birth_date)


def _require(fault: PinFault | None) -> None:
    if fault is not None:
        raise PinRefused(pin_message(fault), code=fault.value)


def _random_pin(owner: Owner) -> TypedPin:
    while True:
        digits = secrets.randbelow(10**defaults.RESET_PIN_DIGITS)
        pin = TypedPin(f"{digits:0{defaults.RESET_PIN_DIGITS}}")
        if fault_of(pin, owner) is None:
            return pin
