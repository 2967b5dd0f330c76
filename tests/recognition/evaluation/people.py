"""Made-up people as points: each a centre, each session near it."""

import numpy as np

from recognition.evaluation.samples import SampleSet


def point_people(
    people: int = 40, sessions: int = 3, *, spread: float = 0.05, seed: int = 1
) -> SampleSet:
    """Give each person `sessions` vectors of 8 numbers, normally spread around their centre."""
    random = np.random.default_rng(seed)
    centres = random.normal(0, 0.25, (people, 1, 8))
    vectors = centres + random.normal(0, spread, (people, sessions, 8))
    count = people * sessions
    return SampleSet(
        vectors.reshape(count, 8).astype(np.float32),
        np.repeat(np.arange(people), sessions),
        np.arange(count),
        np.full(count, 0.5, np.float32),
        np.full(count, 100, np.float32),
        tuple(f"person {number:03}" for number in range(people)),
    )
