"""Template vectors and kept faces are sealed with AES-256-GCM under a key outside the database.

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


def _face_of(person_id: uuid.UUID) -> bytes:
    return b"\0".join([b"lintel face 1", person_id.bytes])


def _seal(plain: bytes, bound_to: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _cipher(settings.TEMPLATE_KEY).encrypt(nonce, plain, bound_to)


def _open(sealed: bytes, bound_to: bytes, what: str) -> bytes:
    try:
        return _cipher(settings.TEMPLATE_KEY).decrypt(
            sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to
        )
    except (InvalidTag, ValueError) as error:
        raise SealBroken(
            f"A stored {what} does not open: wrong key, or the row was changed."
        ) from error


def seal_face(*, picture: bytes, person_id: uuid.UUID) -> bytes:
    """Return nonce and ciphertext of a picture's bytes, bound to the person."""
    return _seal(picture, _face_of(person_id))


def open_face(*, sealed: bytes, person_id: uuid.UUID) -> bytes:
    """Return the picture's bytes; raise SealBroken when they do not open."""
    return _open(sealed, _face_of(person_id), "face")


def seal_vector(*, vector: NDArray[np.float32], person_id: uuid.UUID, engine: EngineId) -> bytes:
    """Return nonce and ciphertext of a float32 vector (d,), bound to person and engine."""
    plain = np.ascontiguousarray(vector, dtype="<f4").tobytes()
    return _seal(plain, _bound_to(person_id, engine))


def open_vector(*, sealed: bytes, person_id: uuid.UUID, engine: EngineId) -> NDArray[np.float32]:
    """Return the float32 vector (d,) that was sealed; raise SealBroken when it does not open."""
    plain = _open(sealed, _bound_to(person_id, engine), "template")
    return np.frombuffer(plain, dtype="<f4").astype(np.float32)
