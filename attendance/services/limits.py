"""How many captures a kiosk may send."""

import time

import redis
from django.conf import settings

from attendance.errors import QueueUnavailable, TooManyCaptures
from attendance.models import Kiosk

from .redis import connection


def count_capture(*, kiosk: Kiosk) -> None:
    """Count one request of a kiosk in this minute.

    Raises TooManyCaptures with the seconds to wait, or QueueUnavailable.
    """
    now = time.time()
    key = f"{settings.REDIS_PREFIX}rate:{kiosk.pk}:{int(now // 60)}"
    try:
        with connection().pipeline(transaction=True) as pipe:
            pipe.incr(key)
            pipe.expire(key, 120)
            count = pipe.execute()[0]
    except redis.RedisError as error:
        raise QueueUnavailable("The queue cannot be reached. Try again in a moment.") from error
    if count > settings.CAPTURES_PER_MINUTE:
        raise TooManyCaptures(
            f"More than {settings.CAPTURES_PER_MINUTE} captures in a minute. Slow down.",
            retry_after_s=60 - int(now % 60),
        )
