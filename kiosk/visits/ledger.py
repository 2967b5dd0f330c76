"""All visits before one door."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiosk.visits.gathering import Gathering
from kiosk.visits.pairing import pair
from kiosk.visits.rules import VisitRules
from kiosk.visits.sighting import Sighting
from kiosk.visits.visit import SETTLED, UNDER_WAY, Outcome, Phase, Visit
from recognition import Advice, Box

EAGER_S = 8.0
"""A face that gave no good frame for this long (a poster, somebody waiting) is looked at less."""


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """A visit has its frames: make a vector of the best, then call `Visits.begin`."""

    visit: int
    sightings: tuple[Sighting, ...]
    best: Sighting


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """Make a vector of this sighting, then call `Visits.checked`: is it still the same person?"""

    visit: int
    sighting: Sighting


Effect = Ready | Check


@dataclass(frozen=True, slots=True)
class Standing:
    """How one visit stands, for the screen."""

    visit: int
    phase: Phase
    in_view: bool
    box: Box
    hint: Advice | None
    steady: bool
    """Seen for long enough to be given advice."""
    news_s: float


class Visits:
    """The ledger of visits. Not thread safe; time never runs back by more than a frame."""

    def __init__(self, rules: VisitRules | None = None) -> None:
        self.rules = rules or VisitRules()
        self._visits: dict[int, Visit] = {}
        self._count = 0

    def observe(self, now_s: float, sightings: Sequence[Sighting]) -> tuple[Effect, ...]:
        """Take in all faces of one frame (none: nobody is there); returns what is to be done.

        `now_s` is when the frame was taken.
        """
        present = [visit for visit in self._visits.values() if visit.in_view]
        pairs = pair([visit.box for visit in present], [seen.face.box for seen in sightings])
        current: dict[int, Sighting] = {}
        for i, j in pairs.items():
            present[i].see(sightings[j])
            current[present[i].number] = sightings[j]
        for j, sighting in enumerate(sightings):
            if j not in pairs.values():
                visit = self._open(sighting.face.box, sighting.time_s)
                visit.see(sighting)
                current[visit.number] = sighting
        self._lose(now_s)
        return tuple(
            effect
            for visit in list(self._visits.values())
            if visit.in_view and (effect := self._advance(visit, now_s, current.get(visit.number)))
        )

    def finish(self) -> tuple[Effect, ...]:
        """The film is over: send what was gathered, since no better frame will come."""
        return tuple(
            self._prepare(visit)
            for visit in self._visits.values()
            if visit.in_view and visit.phase is Phase.GATHERING and visit.gathering.kept
        )

    def begin(self, number: int, vector: NDArray[np.float32] | None, now_s: float) -> bool:
        """Whether a ready visit's capture is to be sent, given its best frame's vector.

        False when it is the face of somebody who was here a moment ago: then the two are one
        visit from here on. Without a vector (the network did not run) the server has to tell.
        """
        visit = self._visits.get(number)
        if visit is None or visit.phase is not Phase.PREPARING:
            return False
        known = self._returned(visit, vector)
        if known is not None:
            self._merge(visit, known, now_s)
            return False
        visit.vector = vector
        visit.phase = Phase.WAITING
        visit.captures += 1
        return True

    def answered(self, number: int, outcome: Outcome, now_s: float) -> None:
        """Take in what became of the capture that a visit waited for."""
        visit = self._visits.get(number)
        if visit is not None and visit.phase is Phase.WAITING:
            visit.answer(outcome, now_s)

    def abandon(self, number: int, now_s: float) -> None:
        """The capture could not even be made (out of service, too many under way): try later."""
        visit = self._visits.get(number)
        if visit is not None and visit.phase is Phase.PREPARING:
            visit.phase = Phase.REFUSED
            visit.next_try_s = now_s + self.rules.retry_after_s

    def checked(self, number: int, vector: NDArray[np.float32], now_s: float) -> None:
        """Take in a later look at a settled visit; opens a new one for somebody else's face."""
        visit = self._visits.get(number)
        if visit is None or visit.vector is None or not visit.in_view:
            return
        unlike = distance(visit.vector, vector) > self.rules.other_person
        visit.strikes = visit.strikes + 1 if unlike else 0
        if visit.strikes >= self.rules.recheck_strikes and visit.phase in SETTLED:
            visit.in_view = False
            self._open(visit.box, now_s)

    def standings(self) -> tuple[Standing, ...]:
        """How all visits stand, oldest first, absent ones included."""
        return tuple(
            Standing(
                visit=visit.number,
                phase=visit.phase,
                in_view=visit.in_view,
                box=visit.box,
                hint=None if visit.gathering.kept else visit.hint(),
                steady=visit.looks >= 2
                and visit.last_seen_s - visit.first_seen_s >= self.rules.steady_after_s,
                news_s=visit.news_s,
            )
            for visit in self._visits.values()
        )

    def anybody(self) -> bool:
        """Whether a face is in view, or was a moment ago."""
        return any(visit.in_view for visit in self._visits.values())

    def places(self) -> tuple[Box, ...]:
        """Where those in view were seen last, in pixels."""
        return tuple(visit.box for visit in self._visits.values() if visit.in_view)

    def settled(self) -> bool:
        """Whether no frames of anybody in view are wanted."""
        phases = (visit.phase for visit in self._visits.values() if visit.in_view)
        return Phase.GATHERING not in phases

    def eager(self, now_s: float) -> bool:
        """Whether every frame counts now: somebody is there of whom frames are missing."""
        return any(
            visit.in_view
            and visit.phase is Phase.GATHERING
            and now_s - visit.gathering_since_s < EAGER_S
            for visit in self._visits.values()
        )

    def under_way(self) -> int:
        """How many visits wait for their capture or their answer."""
        return sum(visit.phase in UNDER_WAY for visit in self._visits.values())

    def _open(self, box: Box, now_s: float) -> Visit:
        self._count += 1
        visit = Visit(
            number=self._count,
            rules=self.rules,
            box=box,
            first_seen_s=now_s,
            last_seen_s=now_s,
            gathering=Gathering(self.rules),
            gathering_since_s=now_s,
        )
        self._visits[visit.number] = visit
        return visit

    def _lose(self, now_s: float) -> None:
        undecided_s = self._undecided_since_s(now_s)
        for visit in list(self._visits.values()):
            if visit.in_view and now_s - visit.last_seen_s > self.rules.lost_after_s:
                visit.in_view = False
                # Frames of this moment must not be sent with those of another.
                visit.gathering = Gathering(self.rules)
            if not visit.in_view and undecided_s > visit.forgotten_s():
                del self._visits[visit.number]

    def _undecided_since_s(self, now_s: float) -> float:
        """When the first of those came who may yet turn out to have been here before.

        Whoever came back in time is on the same visit, however long their frames take to gather.
        """
        came = (
            visit.first_seen_s
            for visit in self._visits.values()
            if visit.in_view and visit.phase in (Phase.GATHERING, Phase.PREPARING)
        )
        return min(came, default=now_s)

    def _advance(self, visit: Visit, now_s: float, seen: Sighting | None) -> Effect | None:
        if visit.phase is Phase.REFUSED and now_s >= visit.next_try_s:
            visit.gather_anew(now_s)
        if visit.phase is Phase.GATHERING and visit.gathering.ready(now_s):
            return self._prepare(visit)
        if visit.phase not in SETTLED or visit.vector is None or seen is None or seen.faults:
            return None
        if now_s - max(visit.checked_s, visit.news_s) < self.rules.recheck_s:
            return None
        visit.checked_s = now_s
        return Check(visit.number, seen)

    def _prepare(self, visit: Visit) -> Ready:
        ready = Ready(visit.number, visit.gathering.kept, visit.gathering.best())
        visit.phase = Phase.PREPARING
        # The frames are large; from here on only the capture holds them.
        visit.gathering = Gathering(self.rules)
        return ready

    def _returned(self, visit: Visit, vector: NDArray[np.float32] | None) -> Visit | None:
        """The absent visit this visit's face belongs to, if there is one."""
        if vector is None:
            return None
        absent = [
            (distance(other.vector, vector), other.number)
            for other in self._visits.values()
            if other is not visit
            and not other.in_view
            and other.vector is not None
            and visit.first_seen_s <= other.forgotten_s()
        ]
        nearest = min(absent, default=(float("inf"), 0))
        return self._visits[nearest[1]] if nearest[0] <= self.rules.same_person else None

    def _merge(self, visit: Visit, known: Visit, now_s: float) -> None:
        known.box = visit.box
        known.last_seen_s = visit.last_seen_s
        known.in_view = visit.in_view
        known.strikes = 0
        known.looks = visit.looks
        known.first_seen_s = visit.first_seen_s
        known.recent = visit.recent
        if known.phase in SETTLED:
            known.news_s = now_s
        elif known.phase is Phase.GATHERING:
            known.gather_anew(now_s)
        del self._visits[visit.number]


def distance(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Euclidean distance of two vectors of the same length."""
    return float(np.linalg.norm(one - other))
