"""A measure that marks the bad pictures is told from one that says nothing."""

from dataclasses import replace

import numpy as np
import pytest

from recognition.evaluation.comparisons import compare_all
from recognition.evaluation.discards import MEASURES, discards, kept_shares
from recognition.normalisation.normaliser import plain_blocks
from tests.recognition.evaluation.people import point_people
from tests.recognition.test_gates import GOOD


def test_only_the_measure_that_marks_bad_pictures_predicts_errors() -> None:
    good = point_people(people=60, spread=0.02)
    random = np.random.default_rng(3)
    covered, roll = random.random(len(good)), random.uniform(-20, 20, len(good))
    noise = random.normal(0, 0.5, good.vectors.shape) * (covered > 0.85)[:, None]
    vectors = (good.vectors + noise).astype(np.float32)
    people = replace(good, vectors=vectors)
    qualities = [replace(GOOD, covered=c, roll=r) for c, r in zip(covered, roll, strict=True)]

    found = discards(compare_all(people, plain_blocks), people, qualities)

    marked, blind = found["covered"], found["roll"]
    assert marked.fnmr_without_worst < 0.5 * marked.fnmr
    assert marked.gain is not None
    assert marked.gain.low > 0.05
    assert blind.gain is not None
    assert blind.gain.low < 0 < blind.gain.high
    shares, missed = marked.curve
    assert missed[np.searchsorted(shares, 0.4)] < 0.5 * missed[0]


def test_what_cannot_be_told_apart_is_treated_alike() -> None:
    people = point_people(people=20, spread=0.2)

    found = discards(compare_all(people, plain_blocks), people, [GOOD] * len(people))["inside"]

    assert found.fnmr == pytest.approx(found.fnmr_without_worst)
    assert found.gain is not None
    assert (found.gain.low, found.gain.high) == pytest.approx((0, 0), abs=1e-9)


@pytest.mark.parametrize(
    ("marks", "share", "kept"),
    [
        ([3.0, 1.0, 2.0, 5.0], 0.25, [1, 0, 1, 1]),
        ([1.0, 1.0, 2.0, 5.0], 0.25, [0.5, 0.5, 1, 1]),
        ([1.0, 1.0, 1.0, 1.0], 0.5, [0.5] * 4),
        ([4.0, 3.0, 2.0, 1.0], 0.0, [1] * 4),
    ],
)
def test_the_lowest_marks_are_left_out(marks: list[float], share: float, kept: list[float]) -> None:
    np.testing.assert_allclose(kept_shares(np.array(marks), share), kept)


@pytest.mark.parametrize(
    ("name", "better", "worse"),
    [
        ("yaw", -0.1, 0.3),
        ("roll", 5.0, -20.0),
        ("brightness", 120.0, 250.0),
        ("brightness", 120.0, 10.0),
        ("side_light", 0.1, -0.8),
        ("covered", 0.1, 0.9),
        ("sharpness", 0.4, 0.1),
    ],
)
def test_a_better_face_has_the_larger_number(name: str, better: float, worse: float) -> None:
    goodness = MEASURES[name]

    assert goodness(replace(GOOD, **{name: better})) > goodness(replace(GOOD, **{name: worse}))
