"""A face's vector is made of dlib's descriptor and what the network knows just before it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from recognition import WeightFileError, decode
from recognition.engines.dlib_resnet import projection
from recognition.engines.dlib_resnet.engine import DlibResnetEngine
from recognition.engines.dlib_resnet.network import check_chips
from recognition.normalisation.normaliser import plain_distances


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a copy of the committed file that is read in its place."""
    path = tmp_path / "projection.npy"
    path.write_bytes(projection.FILE.read_bytes())
    monkeypatch.setattr(projection, "FILE", path)
    projection.committed_projection.cache_clear()
    yield path
    projection.committed_projection.cache_clear()


def test_vectors_are_features_times_a_matrix_and_something_added() -> None:
    engine = DlibResnetEngine()
    features = engine.features(check_chips())
    by = projection.committed_projection()

    assert features.shape == (3, 384)
    assert by.shape == (385, 128)
    np.testing.assert_allclose(
        engine.embed_chips(check_chips()), features @ by[:-1] + by[-1], atol=1e-6
    )


@pytest.mark.usefixtures("file")
def test_it_is_read_once_a_process() -> None:
    assert projection.committed_projection() is projection.committed_projection()


def test_a_turned_bit_is_named(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[5000] ^= 1
    file.write_bytes(content)

    with pytest.raises(WeightFileError, match=r"projection\.npy is damaged or another one"):
        DlibResnetEngine().embed_chips(check_chips())


def test_a_missing_file_is_named(file: Path) -> None:
    file.unlink()

    with pytest.raises(WeightFileError, match=r"projection\.npy cannot be read"):
        projection.committed_projection()


@pytest.mark.slow
def test_more_pictures_of_unseen_people_lie_near_than_by_dlibs_descriptor(
    shared_data: Path,
) -> None:
    engine = DlibResnetEngine()
    whose, features = [], []
    for path in sorted((shared_data / "people").glob("*/*/*")):
        image = decode(path.read_bytes())
        for face in engine.find(image, min_face=40, thorough=True)[:1]:
            whose.append(path.parent.name)
            features.append(engine.features(engine.align(image, [face]))[0])
    same = np.array(whose)[:, None] == np.array(whose)
    one_way = np.triu(np.ones_like(same), 1)

    def within(vectors: np.ndarray, distance: float) -> tuple[float, float]:
        near = plain_distances(vectors, vectors) <= distance
        return near[same & one_way].mean(), near[~same & one_way].mean()

    rows = np.stack(features)
    vectors = projection.project(rows, projection.committed_projection())
    found, let_in = within(vectors, 0.46)
    found_by_dlib, _ = within(rows[:, :128], 0.46)
    assert len(whose) >= 135
    assert found > found_by_dlib + 0.01
    assert let_in == 0
