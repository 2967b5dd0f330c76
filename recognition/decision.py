"""Whether a match is good enough: the one copy of that rule, and its defaults."""

import math

import numpy as np

from recognition.reasons import Reason
from recognition.values import Decision, Match, MatchRule

_MARGIN = 0.08
# People in the gallery, and the distance at which about 3 in 1,000 strangers' searches end with
# somebody's name. Measured up to 170 people (docs/decisions/002-default-threshold.md); above, what
# the distances between pairs of people let expect: 0.03 less for each ten times as many.
_PEOPLE_AND_THRESHOLD = (
    (1, 0.545),
    (10, 0.495),
    (50, 0.465),
    (170, 0.46),
    (17_000, 0.40),
    (1_700_000, 0.34),
)

DEFAULT_RULE = MatchRule(threshold=0.46, margin=_MARGIN)
"""For a gallery of up to 170 people; what a door begins with."""
# One to one: of pairs of different people 1 in 1,000 lies within it.
DEFAULT_VERIFICATION_RULE = MatchRule(threshold=0.54, margin=0.0)


def default_rule(people: int) -> MatchRule:
    """The rule for a gallery of so many people by which about 3 in 1,000 strangers are accepted.

    The more people a stranger is compared with, the nearer the nearest of them is: a threshold
    holds what it promises for one size of gallery only. Raises ValueError for fewer than 1.
    """
    if people < 1:
        raise ValueError(f"A gallery to search in has at least 1 person, not {people}.")
    sizes, thresholds = zip(*_PEOPLE_AND_THRESHOLD, strict=True)
    threshold = np.interp(math.log(people), np.log(sizes), thresholds)
    return MatchRule(round(float(threshold), 3), _MARGIN)


def decide(match: Match | None, rule: MatchRule) -> Decision:
    """Accept the nearest person where it is near enough and nearer than anybody else.

    Pure. Whatever cannot be compared, a distance that is no number among it, is not accepted.
    """
    if match is None or match.label is None:
        return Decision(accepted=False, reason=Reason.EMPTY_GALLERY, match=match)
    if not match.distance <= rule.threshold:
        return Decision(accepted=False, reason=Reason.NOT_RECOGNISED, match=match)
    if not match.lead >= rule.margin:
        return Decision(accepted=False, reason=Reason.AMBIGUOUS, match=match)
    return Decision(accepted=True, reason=Reason.MATCHED, match=match)
