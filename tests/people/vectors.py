"""Made-up descriptors for load tests: a gallery of any size without drawing anybody."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

DIMENSION = 128
# dlib's descriptors lie around a common centre, and what differs between people spans
# fewer directions than 128. Measured on photographs of 195 faces: lengths 1.44 +- 0.08,
# centre's length 1.32, distances between strangers 0.83 +- 0.09.
CENTRE_LENGTH = 1.30
DIRECTIONS = 44  # in effect: what they span falls off evenly
PERSON_DEVIATION = 0.59


def synthetic_vectors(n: int, seed: int = 0) -> NDArray[np.float32]:
    """Return n descriptors of n different people, float32 (n, 128).

    Their lengths are about 1.43 and the distances between them about 0.83, as dlib's are;
    the same n and seed give the same vectors. Raises ValueError where n is negative.
    """
    if n < 0:
        raise ValueError(f"a gallery cannot hold {n} people")
    fixed = np.random.default_rng([0xD11B, 0])
    centre = fixed.standard_normal(DIMENSION)
    centre *= CENTRE_LENGTH / np.linalg.norm(centre)
    strength = np.exp(-np.arange(DIMENSION) / DIRECTIONS)
    strength *= PERSON_DEVIATION / np.linalg.norm(strength)
    basis, _ = np.linalg.qr(fixed.standard_normal((DIMENSION, DIMENSION)))
    spread = (basis * strength).T.astype(np.float32)
    rng = np.random.default_rng([0xD11B, 1, seed])
    people = rng.standard_normal((n, DIMENSION), dtype=np.float32) @ spread
    return np.asarray(people + centre.astype(np.float32), dtype=np.float32)
