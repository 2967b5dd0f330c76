"""Reading what is known of a person's PIN."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from attendance.choices import PinScope
from attendance.models import Person, Pin, PinCounter, PinEvent


@dataclass(frozen=True)
class PinState:
    """A person's PIN, whether it is locked, and what was done to it lately."""

    pin: Pin | None
    expired: bool
    counter: PinCounter | None
    """Set while too many wrong PINs lock the person."""
    events: Sequence[PinEvent]


def pin_state(*, person: Person, most_events: int = 10) -> PinState:
    """Return how a person's PIN stands."""
    now = timezone.now()
    pin = Pin.objects.filter(person=person).first()
    counter = PinCounter.objects.filter(
        scope=PinScope.PERSON, key=str(person.pk), locked_until__gt=now
    ).first()
    return PinState(
        pin=pin,
        expired=pin is not None and pin.expires_at is not None and pin.expires_at <= now,
        counter=counter,
        events=list(PinEvent.objects.filter(person=person).select_related("kiosk")[:most_events]),
    )
