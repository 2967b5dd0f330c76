"""One person's stay before the door."""

from collections import Counter, deque
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from kiosk.visits.gathering import Gathering
from kiosk.visits.rules import VisitRules
from kiosk.visits.sighting import Sighting
from recognition import Advice, Box, advice_for

REMEMBERED_LOOKS = 8
"""Half a second at fifteen looks a second: a hint that changes with each frame helps nobody."""


class Phase(StrEnum):
    """How far a visit has come."""

    GATHERING = "gathering"
    PREPARING = "preparing"
    """Enough was gathered; the capture is being made of it."""
    WAITING = "waiting"
    """The server was asked."""
    ACCEPTED = "accepted"
    REFUSED = "refused"
    """There will be another try."""
    SPENT = "spent"
    """Refused, and no try is left."""


SETTLED = {Phase.ACCEPTED, Phase.REFUSED, Phase.SPENT}
UNDER_WAY = {Phase.PREPARING, Phase.WAITING}


class Outcome(StrEnum):
    """What became of a capture."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    LATE = "late"
    """Decided, but too late to act on."""
    UNDECIDED = "undecided"
    """The server could not decide and wants another capture."""
    UNDELIVERED = "undelivered"
    """It never reached a decision."""


@dataclass(slots=True, eq=False)
class Visit:
    """One person's stay: where they are, what was gathered, what was answered.

    Changed by the ledger that holds it, by nobody else.
    """

    number: int
    rules: VisitRules
    box: Box
    first_seen_s: float
    last_seen_s: float
    gathering: Gathering
    phase: Phase = Phase.GATHERING
    in_view: bool = True
    looks: int = 0
    vector: NDArray[np.float32] | None = None
    """The best frame's vector, shape (dimension,), once a capture was prepared."""
    captures: int = 0
    refusals: int = 0
    undecided: int = 0
    next_try_s: float = 0.0
    news_s: float = 0.0
    """When the last answer came, or the person came back."""
    checked_s: float = 0.0
    strikes: int = 0
    gathering_since_s: float = 0.0
    recent: deque[Advice | None] = field(default_factory=lambda: deque(maxlen=REMEMBERED_LOOKS))

    def see(self, sighting: Sighting) -> None:
        """Take in what this person's face looks like now."""
        self.box = sighting.face.box
        self.last_seen_s = sighting.time_s
        self.looks += 1
        self.recent.append(_advice(sighting))
        if self.phase is Phase.GATHERING:
            self.gathering.add(sighting)

    def hint(self) -> Advice | None:
        """What to do about most of the last looks; None when they were good."""
        return Counter(self.recent).most_common(1)[0][0] if self.recent else None

    def gather_anew(self, now_s: float) -> None:
        """Start over with the next frame; after a refusal with frames farther apart."""
        self.gathering = Gathering(self.rules, again=self.phase is Phase.REFUSED)
        self.phase = Phase.GATHERING
        self.gathering_since_s = now_s

    def answer(self, outcome: Outcome, now_s: float) -> None:
        """Take in what became of the capture that was under way."""
        self.news_s = now_s
        if outcome is Outcome.ACCEPTED:
            self.phase = Phase.ACCEPTED
            return
        if outcome is Outcome.UNDECIDED:
            self.undecided += 1
            # Once is bad luck (a worker died); twice is a server that would be asked for ever.
            if self.undecided == 1:
                self.gather_anew(now_s)
                return
        self.refusals += 1
        if self.refusals > self.rules.retries:
            self.phase = Phase.SPENT
        elif outcome is Outcome.LATE:
            # The person has waited for long enough already.
            self.gather_anew(now_s)
        else:
            self.phase = Phase.REFUSED
            self.next_try_s = now_s + self.rules.retry_after_s

    def forgotten_s(self) -> float:
        """Until when an absent visit is remembered, on the running clock."""
        if self.phase in UNDER_WAY:
            return float("inf")
        if self.phase is Phase.ACCEPTED:
            return self.last_seen_s + self.rules.cool_down_s
        # Who left before the server was asked leaves nothing behind.
        return self.last_seen_s + (self.rules.refusal_memory_s if self.captures else 0.0)


def _advice(sighting: Sighting) -> Advice | None:
    """Without degrees: they would differ from look to look."""
    if not sighting.faults:
        return None
    return replace(advice_for(sighting.faults[0], sighting.face.quality), degrees=None)
