"""A match is accepted by threshold and by lead, and by nothing else."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition import DEFAULT_RULE, Match, MatchRule, Reason, decide, default_rule

RULE = MatchRule(threshold=0.5, margin=0.1)


@pytest.mark.parametrize(
    ("match", "reason"),
    [
        (Match("Ada", 0.5, "Ben", 0.7), Reason.MATCHED),
        (Match("Ada", 0.3, None, math.inf), Reason.MATCHED),
        (Match("Ada", 0.501, "Ben", 0.9), Reason.NOT_RECOGNISED),
        (Match("Ada", 0.4, "Ben", 0.45), Reason.AMBIGUOUS),
        (Match(None, math.inf, None, math.inf), Reason.EMPTY_GALLERY),
        (None, Reason.EMPTY_GALLERY),
        (Match("Ada", math.nan, "Ben", 0.9), Reason.NOT_RECOGNISED),
        (Match("Ada", 0.3, "Ben", math.nan), Reason.AMBIGUOUS),
    ],
)
def test_it_says_why(match: Match | None, reason: Reason) -> None:
    decision = decide(match, RULE)

    assert decision.reason is reason
    assert decision.accepted is (reason is Reason.MATCHED)
    assert decision.match is match


@given(st.floats(0, 2), st.floats(0, 2), st.floats(0.01, 2), st.floats(0, 1))
def test_a_stricter_rule_never_accepts_more(
    distance: float, lead: float, threshold: float, margin: float
) -> None:
    match = Match("Ada", distance, "Ben", distance + lead)
    strict = decide(match, MatchRule(threshold / 2, margin + 0.1))

    assert not strict.accepted or decide(match, MatchRule(threshold, margin)).accepted


def test_the_default_is_the_rule_for_170_people() -> None:
    assert default_rule(170) == DEFAULT_RULE


@given(st.integers(1, 10**7), st.integers(1, 10**7))
def test_more_people_never_make_the_default_looser(one: int, other: int) -> None:
    few, many = sorted((one, other))

    assert default_rule(few).threshold >= default_rule(many).threshold > 0.3


def test_a_gallery_of_nobody_has_no_rule() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        default_rule(0)
