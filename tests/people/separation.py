"""Finds identities that the descriptor keeps well apart, by drawing many.

Descriptors are made for photographs, so two drawings with different traits can still lie
near each other. What the tests enrol are identities that do not: `identities.py` holds
the seeds found here, and `python -m tests.people separate` finds them again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition import Engine
from tests.people.drawing import draw

VARIATIONS = (0, 1, 2, 3)
LEAST_BETWEEN = 0.50  # between any two pictures of two people
LEAST_IN_MANY = 0.45  # the same over more variations than all can be drawn in
MANY_VARIATIONS = tuple(range(10))
MOST_WITHIN = 0.26  # between any two pictures of one person
TRIES = 300

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Sample:
    """One identity's descriptors, float32 (variations, 128)."""

    identity: int
    vectors: Vectors

    def spread(self) -> float:
        """Return the largest distance between two pictures of this person."""
        return float(_distances(self.vectors, self.vectors).max())

    def nearness(self, other: Sample) -> float:
        """Return the smallest distance between pictures of the two people."""
        return float(_distances(self.vectors, other.vectors).min())


def _distances(one: Vectors, other: Vectors) -> Vectors:
    return np.asarray(np.linalg.norm(one[:, None] - other[None], axis=2), dtype=np.float32)


def describe(identity: int, engine: Engine, variations: Sequence[int]) -> Sample:
    """Describe those of an identity's variations that show exactly one face."""
    vectors = []
    for variation in variations:
        picture = draw(identity, variation)
        faces = engine.find(picture)
        if len(faces) == 1:
            vectors.append(engine.embed(picture, faces)[0])
    return Sample(identity, np.array(vectors, dtype=np.float32).reshape(-1, engine.dimension))


def sample(identity: int, engine: Engine, variations: Sequence[int] = VARIATIONS) -> Sample | None:
    """Describe an identity's variations; None where one shows not exactly one face."""
    found = describe(identity, engine, variations)
    return found if len(found.vectors) == len(variations) else None


def sample_many(
    identities: Iterable[int], engine: Engine, seen: Callable[[int], None]
) -> list[Sample]:
    """Describe identities, leaving out those that vary too much; `seen` hears of each."""
    kept = []
    for identity in identities:
        found = sample(identity, engine)
        if found is not None and found.spread() <= MOST_WITHIN:
            kept.append(found)
        seen(identity)
    return kept


def separated(
    samples: Sequence[Sample], *, least: float = LEAST_BETWEEN, kept: Collection[int] = ()
) -> tuple[int, ...]:
    """Return as many identities as a greedy search finds that are pairwise `least` apart.

    The largest such set is a maximum independent set, which nobody finds quickly; taking
    whoever is near the fewest others, with ties broken at random, many times, comes close.
    Identities in `kept` are taken before all others: they have names already.
    """
    count = len(samples)
    near = np.zeros((count, count), dtype=bool)
    for i in range(count):
        for j in range(i):
            near[i, j] = near[j, i] = samples[i].nearness(samples[j]) < least
    first = np.array([one.identity in kept for one in samples], dtype=bool)
    best: list[int] = []
    for attempt in range(TRIES):
        chosen = _independent(near, first, np.random.default_rng(attempt))
        if len(chosen) > len(best):
            best = chosen
    return tuple(sorted(samples[i].identity for i in best))


def _independent(
    near: NDArray[np.bool_], first: NDArray[np.bool_], rng: np.random.Generator
) -> list[int]:
    left = np.ones(len(near), dtype=bool)
    chosen = []
    while left.any():
        pool = left & first if (left & first).any() else left
        crowd = near[:, left].sum(axis=1) + rng.uniform(0, 1.5, len(near))
        pick = int(np.where(pool, crowd, np.inf).argmin())
        chosen.append(pick)
        left &= ~near[pick]
        left[pick] = False
    return chosen


def confirmed(
    identities: Sequence[int], engine: Engine, *, kept: Collection[int] = ()
) -> tuple[int, ...]:
    """Return the identities that stay apart in many more variations than they were chosen by."""
    samples = [describe(identity, engine, MANY_VARIATIONS) for identity in identities]
    return separated(samples, least=LEAST_IN_MANY, kept=kept)
