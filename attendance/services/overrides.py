"""Lockdown and emergency: begun and ended by somebody, for a reason, and kept as history."""

import logging

from django.db import transaction
from django.utils import timezone

from attendance.access_choices import OverrideKind
from attendance.models import Door, DoorOverride, Site

from .decision_lock import lock_decisions

logger = logging.getLogger(__name__)


def begin_override(
    *, kind: OverrideKind, site: Site, door: Door | None, by: str, why: str
) -> DoorOverride:
    """Put a door, or every door of a site, under lockdown or open it in an emergency.

    When this returns, every decision that follows knows of it. One that is in force already is
    returned as it is. Raises ValidationError without a reason.
    """
    with transaction.atomic():
        # Behind the decisions that are being written: none of them commits after this.
        lock_decisions()
        override = DoorOverride.objects.filter(
            kind=kind, site=site, door=door, ended_at=None
        ).first()
        if override is not None:
            return override
        override = DoorOverride(kind=kind, site=site, door=door, begun_by=by, why=why)
        override.full_clean()
        override.save(force_insert=True)
    logger.warning("%s begun, number %d", kind.value, override.pk)
    return override


def end_override(*, override: DoorOverride, by: str) -> None:
    """End a lockdown or an emergency; one that has ended stays as it is."""
    with transaction.atomic():
        lock_decisions()
        DoorOverride.objects.filter(pk=override.pk, ended_at=None).update(
            ended_at=timezone.now(), ended_by=by
        )
    logger.warning("%s ended, number %d", override.kind, override.pk)
