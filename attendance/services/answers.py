"""Waking those who wait: a kiosk for its answer or for news, the live page for the next check-in.

Redis carries only the call; what is true is read from the database afterwards, so a lost call
costs a moment and never an answer.
"""

import asyncio
import logging
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import timedelta

import redis
import redis.asyncio
from django.conf import settings

from .redis import async_connection, connection

logger = logging.getLogger(__name__)

LIVE = f"{settings.REDIS_PREFIX}live"
KIOSKS = f"{settings.REDIS_PREFIX}kiosks"


def _channel(capture_id: uuid.UUID) -> str:
    return f"{settings.REDIS_PREFIX}answer:{capture_id}"


def announce(*, capture_id: uuid.UUID) -> None:
    """Tell whoever waits that this capture is closed."""
    try:
        with connection().pipeline(transaction=False) as pipe:
            pipe.publish(_channel(capture_id), b"1")
            pipe.publish(LIVE, b"1")
            pipe.execute()
    except redis.RedisError as error:
        logger.warning("nobody told: %s", type(error).__name__, extra={"capture": capture_id})


def call_kiosks() -> None:
    """Have every kiosk that waits for news ask again: something about doors or keys has changed."""
    try:
        connection().publish(KIOSKS, b"1")
    except redis.RedisError as error:
        # They ask by themselves within seconds.
        logger.warning("kiosks not called: %s", type(error).__name__)


class Bell:
    """A subscription that can be waited for; without Redis it is a plain pause."""

    def __init__(self, pubsub: "redis.asyncio.client.PubSub | None") -> None:
        self._pubsub = pubsub

    async def wait(self, limit: timedelta) -> bool:
        """Wait for a call, at most ``limit``; return whether one came."""
        end = time.monotonic() + limit.total_seconds()
        while (left := end - time.monotonic()) > 0:
            if self._pubsub is None:
                await asyncio.sleep(left)
                return False
            try:
                message = await self._pubsub.get_message(
                    ignore_subscribe_messages=True, timeout=left
                )
            except (redis.RedisError, OSError):
                self._pubsub = None
                continue
            if message is not None:
                return True
        return False


@asynccontextmanager
async def bell(channel: str) -> AsyncIterator[Bell]:
    """Listen on a channel for as long as the block runs."""
    client = async_connection()
    pubsub = client.pubsub()
    try:
        try:
            await pubsub.subscribe(channel)
            listening = Bell(pubsub)
        except (redis.RedisError, OSError):
            listening = Bell(None)
        yield listening
    finally:
        with suppress(redis.RedisError, OSError):
            await pubsub.aclose()  # type: ignore[no-untyped-call]
            await client.aclose()


def answer_bell(capture_id: uuid.UUID) -> AbstractAsyncContextManager[Bell]:
    """Listen for one capture's answer."""
    return bell(_channel(capture_id))


def live_bell() -> AbstractAsyncContextManager[Bell]:
    """Listen for anything new on the live page."""
    return bell(LIVE)


def kiosk_bell() -> AbstractAsyncContextManager[Bell]:
    """Listen for changes that kiosks should hear of at once."""
    return bell(KIOSKS)
