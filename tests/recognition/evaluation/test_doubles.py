"""A picture that lies under two names is told."""

from pathlib import Path

import numpy as np
import pytest

from recognition import FakeEngine, encode_jpeg
from recognition.evaluation.acquisition import acquire
from recognition.evaluation.comparisons import compare_all
from recognition.evaluation.dataset import read_dataset
from recognition.evaluation.doubles import doubles
from recognition.evaluation.samples import single_samples
from recognition.normalisation.normaliser import plain_blocks


def test_a_picture_under_two_names_is_told_and_one_of_the_same_person_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINTEL_CACHE", str(tmp_path / "cache"))
    for name, greys in {"Ada": (40, 130), "Bob": (220, 40)}.items():
        (tmp_path / "pictures" / name).mkdir(parents=True)
        for grey in greys:
            picture = encode_jpeg(np.full((200, 200, 3), grey, np.uint8))
            (tmp_path / "pictures" / name / f"{grey}.jpg").write_bytes(picture)
    acquired = acquire(read_dataset(tmp_path / "pictures"), engine=FakeEngine(), min_face=40)

    found = doubles(acquired, compare_all(single_samples(acquired), plain_blocks))

    assert [(one.parent.name, one.name, two.parent.name) for one, two in found] == [
        ("Ada", "40.jpg", "Bob")
    ]
