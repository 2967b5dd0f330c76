"""Celery's side of the house: each task takes an id and calls one service."""

import uuid

from celery import shared_task
from django.utils import timezone

from attendance.logs import capture_context
from attendance.services.queue import DECIDE, EMBED_KEPT


@shared_task(name=DECIDE, ignore_result=True, acks_late=True)
def decide(capture_id: str) -> None:
    """Decide one capture."""
    from attendance.services.decisions import decide_capture

    with capture_context(capture_id):
        decide_capture(capture_id=uuid.UUID(capture_id))


@shared_task(name="attendance.rescue", ignore_result=True, expires=10)
def rescue() -> None:
    """Take up captures that nobody finished."""
    from attendance.services import pulse
    from attendance.services.captures import rescue_captures
    from attendance.services.duress import raise_alarms
    from attendance.services.overrides import close_run_out

    pulse.beat()
    rescue_captures(now=timezone.now())
    raise_alarms(now=timezone.now())
    close_run_out(now=timezone.now())


@shared_task(name="attendance.mail_alarms", ignore_result=True, expires=5)
def mail_alarms() -> None:
    """Mail alarms that were not mailed yet."""
    from attendance.services.alarm_mail import mail_alarms as mail

    mail(now=timezone.now())


@shared_task(name="attendance.forget_pin_counters", ignore_result=True, expires=3000)
def forget_pin_counters() -> None:
    """Delete what was counted about numbers that nobody has."""
    from attendance.services.pin_attempts import forget_unknown_numbers

    forget_unknown_numbers(now=timezone.now())


@shared_task(name="attendance.reports", ignore_result=True, expires=300)
def reports() -> None:
    """Make the nightly reports that are due."""
    from attendance.services.reports import make_due_reports

    make_due_reports(now=timezone.now())


@shared_task(name=EMBED_KEPT, ignore_result=True, acks_late=True)
def embed_kept_faces(anew: bool = False) -> None:
    """Make templates of some kept faces, and queue the next."""
    from attendance.services.queue import queue_embedding
    from attendance.services.reembedding import embed_kept_faces as embed
    from attendance.services.reembedding import forget_attempts

    if anew:
        forget_attempts()
    if embed().more:
        queue_embedding()


@shared_task(name="attendance.forget_faces", ignore_result=True, expires=3000)
def forget_faces() -> None:
    """Delete the faces whose consent has ended by the clock."""
    from attendance.services.kept_faces import forget_faces as forget

    forget(at=timezone.now())
