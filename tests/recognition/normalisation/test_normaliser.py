"""Faces that lie near everybody are held to more, and nothing else changes."""

from dataclasses import replace

import numpy as np
import pytest

from recognition.calibration.normaliser_fitting import fit_normaliser
from recognition.engines.registry import load_engine
from recognition.errors import EvaluationError, GalleryError
from recognition.normalisation.builtin import from_form, normaliser_for, to_form
from recognition.normalisation.normaliser import Normaliser, plain_distances
from recognition.values import EngineId
from tests.recognition.evaluation.people import point_people


@pytest.fixture(scope="module")
def fitted() -> Normaliser:
    """Return a normaliser of made-up people."""
    people = point_people(people=120)
    return fit_normaliser(people, people, np.zeros(8, np.float32))


def test_a_common_face_needs_a_smaller_distance_than_a_rare_one(fitted: Normaliser) -> None:
    step = np.zeros((1, 8), np.float32)
    step[0, 0] = 0.2
    common = np.zeros((1, 8), np.float32)
    rare = np.full((1, 8), 0.4, np.float32)

    assert fitted.compare(common, common + step) > fitted.compare(rare, rare + step)


def test_it_is_symmetric(fitted: Normaliser) -> None:
    vectors = point_people(people=10, seed=5).vectors

    assert np.allclose(fitted.compare(vectors, vectors), fitted.compare(vectors, vectors).T)


def test_a_share_of_nothing_is_the_plain_distance(fitted: Normaliser) -> None:
    vectors = point_people(people=10, seed=5).vectors
    plain = replace(fitted, share=0.0)

    expected = plain_distances(vectors, vectors)
    assert np.allclose(plain.compare(vectors, vectors), expected, atol=1e-6)


def test_it_survives_being_written(fitted: Normaliser) -> None:
    vectors = point_people(people=10, seed=5).vectors
    read = from_form(to_form(fitted, EngineId("fake", "1")))

    difference = read.compare(vectors, vectors) - fitted.compare(vectors, vectors)
    assert np.abs(difference).max() < 1e-3


def test_a_direction_that_nobody_differs_in_weighs_nothing() -> None:
    people = point_people(people=60)
    noise = np.random.default_rng(0).normal(0, 1e-8, (len(people), 4)).astype(np.float32)
    wider = replace(people, vectors=np.concatenate([people.vectors, noise], axis=1))
    fitted = fit_normaliser(wider, wider, np.zeros(12, np.float32))

    for regression in (fitted.mean, fitted.log_spread):
        assert np.abs(regression.linear[8:]).max() < 1e-3 * np.abs(regression.linear[:8]).max()


def test_what_ships_weighs_no_rounding() -> None:
    shipped = normaliser_for(load_engine().id)

    assert shipped is not None
    for regression in (shipped.mean, shipped.log_spread):
        assert np.abs(regression.linear).max() < 10


def test_it_refuses_vectors_of_another_dimension(fitted: Normaliser) -> None:
    with pytest.raises(GalleryError, match="8 dimensions"):
        fitted.terms(np.zeros((2, 3), np.float32))


def test_a_cohort_of_few_is_refused() -> None:
    people = point_people(people=5)
    with pytest.raises(EvaluationError, match="at least 20"):
        fit_normaliser(people, people, np.zeros(8, np.float32))


def test_the_built_in_engine_has_one_and_another_version_has_none() -> None:
    engine = load_engine().id

    assert normaliser_for(engine) is not None
    assert normaliser_for(EngineId(engine.name, "0")) is None
    assert normaliser_for(EngineId("fake", "1")) is None
