"""What the distances of one engine's vectors mean: the rules that a search begins with."""

import itertools
import math
from dataclasses import dataclass

import numpy as np

from recognition.arguments import is_number, said
from recognition.errors import ArgumentError
from recognition.values import MatchRule


@dataclass(frozen=True, slots=True)
class Distances:
    """How near vectors of one person lie, for one engine; all are Euclidean distances.

    They serve where nobody has calibrated: the commands, and the check of a burst. A door decides
    by a threshold of its own.
    """

    consistent: float
    """Frames of one video farther apart than this show different people."""
    verification: float
    """One to one: of pairs of different people fewer than 1 in 1,000 lie within this."""
    margin: float
    """How much farther away the second person must be in a search."""
    search: tuple[tuple[int, float], ...]
    """People in a gallery, ascending, and the threshold that suits so many."""

    def __post_init__(self) -> None:
        """Raise ArgumentError for distances below 0, or sizes of galleries that do not ascend."""
        if not all(
            is_number(distance) and distance >= 0
            for distance in (self.consistent, self.verification, self.margin)
        ):
            raise ArgumentError("Distances of an engine are finite numbers, 0 or more.")
        if not _ascends(self.search):
            raise ArgumentError(
                "A search has pairs of people and distance, both above 0, people ascending."
            )

    def search_rule(self, people: int) -> MatchRule:
        """The rule for a gallery of so many people, straight between given sizes on a log scale.

        The more people a stranger is compared with, the nearer the nearest of them is: a threshold
        holds what it promises for one size of gallery only. Raises ArgumentError for fewer than 1.
        """
        if not (is_number(people) and people >= 1):
            raise ArgumentError(
                f"A gallery to search in has at least 1 person, not {said(people)}."
            )
        sizes, thresholds = zip(*self.search, strict=True)
        threshold = np.interp(math.log(people), np.log(sizes), thresholds)
        return MatchRule(round(float(threshold), 3), self.margin)

    @property
    def verification_rule(self) -> MatchRule:
        """The rule of a comparison one to one, where there is no second person."""
        return MatchRule(self.verification, 0.0)


def _ascends(search: object) -> bool:
    """Whether these are pairs of numbers above 0, at least one, the first of each pair rising."""
    if not isinstance(search, tuple) or not search:
        return False
    for row in search:
        if not (isinstance(row, tuple) and len(row) == 2):
            return False
        if not all(is_number(number) and number > 0 for number in row):
            return False
    return all(one[0] < other[0] for one, other in itertools.pairwise(search))
