"""What the threshold in force promises among the people enrolled, and what would keep another."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from attendance.models import MatchPolicy, Template
from attendance.selectors.engines import installed_id
from attendance.selectors.permitted import permitted_people
from recognition.calibration.calibration import Calibration
from recognition.calibration.promises import Promise, fpir_at, promise

from .calibrations import calibration_of, keep_calibration
from .policies import PolicyValues, change_policy, current_policy


@dataclass(frozen=True)
class ThresholdReview:
    """The threshold in force beside the one that keeps a promise."""

    threshold: float
    people: int
    fpir: float
    """Share of strangers' searches that the rule in force lets through."""
    proposed: Promise
    asked: float
    """The promise, a share of strangers' searches."""
    planned: int = 0
    """People that the promise in force was made for."""

    @property
    def outgrown(self) -> bool:
        """Whether more strangers pass than promised, because more people are enrolled."""
        return self.fpir > self.asked and self.people > self.planned

    @property
    def fpir_percent(self) -> str:
        """Return the share that the rule in force lets through, for people."""
        return f"{100 * self.fpir:.2g}"

    @property
    def asked_percent(self) -> str:
        """Return the promise, for people."""
        return f"{100 * self.asked:.2g}"

    @property
    def fnir_percent(self) -> str:
        """Return what the proposal costs enrolled people, for people."""
        return f"{100 * self.proposed.fnir:.0f}"

    @property
    def least_one_in(self) -> int:
        """Return of how many strangers one may be let in where the interval is worst."""
        return round(1 / max(self.proposed.fpir_high, 1e-9))

    @property
    def most_one_in(self) -> int:
        """Return of how many strangers one may be let in where the interval is best."""
        return round(1 / max(self.proposed.fpir_low, 1e-9))


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
        asked=fpir,
    )


def calibration_in_force() -> Calibration | None:
    """Return what was measured of the engine in force: here, or what ships with it."""
    return calibration_of(engine=installed_id(current_policy().engine_name))


def review_promise(*, at: datetime) -> ThresholdReview | None:
    """Compare the rule in force with its own promise, among those enrolled now.

    None where nothing was promised, or the engine has no calibration.
    """
    policy = current_policy()
    calibration = calibration_in_force()
    if policy.promised_fpir is None or calibration is None:
        return None
    people = max(1, people_enrolled(calibration=calibration, at=at))
    review = review_threshold(calibration=calibration, fpir=policy.promised_fpir, people=people)
    return replace(review, planned=policy.promised_people or 0)


def set_threshold(
    *, review: ThresholdReview, by: str, why: str, measured: Calibration | None = None
) -> MatchPolicy:
    """Put the proposed threshold in force; raise ValidationError where it is out of range.

    `measured` is a calibration of this site that is not kept yet: it counts from then on as well.
    """
    policy = current_policy()
    values = PolicyValues(
        threshold=round(review.proposed.distance, 3),
        margin=policy.margin,
        min_face_px=policy.min_face_px,
        enrolment_min_face_px=policy.enrolment_min_face_px,
        repeat_window_s=policy.repeat_window_s,
        doubt_band=policy.doubt_band,
        doubt_quality=policy.doubt_quality,
        promised_fpir=review.asked,
        promised_people=review.people,
    )
    with transaction.atomic():
        if measured is not None:
            keep_calibration(calibration=measured, by=by)
        return change_policy(values=values, by=by, why=why)
