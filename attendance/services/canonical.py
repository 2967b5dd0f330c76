"""What is signed, as bytes: the other half of this is `kiosk/trust/canonical.py`.

docs/kiosk-protocol.md describes each form. Fields stand one a line in a fixed order after a first
line that says what this is, so no signature of one kind ever reads as another kind.
"""

import hashlib

REQUEST = "lintel-request-1"
ANSWER = "lintel-answer-1"
PROVISION = "lintel-provision-1"
ROTATION = "lintel-rotation-1"


def _lines(*fields: str) -> bytes:
    return "\n".join(fields).encode()


def request_message(
    *, kiosk: str, method: str, target: str, body_sha256: str, time: str, nonce: str
) -> bytes:
    """Return what a kiosk signs of a request; `target` is the path with its query."""
    return _lines(REQUEST, kiosk, method.upper(), target, body_sha256, time, nonce)


def answer_message(*, kiosk: str, nonce: str, status: int, body: bytes) -> bytes:
    """Return what the server signs of its answer to the request with this nonce."""
    return _lines(ANSWER, kiosk, nonce, str(status), hashlib.sha256(body).hexdigest())


def provision_message(*, code_name: str, public_key: str, nonce: str) -> bytes:
    """Return what proves the one-time code (as HMAC) and the new key (as signature)."""
    return _lines(PROVISION, code_name, public_key, nonce)


def rotation_message(*, kiosk: str, public_key: str) -> bytes:
    """Return what a kiosk's next key signs, to prove that the kiosk holds it."""
    return _lines(ROTATION, kiosk, public_key)
