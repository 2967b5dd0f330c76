"""Alarms of duress PINs. Raised beside the decision, so that the door's answer knows nothing of it.

The decision writes one more true or false, as with every entry; the row's alarm is made by a
worker within seconds. So neither the answer nor its time tells that there was one.
"""

import logging
from datetime import datetime

from django.utils import timezone

from attendance.models import DuressAlarm, Entry

logger = logging.getLogger(__name__)


def raise_alarms(*, now: datetime) -> int:
    """Raise the alarm of every duress PIN that has none yet; return how many.

    ``alarm_mail`` mails them.
    """
    found = Entry.objects.filter(
        duress=True,
        capture__check_in__isnull=False,
        capture__check_in__duress_alarm=None,
    ).select_related("capture__check_in", "capture__kiosk", "person")
    new = [
        DuressAlarm(check_in=entry.capture.check_in, raised_at=now, person=entry.person)
        for entry in found
    ]
    # Several workers may find the same: the unique key lets one of them raise it.
    DuressAlarm.objects.bulk_create(new, ignore_conflicts=True)
    for entry in found:
        # No name: logs are read by more people than may know.
        kiosk = entry.capture.kiosk
        logger.warning("duress alarm at site %d, kiosk %d", kiosk.site_id, kiosk.pk)
    return len(new)


def see_alarm(*, alarm: DuressAlarm, by: str) -> None:
    """Write down that somebody has taken notice of an alarm."""
    DuressAlarm.objects.filter(pk=alarm.pk, seen_at=None).update(seen_at=timezone.now(), seen_by=by)
