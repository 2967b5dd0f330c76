"""The best few frames of a face, spread in time."""

from kiosk.visits.rules import VisitRules
from kiosk.visits.sighting import Sighting

CLOCK_GRAIN_S = 0.001
"""Frames of a 12.5 Hz camera are 80 ms apart give or take rounding; that must not skip them."""


class Gathering:
    """Collects good sightings of one face until there are enough, or it has taken too long.

    Of sightings that lie close together only the best is kept, so a fast camera gives better
    frames, not more of the same. While they still get better (somebody walks up), the worst makes
    room for the newest.
    """

    def __init__(self, rules: VisitRules, *, again: bool = False) -> None:
        """With `again` the frames are taken farther apart, as after a refusal."""
        self._rules = rules
        self._spacing_s = rules.retry_spacing_s if again else rules.spacing_s
        self._kept: list[Sighting] = []
        self._began_s = 0.0
        self._window_s = 0.0

    @property
    def kept(self) -> tuple[Sighting, ...]:
        """What was kept, oldest first: at most `rules.wanted`, at least the spacing apart."""
        return tuple(self._kept)

    def add(self, sighting: Sighting) -> None:
        """Take a sighting in, if it is good and not one too many.

        What is kept may be sent, so no bystander may have been overlooked in it.
        """
        if sighting.faults or not sighting.whole:
            return
        spacing_s = self._spacing_s - CLOCK_GRAIN_S
        if not self._kept:
            self._began_s = sighting.time_s
        if not self._kept or sighting.time_s - self._kept[-1].time_s >= spacing_s:
            self._kept.append(sighting)
            self._window_s = sighting.time_s
            if len(self._kept) > self._rules.wanted:
                self._kept.remove(min(self._kept, key=_quality))
        elif sighting.time_s - self._window_s < spacing_s and (
            _quality(sighting) > _quality(self._kept[-1])
        ):
            # Later than the one it replaces, so it is even farther from the one before that.
            self._kept[-1] = sighting

    def ready(self, now_s: float) -> bool:
        """Whether what was kept is to be sent now."""
        if not self._kept:
            return False
        if now_s - self._began_s >= self._rules.longest_gather_s:
            return True
        qualities = [_quality(sighting) for sighting in self._kept]
        enough = len(qualities) >= self._rules.wanted
        return enough and min(qualities) >= self._rules.even * max(qualities)

    def best(self) -> Sighting:
        """The best sighting kept. Raises ValueError when there is none."""
        return max(self._kept, key=_quality)


def _quality(sighting: Sighting) -> float:
    return sighting.face.quality.overall
