"""Changing the rules of a match. Nothing is overwritten: a change is a new row."""

from dataclasses import asdict, dataclass

from django.utils import timezone

from attendance.models import MatchPolicy
from recognition import MatchRule


@dataclass(frozen=True)
class PolicyValues:
    """The values of a match policy, without its history."""

    threshold: float
    margin: float
    min_face_px: int
    enrolment_min_face_px: int
    repeat_window_s: int
    doubt_band: float
    doubt_quality: float
    promised_fpir: float | None = None
    """Share of strangers' searches; None where threshold and margin were chosen by hand."""
    promised_people: int | None = None


def current_policy() -> MatchPolicy:
    """Return the policy in force."""
    return MatchPolicy.objects.latest()


def change_policy(*, values: PolicyValues, by: str, why: str) -> MatchPolicy:
    """Put new values in force; raise ValidationError where one is out of range.

    A rule that stays the same keeps its promise.
    """
    now = current_policy()
    policy = MatchPolicy(**asdict(values), engine_name=now.engine_name, created_by=by, why=why)
    same_rule = (now.threshold, now.margin) == (values.threshold, values.margin)
    if same_rule and values.promised_fpir is None:
        policy.promised_fpir, policy.promised_people = now.promised_fpir, now.promised_people
    policy.full_clean()
    policy.save(force_insert=True)
    return policy


@dataclass(frozen=True)
class PromisedRule:
    """The rule of a match with what it promises; None where it was chosen by hand."""

    rule: MatchRule
    fpir: float | None
    people: int | None


def promised_rule(policy: MatchPolicy) -> PromisedRule:
    """Return the rule and the promise of a policy."""
    rule = MatchRule(policy.threshold, policy.margin)
    return PromisedRule(rule, policy.promised_fpir, policy.promised_people)


def put_engine_in_force(*, engine_name: str, kept: PromisedRule, by: str, why: str) -> MatchPolicy:
    """Let another engine decide, by its own rule and promise; all else stays as it is."""
    policy = current_policy()
    policy.pk = None
    policy.engine_name, policy.created_by, policy.why = engine_name, by, why
    policy.threshold, policy.margin = kept.rule.threshold, kept.rule.margin
    policy.promised_fpir, policy.promised_people = kept.fpir, kept.people
    policy.created_at = timezone.now()
    policy.full_clean()
    policy.save(force_insert=True)
    return policy
