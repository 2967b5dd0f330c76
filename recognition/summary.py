"""Who was seen in a source, when and how surely."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from recognition.identification import Identified
from recognition.values import Frame


@dataclass(frozen=True, slots=True)
class PersonSeen:
    """One person over all frames in which they were recognised."""

    name: str
    frames: int
    first_s: float
    last_s: float
    best_distance: float


class Summary:
    """Counts as frames come. Not safe to share between threads."""

    def __init__(self) -> None:
        self._people: dict[str, PersonSeen] = {}
        self.frames = 0
        self.faces = 0
        self.unknown = 0
        """Faces that were nobody's."""

    def add(self, frame: Frame, found: Sequence[Identified]) -> None:
        """Count one frame; a person found twice in it counts once."""
        self.frames += 1
        self.faces += len(found)
        self.unknown += sum(identified.name is None for identified in found)
        best: dict[str, float] = {}
        for identified in found:
            match = identified.decision.match
            if identified.name is not None and match is not None:
                before = best.get(identified.name, match.distance)
                best[identified.name] = min(before, match.distance)
        for name, distance in best.items():
            self._count(name, frame.time_s, distance)

    def _count(self, name: str, time_s: float, distance: float) -> None:
        seen = self._people.get(name) or PersonSeen(name, 0, time_s, time_s, distance)
        self._people[name] = replace(
            seen,
            frames=seen.frames + 1,
            last_s=time_s,
            best_distance=min(seen.best_distance, distance),
        )

    @property
    def people(self) -> tuple[PersonSeen, ...]:
        """In the order in which they were first seen."""
        return tuple(self._people.values())
