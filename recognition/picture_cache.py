"""What was made of a picture, kept in the cache folder by the picture's content and the engine.

These are vectors and measures of real people's faces: files and folders are their owner's alone.
The same picture under another name is found again; a changed one is not. A damaged file is made
again.
"""

import hashlib
from collections.abc import Callable

from recognition.cache import cache_folder, cached_bytes
from recognition.values import EngineId

_OWNER_ONLY = 0o700


class PictureCache:
    """Entries of one purpose and one engine; safe to share between threads and processes."""

    def __init__(self, purpose: str, engine: EngineId, *, version: str, keep: bool = True) -> None:
        """`version` names what else an entry depends on; without `keep` nothing is read or kept."""
        self._folder = cache_folder() / purpose / f"{engine.name}-{engine.version}-{version}"
        self._keep = keep

    def entry(self, content: bytes, make: Callable[[], bytes]) -> bytes:
        """What `make` gives for a picture file of this content, or what it gave before.

        What `make` raises passes through, and is not kept.
        """
        if not self._keep:
            return make()
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._folder.parent.chmod(_OWNER_ONLY)
        except OSError:
            return make()
        digest = hashlib.sha256(content).hexdigest()
        return cached_bytes(self._folder / digest[:2] / f"{digest}.npz", make)[0]
