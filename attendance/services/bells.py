"""Bells: who waits for an answer, for news or for the next check-in hears that it may have come.

Redis carries only the call; what is true is read from the database afterwards, so a lost call
costs a moment and never an answer. All who wait in a process share one subscription: hundreds of
kiosks hold a request open here, and a capture should not have to open a connection first.
"""

import asyncio
import glob
import logging
import os
import uuid
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import timedelta
from typing import Any
from weakref import WeakKeyDictionary

import redis
from django.conf import settings

from .redis import TIMEOUT_S, async_connection, connection

logger = logging.getLogger(__name__)

_FAMILY = f"{settings.REDIS_PREFIX}bell:"
_LIVE = f"{_FAMILY}live"
_KIOSKS = f"{_FAMILY}kiosks"

# After so much silence Redis is asked for a sign of life; after as much again it is gone.
_SILENCE_S = 5.0
_RETRY_S = 1.0
_CANCEL_AGAIN_S = 0.01


def announce(*, capture_id: uuid.UUID) -> None:
    """Tell whoever waits that this capture is closed."""
    try:
        with connection().pipeline(transaction=False) as pipe:
            pipe.publish(_answer(capture_id), b"1")
            pipe.publish(_LIVE, b"1")
            pipe.execute()
    except redis.RedisError as error:
        logger.warning("nobody told: %s", type(error).__name__, extra={"capture": capture_id})


def call_kiosks() -> None:
    """Have every kiosk that waits for news ask again: something about doors or keys has changed."""
    try:
        connection().publish(_KIOSKS, b"1")
    except redis.RedisError as error:
        # They ask by themselves within seconds.
        logger.warning("kiosks not called: %s", type(error).__name__)


def answer_bell(capture_id: uuid.UUID) -> "AbstractAsyncContextManager[Bell]":
    """Listen for one capture's answer."""
    return _bell(_answer(capture_id))


def live_bell() -> "AbstractAsyncContextManager[Bell]":
    """Listen for anything new on the live page."""
    return _bell(_LIVE)


def kiosk_bell() -> "AbstractAsyncContextManager[Bell]":
    """Listen for changes that kiosks should hear of at once."""
    return _bell(_KIOSKS)


def _answer(capture_id: uuid.UUID) -> str:
    return f"{_FAMILY}answer:{capture_id}"


class Bell:
    """Something that can be waited for; without Redis it is a plain pause."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake whoever waits, now or next."""
        self._rung.set()

    async def wait(self, limit: timedelta) -> bool:
        """Wait for a call, at most ``limit``; return whether one came since the last."""
        try:
            async with asyncio.timeout(limit.total_seconds()):
                await self._rung.wait()
        except TimeoutError:
            return False
        self._rung.clear()
        return True


class _Exchange:
    """The subscription of an event loop; it lasts from the first who waits there to the last."""

    def __init__(self) -> None:
        self._bells: defaultdict[str, set[Bell]] = defaultdict(set)
        self._settled = asyncio.Event()
        self._task = asyncio.create_task(self._listen())

    async def add(self, channel: str, bell: Bell) -> None:
        """Have calls of a channel ring a bell; return once none can be missed, or Redis is away.

        A Redis that takes the connection and does not answer is away as well, after a moment.
        """
        self._bells[channel].add(bell)
        with suppress(TimeoutError):
            async with asyncio.timeout(TIMEOUT_S):
                await self._settled.wait()

    def remove(self, channel: str, bell: Bell) -> bool:
        """Forget a bell; return whether it was the last."""
        self._bells[channel].discard(bell)
        if not self._bells[channel]:
            del self._bells[channel]
        return not self._bells

    async def close(self) -> None:
        """End the subscription."""
        while not self._task.done():
            # Again, because redis-py swallows what comes while it connects.
            self._task.cancel()
            await asyncio.wait({self._task}, timeout=_CANCEL_AGAIN_S)

    async def _listen(self) -> None:
        while True:
            try:
                await self._follow()
            except (redis.RedisError, OSError):
                self._settled.set()
                await asyncio.sleep(_RETRY_S)

    async def _follow(self) -> None:
        name = f"bells-{os.getpid()}"  # shown by CLIENT LIST
        async with async_connection(name) as client, client.pubsub() as calls:
            await calls.psubscribe(f"{glob.escape(_FAMILY)}*")
            silent = False
            while True:
                call = await calls.get_message(timeout=_SILENCE_S)
                if call is not None:
                    self._take(call)
                elif silent:
                    raise redis.ConnectionError("no sign of life")
                else:
                    await calls.ping()
                silent = call is None

    def _take(self, call: dict[str, Any]) -> None:
        if call["type"] == "pmessage":
            for bell in self._bells.get(call["channel"].decode(), ()):
                bell.ring()
        elif call["type"] == "psubscribe":
            if self._settled.is_set():  # again, after an interruption: calls may have been missed
                for bells in self._bells.values():
                    for bell in bells:
                        bell.ring()
            self._settled.set()


_exchanges: "WeakKeyDictionary[asyncio.AbstractEventLoop, _Exchange]" = WeakKeyDictionary()


@asynccontextmanager
async def _bell(channel: str) -> AsyncIterator[Bell]:
    """Listen on a channel for as long as the block runs."""
    loop = asyncio.get_running_loop()
    exchange = _exchanges.get(loop)
    if exchange is None:
        exchange = _exchanges[loop] = _Exchange()
    bell = Bell()
    try:
        await exchange.add(channel, bell)
        yield bell
    finally:
        if exchange.remove(channel, bell):
            del _exchanges[loop]
            await exchange.close()
