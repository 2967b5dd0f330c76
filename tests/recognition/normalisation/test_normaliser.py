"""Faces that lie near everybody are held to more, and nothing else changes."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recognition import Engine, decode
from recognition.calibration.normaliser_fitting import FitOptions, fit_normaliser
from recognition.engines.registry import load_engine
from recognition.errors import EngineError, EvaluationError, GalleryError, OutputError
from recognition.normalisation import builtin, normaliser
from recognition.normalisation.builtin import normaliser_for, read_normaliser, write_normaliser
from recognition.normalisation.normaliser import Normaliser, plain_distances
from recognition.values import EngineId, Vectors
from tests.recognition.evaluation.people import point_people


@pytest.fixture(scope="module")
def fitted() -> Normaliser:
    """Return a normaliser of made-up people."""
    return fit_normaliser(point_people(people=120), np.zeros(8, np.float32))


def compare(by: Normaliser, one: Vectors, other: Vectors) -> np.ndarray:
    """Return all distances at once."""
    return by.blocks(one, other)(slice(None), slice(None))


def test_a_common_face_needs_a_smaller_distance_than_a_rare_one(fitted: Normaliser) -> None:
    mean, _ = fitted.nearness(fitted.cohort)
    step = np.zeros((1, 8), np.float32)
    step[0, 0] = 0.2
    common, rare = (fitted.cohort[[row]] for row in (mean.argmin(), mean.argmax()))

    assert compare(fitted, common, common + step) > compare(fitted, rare, rare + step)


def test_it_is_symmetric(fitted: Normaliser) -> None:
    vectors = point_people(people=10, seed=5).vectors

    assert np.allclose(compare(fitted, vectors, vectors), compare(fitted, vectors, vectors).T)


def test_a_share_of_nothing_is_the_plain_distance(fitted: Normaliser) -> None:
    vectors = point_people(people=10, seed=5).vectors
    plain = replace(fitted, share=0.0)

    expected = plain_distances(vectors, vectors)
    assert np.allclose(compare(plain, vectors, vectors), expected, atol=1e-6)


def test_it_survives_being_written(fitted: Normaliser, tmp_path: Path) -> None:
    engine = EngineId("fake", "1")
    write_normaliser(tmp_path / "cohort.npz", fitted, engine)

    made_for, read = read_normaliser((tmp_path / "cohort.npz").read_bytes())

    vectors = point_people(people=10, seed=5).vectors
    assert made_for == engine
    np.testing.assert_array_equal(
        compare(read, vectors, vectors), compare(fitted, vectors, vectors)
    )


@pytest.mark.parametrize("damage", [b"", b"no file", b"PK\3\4 cut"])
def test_a_damaged_file_is_named(
    damage: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fake.npz").write_bytes(damage)
    monkeypatch.setattr(builtin, "_FOLDER", tmp_path)

    with pytest.raises(EngineError, match=r"fake\.npz is damaged"):
        normaliser_for(EngineId("fake", "damaged"))


def test_its_file_that_cannot_be_written_is_named(fitted: Normaliser, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        write_normaliser(tmp_path / "nowhere" / "cohort.npz", fitted, EngineId("fake", "1"))


def test_the_cohort_is_nobody(fitted: Normaliser) -> None:
    pictures = point_people(people=120).vectors

    assert plain_distances(fitted.cohort, pictures).min() > FitOptions().apart


def test_people_whose_averages_are_all_somebody_give_none() -> None:
    alike = point_people(people=40)
    close = replace(alike, vectors=alike.vectors * np.float32(0.1))

    with pytest.raises(EvaluationError, match="so much alike"):
        fit_normaliser(close, np.zeros(8, np.float32), FitOptions(cohort=20))


def test_many_vectors_have_the_terms_of_each(
    fitted: Normaliser, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors = point_people(people=10, seed=5).vectors
    whole = fitted.terms(vectors)
    monkeypatch.setattr(normaliser, "_AT_ONCE", 7)

    parts = fitted.terms(vectors)

    np.testing.assert_allclose(parts.gain, whole.gain, rtol=1e-5)
    np.testing.assert_allclose(parts.offset, whole.offset, rtol=1e-4, atol=1e-6)
    assert fitted.terms(vectors[:0]).gain.shape == (0,)


def test_no_picture_of_real_people_is_near_what_ships(shared_data: Path, engine: Engine) -> None:
    shipped = normaliser_for(engine.id)
    pictures = sorted((shared_data / "faces" / "training").glob("*1.jpg"))[::12]
    vectors = [
        engine.embed(image, faces)[0]
        for image in (decode(path.read_bytes()) for path in pictures)
        if (faces := engine.find(image, min_face=40, thorough=True))
    ]

    assert shipped is not None
    assert len(vectors) >= 40
    assert plain_distances(shipped.cohort, np.stack(vectors)).min() > 0.44


def test_it_refuses_vectors_of_another_dimension(fitted: Normaliser) -> None:
    with pytest.raises(GalleryError, match="8 dimensions"):
        fitted.terms(np.zeros((2, 3), np.float32))


def test_a_cohort_of_few_is_refused() -> None:
    people = point_people(people=5)
    with pytest.raises(EvaluationError, match="at least 20"):
        fit_normaliser(people, np.zeros(8, np.float32))


def test_the_built_in_engine_has_one_and_another_version_has_none() -> None:
    engine = load_engine().id

    assert normaliser_for(engine) is not None
    assert normaliser_for(EngineId(engine.name, "0")) is None
    assert normaliser_for(EngineId("fake", "1")) is None
