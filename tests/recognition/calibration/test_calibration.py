"""A promise is kept on people that it was not measured on, and says what it costs."""

import math
from pathlib import Path

import numpy as np
import pytest

from recognition import Engine
from recognition.calibration.calibration import Calibration
from recognition.calibration.measuring import calibrate
from recognition.calibration.promises import fnir_at, fpir_at, promise
from recognition.errors import EvaluationError
from recognition.evaluation.acquisition import acquire
from recognition.evaluation.dataset import read_dataset
from recognition.evaluation.identification_rates import fpir, open_set
from recognition.evaluation.samples import fused_samples, single_samples
from recognition.normalisation.normaliser import plain_blocks
from recognition.values import EngineId
from tests.recognition.evaluation.people import point_people

ENGINE = EngineId("fake", "1")


@pytest.fixture(scope="module")
def calibration() -> Calibration:
    """Return the calibration of made-up people."""
    return calibrate(point_people(people=200, spread=0.1), ENGINE)


def test_more_people_need_a_smaller_distance(calibration: Calibration) -> None:
    promised = [promise(calibration, fpir=0.01, people=people) for people in (1, 10, 100, 10_000)]

    distances = [one.distance for one in promised]
    assert distances == sorted(distances, reverse=True)
    assert [one.fnir for one in promised] == sorted(one.fnir for one in promised)
    assert promised[-1].extrapolated
    assert not promised[0].extrapolated


def test_a_distance_gives_back_the_rate_it_was_promised_for(calibration: Calibration) -> None:
    for people in (1, 20, 1000):
        made = promise(calibration, fpir=0.003, people=people)
        assert math.isclose(fpir_at(calibration, made.distance, people=people), 0.003, rel_tol=1e-3)
        assert made.fpir_low <= 0.0031
        assert made.fpir_high >= 0.0029


def test_a_margin_allows_a_larger_distance_for_the_same_promise(calibration: Calibration) -> None:
    bare = promise(calibration, fpir=0.01, people=500)
    led = promise(calibration, fpir=0.01, people=500, margin=0.1)

    assert led.distance > bare.distance
    assert math.isclose(led.fpir, 0.01, rel_tol=1e-3)
    assert fpir_at(calibration, led.distance, people=500) > 0.0104


def test_a_gallery_of_one_person_has_no_second_to_keep_a_margin_from(
    calibration: Calibration,
) -> None:
    assert fpir_at(calibration, 0.3, people=1, margin=0.2) == fpir_at(calibration, 0.3, people=1)


def test_a_margin_and_more_people_cost_refusals(calibration: Calibration) -> None:
    refused = [
        fnir_at(calibration, 0.3, people=people, margin=margin)
        for people, margin in ((10, 0.0), (10, 0.1), (1000, 0.1))
    ]

    assert refused == sorted(refused)
    assert refused[0] < refused[-1]


def test_the_formula_is_what_independent_strangers_do(calibration: Calibration) -> None:
    random = np.random.default_rng(1)
    people, searches, margin = 50, 20_000, 0.08
    distance = promise(calibration, fpir=0.05, people=people).distance
    steps = np.linspace(0, 2, 20_000)
    drawn = np.interp(random.random((searches, people)), calibration.fmr_at(steps), steps)
    nearest = np.partition(drawn, 1, axis=1)
    accepted = (nearest[:, 0] <= distance) & (nearest[:, 1] - nearest[:, 0] >= margin)

    promised = fpir_at(calibration, distance, people=people, margin=margin)
    assert abs(accepted.mean() - promised) < 4 * math.sqrt(0.05 / searches)


@pytest.mark.parametrize(("rate", "people"), [(0, 5), (1, 5), (math.nan, 5), (0.01, 0)])
def test_it_refuses_what_cannot_be_promised(
    calibration: Calibration, rate: float, people: int
) -> None:
    with pytest.raises(ValueError, match="not"):
        promise(calibration, fpir=rate, people=people)


def test_it_refuses_too_few_people() -> None:
    with pytest.raises(EvaluationError, match="10 people"):
        calibrate(point_people(people=4), ENGINE)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_on_held_out_people_the_promise_lies_within_its_interval(
    shared_data: Path, engine: Engine
) -> None:
    dataset = read_dataset(shared_data / "faces" / "training")
    acquired = acquire(dataset, engine=engine, min_face=40)
    samples = fused_samples(single_samples(acquired, looks=True), acquired.mean_vector)
    for seed in range(6):
        order = np.random.default_rng(seed).permutation(len(samples.names))
        half = len(order) // 2
        made = calibrate(samples.of_people(order[:half]), engine.id)
        others = samples.of_people(order[half:])
        found = open_set(others, others, plain_blocks)
        assert found is not None
        promised = promise(made, fpir=0.05, people=found.gallery)
        strangers = int((~found.known).sum())
        # What was measured has an error of its own: three standard deviations of a count.
        slack = 3 * math.sqrt(0.05 * 0.95 / strangers)
        measured = fpir(found, promised.distance)
        assert promised.fpir_low - slack <= measured <= promised.fpir_high + slack, seed
