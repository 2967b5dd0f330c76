"""Engines of a test's own: none that was installed here is seen, none is left behind."""

from pathlib import Path

import pytest

from tests.recognition.engines.site.tiny import Tiny, make_tiny


@pytest.fixture
def engines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which engines are installed during this test."""
    folder = tmp_path / "engines"
    monkeypatch.setenv("LINTEL_ENGINES", str(folder))
    return folder


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    """Return the files of a tiny engine."""
    return make_tiny(tmp_path / "files")
