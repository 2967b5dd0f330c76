"""The connections to Redis that services share; frames, limits and wake-up calls go there."""

import functools

import redis
import redis.asyncio
from django.conf import settings

# Seconds. A door must hear "unavailable" while the person still stands there.
TIMEOUT_S = 2


@functools.cache
def connection() -> "redis.Redis":
    """Return this process's Redis client (thread safe, reconnects by itself)."""
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S
    )


def async_connection(name: str) -> "redis.asyncio.Redis":
    """Return a new asyncio client that Redis knows by a name; the caller closes it."""
    return redis.asyncio.Redis.from_url(
        settings.REDIS_URL, client_name=name, socket_connect_timeout=TIMEOUT_S
    )
