"""Mails about alarms, to those whom a site names: sent once, by one worker at a time.

A duress PIN is told at once. What happens at the doors themselves (forced, held open, case opened)
is told at once as well, and what follows in the next minutes in one mail more: a contact that is
loose fills no mailbox.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from smtplib import SMTPException

import redis
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext as _

from attendance.choices import ALARMING
from attendance.models import CheckIn, DoorEvent, DuressAlarm, Site

from .redis import connection

logger = logging.getLogger(__name__)

GATHER = timedelta(minutes=5)
"""Between two mails of one site about its doors."""
TRIES = timedelta(days=1)
"""How long a mail that failed is tried again; after that it stands in the console alone."""
MOST_LINES = 30
PAUSE_S = 60
"""After a mail that failed. A mail server that hangs holds a worker up for ``EMAIL_TIMEOUT``, and
workers are there for people at doors."""


def mail_alarms(*, now: datetime) -> int:
    """Mail what was not mailed yet; return how many mails went out."""
    turn = f"{settings.REDIS_PREFIX}alarm-mail"
    try:
        if not connection().set(turn, b"1", nx=True, ex=PAUSE_S):
            return 0
        sent, well = _send_all(now)
        if well:
            connection().delete(turn)
    except redis.RedisError as error:
        logger.warning("alarms not mailed now: %s", type(error).__name__)
        return 0
    return sent


def _send_all(now: datetime) -> tuple[int, bool]:
    """Send until one fails; return how many were sent, and whether none failed."""
    sent = 0
    alarms = DuressAlarm.objects.filter(
        mailed_at=None, seen_at=None, raised_at__gt=now - TRIES
    ).exclude(check_in__capture__kiosk__site__alarm_recipients="")
    for alarm in alarms.order_by("id")[:20]:
        if not _mail_duress(alarm, now=now):
            return sent, False
        sent += 1
    for site in Site.objects.exclude(door_alarm_recipients=""):
        told = _mail_doors(site, now=now)
        if told is None:
            return sent, False
        sent += told
    return sent, True


def _mail_duress(alarm: DuressAlarm, *, now: datetime) -> bool:
    check_in = CheckIn.objects.select_related("capture__kiosk__site").get(pk=alarm.check_in_id)
    site, kiosk = check_in.capture.kiosk.site, check_in.capture.kiosk
    at = check_in.happened_at.astimezone(site.zone)
    text = _("%(who)s used the duress PIN at %(kiosk)s, %(site)s, at %(time)s.") % {
        "who": alarm.person or _("Somebody"),
        "kiosk": kiosk,
        "site": site,
        "time": f"{at:%Y-%m-%d %H:%M:%S}",
    }
    row = DuressAlarm.objects.filter(pk=alarm.pk)
    return _sent(
        _("Duress alarm: %s") % site,
        text,
        site.alarm_addresses,
        note=lambda: row.update(mailed_at=now),
    )


def _mail_doors(site: Site, *, now: datetime) -> int | None:
    """Mail what happened at a site's doors; return how many mails went, None where one failed."""
    alarming = DoorEvent.objects.filter(kiosk__site=site, kind__in=ALARMING)
    if alarming.filter(mailed_at__gt=now - GATHER).exists():
        return 0
    found = alarming.filter(mailed_at=None, received_at__gt=now - TRIES)
    events = list(found.select_related("kiosk").order_by("happened_at"))
    if not events:
        return 0
    lines = [_line(event, site) for event in events[:MOST_LINES]]
    if len(events) > MOST_LINES:
        lines.append(_("and %d more: see Door events.") % (len(events) - MOST_LINES))
    mailed = DoorEvent.objects.filter(pk__in=[event.pk for event in events])
    well = _sent(
        _("Door alarm: %s") % site,
        "\n".join(lines),
        site.door_alarm_addresses,
        note=lambda: mailed.update(mailed_at=now),
    )
    return 1 if well else None


def _line(event: DoorEvent, site: Site) -> str:
    at = event.happened_at.astimezone(site.zone)
    return f"{at:%Y-%m-%d %H:%M:%S}  {event.kiosk}: {event.get_kind_display()}"


def _sent(subject: str, text: str, to: list[str], *, note: Callable[[], object]) -> bool:
    """Send a mail and note that it was; a mail that fails is not noted."""
    try:
        with transaction.atomic():
            note()
            send_mail(subject, text, None, to)
    except (SMTPException, OSError) as error:
        # Not the trace: it may hold the mail server's password.
        logger.warning("alarm not mailed: %s", type(error).__name__)
        return False
    return True
