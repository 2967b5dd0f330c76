"""Faces are embedded once for each content, whatever becomes of the cache."""

from pathlib import Path

import numpy as np
import pytest

from recognition import FakeEngine, encode_jpeg
from recognition.evaluation.acquisition import acquire
from recognition.evaluation.dataset import read_dataset
from recognition.evaluation.enrolments import enrolments


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return pictures of two people, one of them black, and one damaged file."""
    monkeypatch.setenv("LINTEL_CACHE", str(tmp_path / "cache"))
    pictures = tmp_path / "pictures"
    for name, grey in (("Ada", 200), ("Bob", 0)):
        (pictures / name).mkdir(parents=True)
        picture = encode_jpeg(np.full((200, 200, 3), grey, np.uint8))
        (pictures / name / "1.jpg").write_bytes(picture)
    (pictures / "Ada" / "2.jpg").write_bytes(b"no picture")
    return pictures


def test_it_counts_found_missed_and_damaged(folder: Path) -> None:
    got = acquire(read_dataset(folder), engine=FakeEngine(), min_face=40)

    assert (len(got.samples), len(got.missed), got.images) == (1, 2, 3)
    assert [Path(one.file).name for one in got.skipped] == ["2.jpg"]
    assert enrolments(got).failure_to_enrol.value == 0.5


def test_a_second_time_comes_from_the_cache(folder: Path) -> None:
    class Once(FakeEngine):
        def find(self, *_: object, **__: object) -> tuple[()]:
            raise AssertionError("searched again")

    first = acquire(read_dataset(folder), engine=FakeEngine(), min_face=40)
    again = acquire(read_dataset(folder), engine=Once(), min_face=40)

    assert np.array_equal(first.samples[0].vectors, again.samples[0].vectors)
    assert first.samples[0].quality == again.samples[0].quality


def test_a_damaged_cache_file_is_made_again(folder: Path, tmp_path: Path) -> None:
    first = acquire(read_dataset(folder), engine=FakeEngine(), min_face=40)
    for path in (tmp_path / "cache").rglob("*.npz"):
        path.write_bytes(b"damaged")

    again = acquire(read_dataset(folder), engine=FakeEngine(), min_face=40)

    assert np.array_equal(first.samples[0].vectors, again.samples[0].vectors)
