"""Plays people who come and go before a ledger of visits, with answers as a test wants them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from kiosk.visits import Check, Outcome, Ready, Sighting, VisitRules, Visits
from recognition import Reason
from tests.kiosk.faces import sighting, vector_of


@dataclass(frozen=True)
class Stay:
    """A person who stands at a place from one moment to another."""

    person: int
    from_s: float
    to_s: float
    x: float = 320.0
    faults: tuple[Reason, ...] = ()

    def seen(self, now_s: float) -> Sighting | None:
        """The person's face at a moment, if they are there."""
        if not self.from_s <= now_s < self.to_s:
            return None
        return sighting(now_s, *self.faults, x=self.x)


@dataclass
class Sent:
    """A capture that was sent."""

    visit: int
    person: int
    at_s: float
    frames: int
    outcome: Outcome


Answer = Callable[[int, int], Outcome]
"""Person and number of the person's captures so far -> outcome."""


def accept(person: int, count: int) -> Outcome:
    """Let everybody in."""
    return Outcome.ACCEPTED


def refuse(person: int, count: int) -> Outcome:
    """Let nobody in."""
    return Outcome.REFUSED


@dataclass
class Play:
    """Runs stays past a ledger and keeps what was sent."""

    stays: Sequence[Stay]
    answer: Answer = accept
    fps: float = 15.0
    delay_s: float = 0.1
    """From sending to the answer."""
    rules: VisitRules = field(default_factory=VisitRules)
    sent: list[Sent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.visits = Visits(self.rules)
        self._pending: list[tuple[float, Sent]] = []
        self._people: dict[float, int] = {}

    def run(self, until_s: float) -> list[Sent]:
        """Show frames from 0 to a time; returns what was sent."""
        for number in range(round(until_s * self.fps)):
            self.step(number / self.fps)
        return self.sent

    def step(self, now_s: float) -> None:
        """Show one frame."""
        for due_s, sent in list(self._pending):
            if due_s <= now_s:
                self._pending.remove((due_s, sent))
                self.visits.answered(sent.visit, sent.outcome, now_s)
        here = [(stay, seen) for stay in self.stays if (seen := stay.seen(now_s))]
        people = {id(seen.frame): stay.person for stay, seen in here}
        self._people.update({self._key(seen): people[id(seen.frame)] for _, seen in here})
        for effect in self.visits.observe(now_s, [seen for _, seen in here]):
            if isinstance(effect, Ready):
                self._send(effect, now_s)
            else:
                self._check(effect, now_s)

    def _send(self, ready: Ready, now_s: float) -> None:
        person = self._people[self._key(ready.best)]
        if not self.visits.begin(ready.visit, vector_of(person), now_s):
            return
        count = sum(sent.person == person for sent in self.sent)
        outcome = self.answer(person, count)
        sent = Sent(ready.visit, person, now_s, len(ready.sightings), outcome)
        self.sent.append(sent)
        self._pending.append((now_s + self.delay_s, sent))

    def _check(self, check: Check, now_s: float) -> None:
        person = self._people[self._key(check.sighting)]
        self.visits.checked(check.visit, vector_of(person), now_s)

    @staticmethod
    def _key(seen: Sighting) -> float:
        return seen.time_s * 1e4 + seen.face.box.left
