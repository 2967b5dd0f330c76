"""Figures of symbols count what they say, and their page shows what hurts most first."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition.evaluation.page import contact_sheet, thumbnail
from recognition.evaluation.symbol_output import symbol_form
from recognition.evaluation.symbols import Answer, symbol_figures, worst_answers
from recognition.evaluation.wilson import wilson_interval

PICTURE = np.zeros((4, 4, 3), np.uint8)


def answer(
    truth: str | None, best: str | None, confidence: float, *, accepted: bool = True
) -> Answer:
    return Answer("a.png", truth, best, accepted, confidence, PICTURE)


ANSWERS = [
    answer("1", "1", 0.99),
    answer("1", "1", 0.95),
    answer("1", "7", 0.97),
    answer("7", "7", 0.4, accepted=False),
    answer("7", None, 0.8, accepted=False),
    answer(None, None, 0.9, accepted=False),
    answer(None, "3", 0.99),
    answer(None, "3", 0.3, accepted=False),
]


def test_each_share_is_of_what_it_says() -> None:
    form = symbol_form(symbol_figures(ANSWERS, seconds=0.016))

    assert form["n"] == 5
    assert form["accuracy"] == 0.6
    assert form["accepted_accuracy"] == pytest.approx(2 / 3, abs=1e-5)
    assert form["rejected"] == 0.4
    assert form["wrong_accepted"] == 0.2
    assert form["none_n"] == 3
    assert form["none_accepted"] == pytest.approx(1 / 3, abs=1e-5)
    assert form["ms_per_image"] == 2.0
    assert {"shown": "7", "read": "none", "count": 1} in form["confusion"]  # type: ignore[operator]


def test_a_share_of_nothing_is_null() -> None:
    form = symbol_form(symbol_figures(ANSWERS[:1], seconds=0))

    assert form["none_n"] == 0
    assert form["none_accepted"] is None


def test_what_opens_a_door_wrongly_comes_first() -> None:
    worst = worst_answers(ANSWERS)

    assert [(one.accepted, one.confidence) for one in worst] == [
        *((True, 0.99), (True, 0.97), (False, 0.8), (False, 0.3))
    ]


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_interval_holds_the_share(count: int, more: int) -> None:
    of = count + more
    between = wilson_interval(count, of)

    assert 0 <= between.low <= count / of <= between.high <= 1
    assert between.high - between.low > 0


def test_the_interval_of_nothing_is_none() -> None:
    assert math.isnan(wilson_interval(0, 0).low)


def test_pictures_are_made_small_enough_to_keep() -> None:
    assert thumbnail(np.zeros((8000, 10, 3), np.uint8)).shape == (112, 1, 3)
    assert thumbnail(PICTURE) is PICTURE
    assert contact_sheet([PICTURE] * 5, columns=2, side=10).shape == (36, 24, 3)
