"""Whether a match is good enough: the one copy of that rule."""

from recognition.reasons import Reason
from recognition.values import Decision, Match, MatchRule

# Measured; docs/decisions/002-default-threshold.md says on what.
DEFAULT_RULE = MatchRule(threshold=0.46, margin=0.08)
# One to one: of pairs of different people 1 in 1,000 lies within it.
DEFAULT_VERIFICATION_RULE = MatchRule(threshold=0.54, margin=0.0)


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
