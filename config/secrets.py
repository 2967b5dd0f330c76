"""Secrets of this installation, made on first start and readable by their owner alone."""

import base64
import os
import secrets as random_secrets
from collections.abc import Callable
from pathlib import Path

from config.state import make_folder, unwritable

# Letters and digits that are not taken for one another when read from a screen.
UNMISTAKABLE = "abcdefghjkmnpqrstuvwxyz23456789"


def secret(folder: Path, name: str, make: Callable[[], str]) -> str:
    """Return the secret kept as `folder/name`, making it with `make` the first time.

    The file appears whole or not at all, also when several processes start at once: all of
    them return the one that was there first. Raises SetupError when it cannot be read or kept.
    """
    path = folder / name
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        make_folder(folder, mode=0o700)
    except OSError as fault:
        raise unwritable(path, fault) from None
    try:
        _keep_first(path, make())
        return path.read_text(encoding="utf-8")
    except OSError as fault:
        raise unwritable(path, fault) from None


def _keep_first(path: Path, value: str) -> None:
    """Write `value` to a file of its own and link it to `path` unless there already is one."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{random_secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(value)
            file.flush()
            os.fsync(file.fileno())
        # A link, unlike a rename, never replaces what another process has just kept.
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def make_secret_key() -> str:
    """A key for Django's signatures."""
    return random_secrets.token_urlsafe(64)


def make_template_key() -> str:
    """A key for AES-256: 32 random bytes in base64."""
    return base64.b64encode(random_secrets.token_bytes(32)).decode("ascii")


def make_server_key() -> str:
    """A key for Ed25519 signatures: 32 random bytes in base64."""
    return base64.b64encode(random_secrets.token_bytes(32)).decode("ascii")


def make_password() -> str:
    """A password of 16 letters and digits in groups of four, about 79 bits, easy to type."""
    letters = [random_secrets.choice(UNMISTAKABLE) for _ in range(16)]
    return "-".join("".join(letters[start : start + 4]) for start in range(0, 16, 4))
