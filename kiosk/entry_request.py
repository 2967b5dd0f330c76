"""An entry as it is sent to the server: a number, a PIN, a challenge, or several of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from kiosk.clock import wall_time, wall_time_of
from kiosk.pin import Digits, Given


@dataclass(frozen=True, slots=True)
class EntryRequest:
    """One entry. Made once; sent as it is, however often that takes. No text shows its digits."""

    id: UUID
    capture: UUID | None
    """The capture whose answer asked for it; None where somebody began with their number."""
    number: Digits | None
    pin: Digits | None
    challenge: Digits | None
    how: tuple[str, ...]
    entered_at: datetime
    """The kiosk's clock when it was complete, UTC."""
    taken_s: float
    """The same moment on the running clock: what its age is measured by."""

    def body(self) -> dict[str, Any]:
        """What goes into the signed request, and nowhere else."""
        return {
            "id": str(self.id),
            "capture": str(self.capture) if self.capture else None,
            "employee_number": self.number.reveal() if self.number else None,
            "pin": self.pin.reveal() if self.pin else None,
            "challenge": self.challenge.reveal() if self.challenge else None,
            "how": list(self.how),
            "entered_at": self.entered_at.isoformat(),
            "sent_at": wall_time().isoformat(),
        }


def make_entry_request(given: Given) -> EntryRequest:
    """Put what was given under a new id."""
    return EntryRequest(
        id=uuid4(),
        capture=given.ask.capture,
        number=given.number,
        pin=given.pin,
        challenge=given.challenge,
        how=tuple(sorted(given.sources)),
        entered_at=wall_time_of(given.completed_s),
        taken_s=given.completed_s,
    )
