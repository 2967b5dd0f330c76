"""Whether a match is good enough: the one copy of that rule, and its defaults."""

from recognition.arguments import is_measured, require_kind
from recognition.distances import Distances
from recognition.reasons import Reason
from recognition.values import Decision, Match, MatchRule

DEFAULT_DISTANCES = Distances(
    # Of one person's video, measured on 190 people, fewer than one frame in three hundred is
    # farther from the middle one.
    consistent=0.60,
    verification=0.52,
    margin=0.08,
    # About 3 in 1,000 strangers' searches end with somebody's name. Measured up to 170 people
    # (docs/decisions/002-default-threshold.md); above, what the distances between pairs of people
    # let expect: 0.03 less for each ten times as many.
    search=(
        (1, 0.545),
        (10, 0.495),
        (50, 0.465),
        (170, 0.46),
        (17_000, 0.40),
        (1_700_000, 0.34),
    ),
)
"""The built-in engine's."""
DEFAULT_RULE = DEFAULT_DISTANCES.search_rule(170)
"""For a gallery of up to 170 people; what a door begins with."""
DEFAULT_VERIFICATION_RULE = DEFAULT_DISTANCES.verification_rule


def default_rule(people: int) -> MatchRule:
    """The built-in engine's rule for a gallery of so many people.

    About 3 in 1,000 strangers are accepted by it. Raises ArgumentError for fewer than 1 person.
    """
    return DEFAULT_DISTANCES.search_rule(people)


def decide(match: Match | None, rule: MatchRule) -> Decision:
    """Accept the nearest person where it is near enough and nearer than anybody else.

    Pure. Whatever cannot be compared is not accepted: a distance below 0 or that is no number.
    Raises ArgumentError for what is no match, or no rule.
    """
    require_kind(rule, MatchRule, "The rule")
    if match is None:
        return Decision(accepted=False, reason=Reason.EMPTY_GALLERY, match=None)
    require_kind(match, Match, "The match")
    if match.label is None:
        return Decision(accepted=False, reason=Reason.EMPTY_GALLERY, match=match)
    if not (is_measured(match.distance) and is_measured(match.second_distance)):
        return Decision(accepted=False, reason=Reason.NOT_RECOGNISED, match=match)
    if not 0 <= match.distance <= rule.threshold:
        return Decision(accepted=False, reason=Reason.NOT_RECOGNISED, match=match)
    if not match.lead >= rule.margin:
        return Decision(accepted=False, reason=Reason.AMBIGUOUS, match=match)
    return Decision(accepted=True, reason=Reason.MATCHED, match=match)
