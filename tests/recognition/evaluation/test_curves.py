"""Curves say what the rates say."""

import numpy as np

from recognition.evaluation.comparisons import compare_all
from recognition.evaluation.curves import fpir_by_size, match_curve
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
