"""Curves say what the rates say."""

from dataclasses import replace

import numpy as np

from recognition.evaluation.comparisons import compare_all
from recognition.evaluation.curves import discard_curve, fpir_by_size, match_curve
from recognition.evaluation.faces import identification
from recognition.normalisation.normaliser import plain_distances
from tests.recognition.evaluation.people import point_people


def test_tar_grows_with_fmr() -> None:
    rates, tar = match_curve(compare_all(point_people(spread=0.2), plain_distances))

    assert (np.diff(rates) > 0).all()
    assert (np.diff(tar) >= 0).all()
    assert tar[-1] == 1


def test_strangers_pass_more_often_in_a_larger_gallery() -> None:
    people = point_people(people=80, spread=0.2)
    found = identification(people, people, plain_distances)
    sizes, rates = fpir_by_size(found)

    assert (sizes[0], sizes[-1]) == (1, 40)
    assert (np.diff(rates) >= -1e-12).all()
    assert 0 < rates[-1] <= 0.01


def test_discarding_bad_pictures_lowers_the_errors_they_make() -> None:
    good = point_people(people=60, spread=0.02)
    random = np.random.default_rng(3)
    quality = random.random(len(good)).astype(np.float32)
    noise = random.normal(0, 0.5, good.vectors.shape) * (quality < 0.2)[:, None]
    worse = (good.vectors + noise).astype(np.float32)
    people = replace(good, vectors=worse, quality=quality)

    shares, missed = discard_curve(compare_all(people, plain_distances), people)

    assert missed[np.searchsorted(shares, 0.4)] < 0.5 * missed[0]
