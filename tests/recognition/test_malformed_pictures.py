"""Ten thousand malformed pictures: each gives a picture or a DecodeError, and memory stays flat."""

import os
import resource
import warnings
from pathlib import Path

import numpy as np
import pytest

from recognition import DecodeError, DecodeLimits, Engine, decode, inspect
from tests.people import draw
from tests.recognition.conftest import FIRST
from tests.recognition.malformed import malformed, whole_files

pytestmark = pytest.mark.slow

PICTURES = 10_000
# A kiosk's frames are bounded like this; a forged size may take as much memory as it allows.
LIMITS = DecodeLimits(max_bytes=2 * 1024 * 1024, max_pixels=4_000_000, max_side=4000)
# Measured: 1. A decoded picture of that size, and what allocators keep of it.
ROOM_MIB = 30


def resident_mib() -> float:
    """What this process holds in memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def peak_mib() -> float:
    """The most it ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.mark.timeout(1200)
def test_none_of_ten_thousand_is_lost_and_memory_stays_flat(engine: Engine) -> None:
    files = whole_files(draw(FIRST, size=(160, 160), face_px=90))
    for content in files:  # what is loaded once is loaded now
        try:
            image = decode(content, limits=LIMITS)
        except DecodeError:
            continue
        engine.embed(image, engine.find(image))
    engine.find(np.zeros((2000, 2000, 3), np.uint8))
    before, peak_before = resident_mib(), peak_mib()
    pictures = refusals = 0
    with warnings.catch_warnings():
        # Pillow warns of damaged metadata; that is no fault of the pixels.
        warnings.simplefilter("ignore", UserWarning)
        for number, content in enumerate(malformed(files, PICTURES, seed=4)):
            try:
                image = decode(content, limits=LIMITS)
            except DecodeError as error:
                refusals += bool(str(error))
                continue
            pictures += 1
            info = inspect(content, limits=LIMITS)
            assert sorted(image.shape[:2]) == sorted((info.height, info.width)), number
            faces = engine.find(image)
            assert np.isfinite(engine.embed(image, faces[:1])).all(), number

    assert pictures + refusals == PICTURES
    assert min(pictures, refusals) > PICTURES / 10
    assert resident_mib() - before < ROOM_MIB
    assert peak_mib() - max(peak_before, before) < ROOM_MIB
