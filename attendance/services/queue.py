"""Handing work to Celery: a task's name and an id. What cannot be queued now is found later."""

import logging
import uuid

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

# Named here and registered in attendance.tasks, so that services know no task.
DECIDE = "attendance.decide"
EMBED_KEPT = "attendance.embed_kept_faces"


def queue_decision(*, capture_id: uuid.UUID) -> None:
    """Queue a capture for a worker; a queue that is away is logged, not raised.

    The row is committed by now, so the rescuer will queue it again.
    """
    try:
        current_app.send_task(DECIDE, args=[str(capture_id)], retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("queue away: %s", type(error).__name__, extra={"capture": capture_id})


def queue_embedding(*, anew: bool = False) -> None:
    """Queue some kept faces for an engine that has no templates of them.

    `anew` looks once more at those that were refused or left unfinished, as a worker's start does.
    What cannot be queued now is queued by the clock.
    """
    try:
        current_app.send_task(EMBED_KEPT, args=[anew], retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("queue away: %s", type(error).__name__)
