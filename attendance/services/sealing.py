"""Template vectors are sealed with AES-256-GCM under a key that is not in the database.

The associated data binds a sealed vector to its person and engine: a row copied to another
person, or relabelled as another engine's, does not open.
"""

import base64
import functools
import os
import uuid

import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from numpy.typing import NDArray

from attendance.errors import SealBroken
from recognition import EngineId

NONCE_BYTES = 12  # the size GCM is specified for (NIST SP 800-38D, 8.2)


@functools.cache
def _cipher(key: str) -> AESGCM:
    return AESGCM(base64.b64decode(key))


def _bound_to(person_id: uuid.UUID, engine: EngineId) -> bytes:
    return b"\0".join(
        [b"lintel template 1", person_id.bytes, engine.name.encode(), engine.version.encode()]
    )


def seal_vector(*, vector: NDArray[np.float32], person_id: uuid.UUID, engine: EngineId) -> bytes:
    """Return nonce and ciphertext of a float32 vector (d,), bound to person and engine."""
    nonce = os.urandom(NONCE_BYTES)
    plain = np.ascontiguousarray(vector, dtype="<f4").tobytes()
    return nonce + _cipher(settings.TEMPLATE_KEY).encrypt(
        nonce, plain, _bound_to(person_id, engine)
    )


def open_vector(*, sealed: bytes, person_id: uuid.UUID, engine: EngineId) -> NDArray[np.float32]:
    """Return the float32 vector (d,) that was sealed; raise SealBroken when it does not open."""
    try:
        plain = _cipher(settings.TEMPLATE_KEY).decrypt(
            sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _bound_to(person_id, engine)
        )
    except (InvalidTag, ValueError) as error:
        raise SealBroken(
            "A stored template does not open: wrong key, or the row was changed."
        ) from error
    return np.frombuffer(plain, dtype="<f4").astype(np.float32)
