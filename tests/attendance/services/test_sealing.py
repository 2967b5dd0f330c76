import uuid

import numpy as np
import pytest

from attendance.errors import SealBroken
from attendance.services.sealing import open_vector, seal_vector
from recognition import EngineId

ENGINE = EngineId("test-engine", "1")
PERSON = uuid.UUID(int=1)


def vector() -> np.ndarray:
    return np.random.default_rng(0).normal(size=128).astype(np.float32)


def test_it_opens_what_it_sealed() -> None:
    sealed = seal_vector(vector=vector(), person_id=PERSON, engine=ENGINE)
    opened = open_vector(sealed=sealed, person_id=PERSON, engine=ENGINE)
    assert opened.dtype == np.float32
    np.testing.assert_array_equal(opened, vector())


def test_it_hides_the_vector_and_never_seals_twice_alike() -> None:
    one = seal_vector(vector=vector(), person_id=PERSON, engine=ENGINE)
    two = seal_vector(vector=vector(), person_id=PERSON, engine=ENGINE)
    assert one != two
    assert vector().tobytes()[:16] not in one


@pytest.mark.parametrize(
    ("person", "engine"),
    [
        (uuid.UUID(int=2), ENGINE),
        (PERSON, EngineId("test-engine", "2")),
        (PERSON, EngineId("b", "1")),
    ],
)
def test_it_refuses_another_person_or_engine(person: uuid.UUID, engine: EngineId) -> None:
    sealed = seal_vector(vector=vector(), person_id=PERSON, engine=ENGINE)
    with pytest.raises(SealBroken):
        open_vector(sealed=sealed, person_id=person, engine=engine)


@pytest.mark.parametrize("broken", [b"", b"short", bytes(12), bytes(600)])
def test_it_refuses_what_it_did_not_seal(broken: bytes) -> None:
    with pytest.raises(SealBroken):
        open_vector(sealed=broken, person_id=PERSON, engine=ENGINE)
