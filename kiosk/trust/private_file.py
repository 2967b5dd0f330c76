"""Small files that only their owner may read, written whole or not at all."""

import os
import secrets
import stat
from pathlib import Path

from kiosk.errors import StartError


def write_private(path: Path, content: bytes) -> None:
    """Put `content` in place of the file, on the disk when this returns; never half of it.

    Raises StartError when it cannot be written.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        sync_folder(path.parent)
    except OSError as error:
        raise StartError(f"{path} cannot be written ({error.strerror}).") from error


def read_private(path: Path) -> bytes | None:
    """What the file holds; None when there is none.

    Raises StartError when somebody else owns it, may read it or may write it: whoever could
    have copied a key may have it.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StartError(f"{path} cannot be read ({error.strerror}).") from error
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise StartError(f"{path} is no file.")
        if found.st_uid != os.geteuid():
            raise StartError(f"{path} belongs to somebody else; the kiosk's own user must own it.")
        if found.st_mode & 0o077:
            raise StartError(
                f"{path} can be read by others (mode {found.st_mode & 0o777:o}). Its key may be "
                "known: revoke it in the console, remove the file, and provision anew."
            )
        return file.read()


def make_private_folder(path: Path) -> None:
    """Make a folder for its owner alone. Raises StartError when that cannot be."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.chmod(0o700)
    except OSError as error:
        raise StartError(f"The state folder {path} cannot be had ({error.strerror}).") from error


def sync_folder(path: Path) -> None:
    """Have a folder's entries on the disk: a renamed file is only then safe from a power cut."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
