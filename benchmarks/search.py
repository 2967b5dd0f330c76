"""One vector searched exactly among ten thousand people, a hundred thousand and a million.

All on one thread: Lintel, one BLAS product of the same matrix, `faiss` and `face_distance`.
"""

import uuid

import faiss
import numpy as np

from benchmarks import peer
from benchmarks.figures import Search
from benchmarks.timing import in_turn
from recognition import EngineId, Gallery
from tests.people import synthetic_vectors

_IN_A_ROW = 5
SIZES = (10_000, 100_000, 1_000_000)
ENGINE = EngineId("benchmark", "1")


def measure(*, rounds: int, sizes: tuple[int, ...] = SIZES) -> dict[int, Search]:
    """Measure all sizes; `rounds` is how often the largest search is repeated."""
    faiss.omp_set_num_threads(1)
    return {people: _search(people, rounds * max(1, 200_000 // people)) for people in sizes}


def person_labels(count: int, seed: int = 0) -> list[str]:
    """Labels as the server has them."""
    numbers = np.random.default_rng(seed).bytes(16 * count)
    return [str(uuid.UUID(bytes=numbers[at : at + 16])) for at in range(0, len(numbers), 16)]


def _search(people: int, rounds: int) -> Search:
    vectors = synthetic_vectors(people)
    gallery = Gallery(ENGINE, person_labels(people), vectors)
    index = faiss.IndexFlatL2(vectors.shape[1])
    index.add(vectors)
    known = vectors.astype(np.float64)
    # Somebody enrolled, a little changed.
    probe = vectors[[people // 3]] + np.float32(0.01)
    assert index.search(probe, 1)[1][0, 0] == people // 3
    assert gallery.search(probe)[0].distance < 0.2
    return Search(
        *in_turn(
            (
                lambda: gallery.search(probe),
                lambda: probe @ vectors.T,
                lambda: index.search(probe, 2),
                lambda: peer.distances(known, probe[0]),
            ),
            rounds=rounds,
            in_a_row=_IN_A_ROW,
        )
    )
