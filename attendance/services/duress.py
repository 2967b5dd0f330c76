"""Alarms of duress PINs. Raised beside the decision, so that the door's answer knows nothing of it.

The decision writes one more true or false, as with every entry; the row's alarm is made by a
worker within seconds. So neither the answer nor its time tells that there was one.
"""

import logging
from datetime import datetime
from smtplib import SMTPException

from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from attendance.models import CheckIn, DuressAlarm, Entry

logger = logging.getLogger(__name__)


def raise_alarms(*, now: datetime) -> int:
    """Raise the alarm of every duress PIN that has none yet, and mail it; return how many."""
    found = Entry.objects.filter(
        duress=True,
        capture__check_in__isnull=False,
        capture__check_in__duress_alarm=None,
    ).select_related("capture__check_in", "person")
    new = [
        DuressAlarm(check_in=entry.capture.check_in, raised_at=now, person=entry.person)
        for entry in found
    ]
    # Several workers may find the same: the unique key lets one of them raise it.
    DuressAlarm.objects.bulk_create(new, ignore_conflicts=True)
    for alarm in DuressAlarm.objects.filter(mailed_at=None, seen_at=None).order_by("id")[:20]:
        _mail(alarm, now=now)
    return len(new)


def see_alarm(*, alarm: DuressAlarm, by: str) -> None:
    """Write down that somebody has taken notice of an alarm."""
    DuressAlarm.objects.filter(pk=alarm.pk, seen_at=None).update(seen_at=timezone.now(), seen_by=by)


def _mail(alarm: DuressAlarm, *, now: datetime) -> None:
    with transaction.atomic():
        row = DuressAlarm.objects.select_for_update(skip_locked=True).filter(
            pk=alarm.pk, mailed_at=None
        )
        if not row.exists():
            return
        row.update(mailed_at=now)
        check_in = CheckIn.objects.select_related("capture__kiosk__site").get(pk=alarm.check_in_id)
        site, kiosk = check_in.capture.kiosk.site, check_in.capture.kiosk
        # No name: logs are read by more people than may know.
        logger.warning("duress alarm %d at site %d, kiosk %d", alarm.pk, site.pk, kiosk.pk)
        if not site.alarm_addresses:
            return
        at = check_in.happened_at.astimezone(site.zone)
        text = _("%(who)s used the duress PIN at %(kiosk)s, %(site)s, at %(time)s.") % {
            "who": alarm.person or _("Somebody"),
            "kiosk": kiosk,
            "site": site,
            "time": f"{at:%Y-%m-%d %H:%M:%S}",
        }
        try:
            send_mail(_("Duress alarm: %s") % site, text, None, site.alarm_addresses)
        except (SMTPException, OSError) as error:
            # Not the trace: it may hold the mail server's password.
            logger.warning("duress alarm %d not mailed: %s", alarm.pk, type(error).__name__)
            row.model.objects.filter(pk=alarm.pk).update(mailed_at=None)
