"""The detector from the cache folder is dlib's own."""

from collections.abc import Iterator
from pathlib import Path

import dlib
import numpy as np
import pytest

from recognition import Image
from recognition.engines.dlib_resnet import frontal_detector as module
from recognition.engines.dlib_resnet.frontal_detector import frontal_detector


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return an empty cache folder, and forget what this process has loaded."""
    monkeypatch.setenv("LINTEL_CACHE", str(tmp_path))
    module._state.cache_clear()
    yield tmp_path
    module._state.cache_clear()


def test_it_finds_what_dlibs_own_finds(cache: Path, portrait: Image) -> None:
    grey = np.ascontiguousarray(portrait[:, :, 1])
    expected = dlib.get_frontal_face_detector().run(grey, 0, 0.0)

    for detector in (frontal_detector(), frontal_detector()):
        assert detector.run(grey, 0, 0.0) == expected
    assert len(list(cache.glob("*.bin"))) == 1


def test_bytes_that_are_no_detector_leave_dlib_to_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, portrait: Image
) -> None:
    monkeypatch.setattr(module, "_state", lambda: b"no detector")

    detector = frontal_detector()

    assert len(detector.run(np.ascontiguousarray(portrait[:, :, 1]), 0, 0.0)[0]) == 1
    assert "does not load" in caplog.text
