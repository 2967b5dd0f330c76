"""What an answer to a kiosk needs to know beside the check-in itself."""

from datetime import datetime, timedelta

from attendance.choices import ReasonCode
from attendance.models import Capture, CheckIn, Entry, FactorRequest

from .live import day_bounds

ASKED_FURTHER = (ReasonCode.FACTOR_MISSING, ReasonCode.WRONG_CHALLENGE)


def live_request(*, capture: Capture, at: datetime) -> FactorRequest | None:
    """Return what is still wanted after a capture or an entry, None where that is over."""
    if capture.check_in.reason not in ASKED_FURTHER:
        return None
    requests = FactorRequest.objects.select_related("check_in").filter(
        expires_at__gt=at, closed_at=None
    )
    asked_by_face = requests.filter(check_in=capture.check_in).first()
    return asked_by_face or requests.filter(entries__capture=capture).first()


def retry_after_s(*, capture: Capture, at: datetime) -> int:
    """Return for how many seconds more nobody may try, 0 where that is not so."""
    if capture.check_in.reason != ReasonCode.PIN_LOCKED:
        return 0
    until = Entry.objects.values_list("locked_until", flat=True).filter(capture=capture).first()
    return max(0, -((at - until) // timedelta(seconds=1))) if until else 0


def is_first_today(*, check_in: CheckIn) -> bool:
    """Say whether nobody let this person in at this site before, on the site's day of the event."""
    site = check_in.capture.kiosk.site
    begin, _end = day_bounds(site=site, at=check_in.happened_at)
    return not CheckIn.objects.filter(
        person=check_in.person,
        accepted=True,
        capture__kiosk__site=site,
        happened_at__gte=begin,
        happened_at__lt=check_in.happened_at,
    ).exists()
