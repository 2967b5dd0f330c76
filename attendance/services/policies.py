"""Changing the rules of a match. Nothing is overwritten: a change is a new row."""

from dataclasses import asdict, dataclass

from attendance.models import MatchPolicy


@dataclass(frozen=True)
class PolicyValues:
    """The values of a match policy, without its history."""

    threshold: float
    margin: float
    min_face_px: int
    enrolment_min_face_px: int
    repeat_window_s: int


def current_policy() -> MatchPolicy:
    """Return the policy in force."""
    return MatchPolicy.objects.latest()


def change_policy(*, values: PolicyValues, by: str, why: str) -> MatchPolicy:
    """Put new values in force; raise ValidationError where one is out of range."""
    policy = MatchPolicy(**asdict(values), created_by=by, why=why)
    policy.full_clean()
    policy.save(force_insert=True)
    return policy
