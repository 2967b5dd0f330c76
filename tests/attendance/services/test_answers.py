"""Waiting for a call that comes, that does not come, and that cannot come."""

import asyncio
import time
import uuid
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async

from attendance.services.answers import announce, answer_bell, live_bell
from attendance.services.redis import connection

LONG, SHORT = timedelta(seconds=20), timedelta(seconds=0.05)


async def test_a_call_wakes_whoever_waits_for_that_capture() -> None:
    capture_id = uuid.uuid4()
    async with answer_bell(capture_id) as bell:
        await sync_to_async(announce)(capture_id=capture_id)
        assert await bell.wait(LONG)


async def test_every_call_wakes_the_live_page() -> None:
    async with live_bell() as bell:
        await sync_to_async(announce)(capture_id=uuid.uuid4())
        assert await bell.wait(LONG)


async def test_another_captures_call_wakes_nobody() -> None:
    async with answer_bell(uuid.uuid4()) as bell:
        await sync_to_async(announce)(capture_id=uuid.uuid4())
        assert not await bell.wait(SHORT)


@pytest.mark.usefixtures("redis_away")
async def test_without_redis_it_is_a_pause() -> None:
    async with live_bell() as bell:
        await sync_to_async(announce)(capture_id=uuid.uuid4())
        begun = time.monotonic()
        assert not await bell.wait(SHORT)
        assert time.monotonic() - begun >= SHORT.total_seconds()


async def test_a_connection_that_is_cut_ends_in_a_pause_or_a_new_one() -> None:
    async with live_bell() as bell:
        waiting = asyncio.create_task(bell.wait(timedelta(seconds=0.5)))
        await asyncio.sleep(0.05)
        await sync_to_async(connection().execute_command)("CLIENT", "KILL", "TYPE", "pubsub")
        assert not await waiting
