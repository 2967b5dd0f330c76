"""Curves say what the rates say."""

import numpy as np
import pytest

from recognition.evaluation.comparisons import compare_all
from recognition.evaluation.curves import fpir_by_size, match_curve
from recognition.evaluation.faces import identification
from recognition.evaluation.identification_rates import visible_rate
from recognition.normalisation.normaliser import plain_blocks
from tests.recognition.evaluation.people import point_people


def test_tar_grows_with_fmr() -> None:
    rates, tar = match_curve(compare_all(point_people(spread=0.2), plain_blocks))

    assert (np.diff(rates) > 0).all()
    assert (np.diff(tar) >= 0).all()
    assert tar[-1] == 1


def test_no_rate_is_drawn_that_was_never_seen() -> None:
    compared = compare_all(point_people(people=5, sessions=2), plain_blocks)
    rates, _ = match_curve(compared)

    assert rates[0] == pytest.approx(1 / compared.impostors)


def test_how_false_positives_grow_is_shown_at_a_rate_that_some_stranger_reaches() -> None:
    people = point_people(people=12, spread=0.2)
    found = identification(people, people, plain_blocks)
    assert found.open_set is not None
    rate = visible_rate(len(found.open_set.near))
    _, rates = fpir_by_size(found.open_set)

    assert rate > 0.01  # none of so few strangers is one in a hundred
    assert 0 < rates[-1] <= rate


def test_strangers_pass_more_often_in_a_larger_gallery() -> None:
    people = point_people(people=80, sessions=8, spread=0.2)
    found = identification(people, people, plain_blocks)
    assert found.open_set is not None
    sizes, rates = fpir_by_size(found.open_set)

    assert (sizes[0], sizes[-1]) == (1, 40)
    assert (np.diff(rates) >= -1e-12).all()
    assert 0 < rates[-1] <= 0.01
