"""The folder for files that can always be made again, and how they are written there.

Several processes may need the same file at the same moment: it is made once, under a lock, and
appears whole or not at all. A digest beside it shows whether it is still what was written.
"""

import fcntl
import hashlib
import logging
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import platformdirs

log = logging.getLogger(__name__)


def cache_folder() -> Path:
    """The folder named by LINTEL_CACHE, or else the user's cache folder; it may not exist yet."""
    chosen = os.environ.get("LINTEL_CACHE")
    return Path(chosen).expanduser() if chosen else platformdirs.user_cache_path("lintel")


def cached_bytes(path: Path, make: Callable[[], bytes]) -> tuple[bytes, bool]:
    """Read a cached file, or make and keep it; says as second value whether it was made now.

    A file that does not fit its digest is made again. A folder that cannot be written costs only
    the keeping: the bytes are made and returned all the same. What `make` raises passes through.
    """
    kept = _read_checked(path)
    if kept is not None:
        return kept, False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path.with_suffix(".lock")):
            # Somebody else may have made it while this process waited for the lock.
            kept = _read_checked(path)
            if kept is not None:
                return kept, False
            made = make()
            _write_whole(path, made)
            _write_whole(_digest_path(path), _digest(made))
            return made, True
    except OSError as error:
        log.warning("The cache folder %s cannot be used (%s); nothing is kept.", path.parent, error)
        return make(), True


def forget_cached(path: Path) -> None:
    """Have a file made anew by whoever needs it next."""
    # Where it cannot be taken away, it could not have been kept there either.
    with suppress(OSError):
        _digest_path(path).unlink(missing_ok=True)


def _read_checked(path: Path) -> bytes | None:
    """The file's bytes where they fit the digest beside it."""
    try:
        content = path.read_bytes()
        digest = _digest_path(path).read_bytes()
    except OSError:
        return None
    if _digest(content) == digest:
        return content
    log.warning("The cached file %s is damaged; it is made again.", path)
    return None


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()


def _digest_path(path: Path) -> Path:
    return path.with_name(path.name + ".sha256")


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock that the system frees when this process ends, however it ends."""
    with path.open("wb") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _write_whole(path: Path, content: bytes) -> None:
    """Write beside the target, then take its place in one step."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as handle:
        scratch = Path(handle.name)
        try:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
            scratch.replace(path)
        except BaseException:
            scratch.unlink(missing_ok=True)
            raise
