"""People who come to a door and are recognised, without the pictures."""

from datetime import datetime

import numpy as np

from attendance.models import CheckIn, Kiosk, Person
from attendance.services.check_ins import check_in_record
from attendance.services.decisions import engine
from attendance.services.gallery import LoadedGallery
from attendance.services.policies import current_policy
from recognition import Decision, Gallery, Match, Reason
from tests.attendance.rows import make_capture


def no_gallery() -> LoadedGallery:
    """The rules in force beside an empty gallery: who is meant is told by the test."""
    built_in = engine()
    empty = Gallery(built_in.id, [], np.empty((0, built_in.dimension), np.float32))
    return LoadedGallery(1, None, current_policy(), built_in, empty)


def comes(kiosk: Kiosk, person: Person, at: datetime | None = None) -> CheckIn:
    """Have a person recognised for certain at a kiosk, now or at another time."""
    return resembles(kiosk, person, at=at, distance=0.1)


def resembles(
    kiosk: Kiosk,
    person: Person,
    *,
    at: datetime | None = None,
    distance: float,
    reason: Reason = Reason.MATCHED,
) -> CheckIn:
    """Have a match decided: a person at a distance, accepted or for some reason not."""
    capture = make_capture(kiosk, at)
    check_in = check_in_record(
        capture_id=capture.pk,
        decision=Decision(
            accepted=reason is Reason.MATCHED,
            reason=reason,
            match=Match(str(person.pk), distance, None, float("inf")),
        ),
        probe=None,
        loaded=no_gallery(),
        engine=engine().id,
    )
    assert check_in is not None
    return check_in
