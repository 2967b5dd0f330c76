"""Lockdown and emergency: begun and ended by somebody, for a reason, and kept as history."""

import logging
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from attendance import defaults
from attendance.access_choices import OverrideKind
from attendance.models import Door, DoorOverride, Site

from .bells import call_kiosks
from .decision_lock import lock_decisions

logger = logging.getLogger(__name__)


def begin_lockdown(*, site: Site, door: Door | None, by: str, why: str) -> DoorOverride:
    """Shut a door, or every door of a site, to everybody until somebody ends it.

    When this returns, every decision that follows knows of it, and the kiosks are called. One that
    is in force already is returned as it is. Raises ValidationError without a reason.
    """
    with transaction.atomic():
        # Behind the decisions that are being written: none of them commits after this.
        lock_decisions()
        override = _open(OverrideKind.LOCKDOWN, site, door)
        if override is None:
            override = _begun(OverrideKind.LOCKDOWN, site, door, by=by, why=why)
    return override


def begin_emergency(
    *, site: Site, door: Door | None, by: str, why: str, lasts: timedelta
) -> DoorOverride:
    """Hold a door, or every door of a site, open for everybody until it is ended or runs out.

    One that is in force already is ended by this and begun anew with the new end, so that the
    history has who prolonged it and why. Raises ValidationError without a reason, or where it is
    to last for longer than ``defaults.LONGEST_EMERGENCY``.
    """
    if not timedelta(0) < lasts <= defaults.LONGEST_EMERGENCY:
        raise ValidationError(_("An emergency lasts for a day at most; it can be prolonged."))
    with transaction.atomic():
        lock_decisions()
        now = timezone.now()
        before = _open(OverrideKind.EMERGENCY_OPEN, site, door)
        if before is not None:
            _close(before, by=by, now=now)
        return _begun(
            OverrideKind.EMERGENCY_OPEN, site, door, by=by, why=why, begun_at=now, until=now + lasts
        )


def end_override(*, override: DoorOverride, by: str) -> None:
    """End a lockdown or an emergency; one that has ended stays as it is."""
    with transaction.atomic():
        lock_decisions()
        current = DoorOverride.objects.filter(pk=override.pk, ended_at=None).first()
        if current is not None:
            _close(current, by=by, now=timezone.now())
        transaction.on_commit(call_kiosks)
    logger.warning("%s ended, number %d", override.kind, override.pk)


def close_run_out(*, now: datetime) -> int:
    """Write down the end of what has reached its own; returns how many.

    By then it counts no more: this is for the history, and for kiosks that wait for a call.
    """
    closed = DoorOverride.objects.filter(ended_at=None, until__lte=now).update(ended_at=F("until"))
    if closed:
        call_kiosks()
        logger.warning("%d emergencies have run out", closed)
    return closed


def _open(kind: OverrideKind, site: Site, door: Door | None) -> DoorOverride | None:
    return DoorOverride.objects.filter(kind=kind, site=site, door=door, ended_at=None).first()


def _begun(
    kind: OverrideKind,
    site: Site,
    door: Door | None,
    *,
    by: str,
    why: str,
    begun_at: datetime | None = None,
    until: datetime | None = None,
) -> DoorOverride:
    override = DoorOverride(
        kind=kind,
        site=site,
        door=door,
        begun_by=by,
        why=why,
        begun_at=begun_at or timezone.now(),
        until=until,
    )
    override.full_clean()
    override.save(force_insert=True)
    transaction.on_commit(call_kiosks)
    logger.warning("%s begun, number %d", kind.value, override.pk)
    return override


def _close(override: DoorOverride, *, by: str, now: datetime) -> None:
    """End an open one: at its own end where that has come, and then by nobody."""
    ran_out = override.until is not None and override.until <= now
    override.ended_at = override.until if ran_out else now
    override.ended_by = "" if ran_out else by
    override.save(update_fields=["ended_at", "ended_by"])
