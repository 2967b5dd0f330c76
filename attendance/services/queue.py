"""Handing work to Celery by id. What cannot be queued now is found by the rescuer."""

import logging
import uuid

from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def queue_decision(*, capture_id: uuid.UUID) -> None:
    """Queue a capture for a worker; a queue that is away is logged, not raised.

    The row is committed by now, so the rescuer will queue it again.
    """
    from attendance.tasks import decide

    try:
        decide.apply_async(args=[str(capture_id)], retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("queue away: %s", type(error).__name__, extra={"capture": capture_id})
