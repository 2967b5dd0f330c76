"""dlib's frontal face detector, kept in the cache folder in the form that loads at once.

dlib carries it as packed text inside its library, and takes 0.35 s of a core to unpack it, in each
thread anew; as bytes it is there in a millisecond.
"""

import logging
from functools import cache
from typing import Any

from recognition.cache import cache_folder, cached_bytes

log = logging.getLogger(__name__)


def frontal_detector() -> Any:
    """A detector of one's own: dlib keeps scratch memory in it, so threads do not share one."""
    import dlib

    try:
        detector = dlib.fhog_object_detector.__new__(dlib.fhog_object_detector)
        detector.__setstate__((_state(),))
    except (AttributeError, TypeError, RuntimeError, ValueError) as error:
        # A dlib of another kind: as it says itself, and slower.
        log.warning("dlib's detector does not load from the cache folder (%s).", error)
        return dlib.get_frontal_face_detector()
    return detector


@cache
def _state() -> bytes:
    """The detector's own bytes; belongs to one version of dlib."""
    import dlib

    path = cache_folder() / f"dlib-frontal-detector-{dlib.__version__}.bin"
    return cached_bytes(path, lambda: bytes(dlib.get_frontal_face_detector().__getstate__()[0]))[0]
