"""What the threshold in force promises among the people enrolled, and what would keep another."""

from dataclasses import dataclass
from datetime import datetime

from attendance.models import MatchPolicy, Template
from attendance.selectors.permitted import permitted_people
from recognition.calibration.calibration import Calibration
from recognition.calibration.promises import Promise, fpir_at, promise

from .policies import PolicyValues, change_policy, current_policy


@dataclass(frozen=True)
class ThresholdReview:
    """The threshold in force beside the one that keeps a promise."""

    threshold: float
    people: int
    fpir: float
    """Share of strangers' searches that the rule in force lets through."""
    proposed: Promise

    @property
    def outgrown(self) -> bool:
        """Whether more strangers pass than promised."""
        return self.fpir > self.proposed.fpir


def people_enrolled(*, calibration: Calibration, at: datetime) -> int:
    """Count the people a capture is searched among."""
    found = Template.objects.filter(
        person__in=permitted_people(at=at),
        engine_name=calibration.engine.name,
        engine_version=calibration.engine.version,
    )
    return found.values("person_id").distinct().count()


def review_threshold(*, calibration: Calibration, fpir: float, people: int) -> ThresholdReview:
    """Compare the threshold in force with a promise; raise ValueError where it cannot be made."""
    policy = current_policy()
    threshold, margin = policy.threshold, policy.margin
    return ThresholdReview(
        threshold=threshold,
        people=people,
        fpir=fpir_at(calibration, threshold, people=people, margin=margin),
        proposed=promise(calibration, fpir=fpir, people=people, margin=margin),
    )


def set_threshold(*, review: ThresholdReview, by: str, why: str) -> MatchPolicy:
    """Put the proposed threshold in force; raise ValidationError where it is out of range."""
    policy = current_policy()
    values = PolicyValues(
        threshold=round(review.proposed.distance, 3),
        margin=policy.margin,
        min_face_px=policy.min_face_px,
        enrolment_min_face_px=policy.enrolment_min_face_px,
        repeat_window_s=policy.repeat_window_s,
    )
    return change_policy(values=values, by=by, why=why)
