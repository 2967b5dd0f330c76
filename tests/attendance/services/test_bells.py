"""Waiting for a call that comes, that does not come, and that cannot come."""

import asyncio
import os
import time
import uuid
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from pytest_django import Settings

from attendance.services import bells
from attendance.services.bells import announce, answer_bell, call_kiosks, kiosk_bell, live_bell
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


async def test_a_redis_that_does_not_answer_keeps_nobody(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bells, "TIMEOUT_S", 0.1)
    silent = await asyncio.start_unix_server(lambda _reader, _writer: None, tmp_path / "redis")
    settings.REDIS_URL = f"unix://{tmp_path / 'redis'}"
    async with silent, asyncio.timeout(10), live_bell() as bell:
        assert not await bell.wait(SHORT)


async def test_a_connection_that_is_cut_is_replaced_and_whoever_waits_looks_again() -> None:
    async with live_bell() as bell:
        await _cut()
        assert await bell.wait(LONG)
        assert not await bell.wait(SHORT)
        await sync_to_async(announce)(capture_id=uuid.uuid4())
        assert await bell.wait(LONG)


async def test_all_who_wait_share_one_subscription() -> None:
    await _until_listening(0)
    async with live_bell() as live, answer_bell(uuid.uuid4()), kiosk_bell() as kiosks:
        assert len(await _listeners()) == 1
        await sync_to_async(announce)(capture_id=uuid.uuid4())
        assert await live.wait(LONG)
        assert not await kiosks.wait(SHORT)
        await sync_to_async(call_kiosks)()
        assert await kiosks.wait(LONG)
    await _until_listening(0)


async def test_who_comes_while_the_last_one_leaves_hears_calls() -> None:
    for _ in range(20):
        async with AsyncExitStack() as first:
            await first.enter_async_context(live_bell())
            leaving = asyncio.create_task(first.pop_all().aclose())
        capture_id = uuid.uuid4()
        async with answer_bell(capture_id) as bell:
            await sync_to_async(announce)(capture_id=capture_id)
            assert await bell.wait(LONG)
        await leaving


async def test_a_call_between_two_waits_is_not_lost() -> None:
    async with live_bell() as bell:
        await sync_to_async(announce)(capture_id=uuid.uuid4())
        await asyncio.sleep(0.05)
        assert await bell.wait(LONG)


async def test_a_connection_without_a_sign_of_life_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bells, "_SILENCE_S", 0.05)
    async with live_bell() as bell:
        await sync_to_async(connection().execute_command)("CLIENT", "PAUSE", "400", "ALL")
        assert await bell.wait(LONG), "nobody looked again after the silence"


async def _until_listening(count: int) -> None:
    """Wait until so many connections of this process are there to hear calls."""
    for _ in range(200):
        if len(await _listeners()) == count:
            return
        await asyncio.sleep(0.05)
    pytest.fail(f"not {count} listeners but {await _listeners()}")


async def _cut() -> None:
    for client in await _listeners():
        await sync_to_async(connection().client_kill_filter)(_id=client["id"])


async def _listeners() -> list[dict[str, str]]:
    """Return this process's own; those of other tests share this Redis."""
    clients = await sync_to_async(connection().client_list)(_type="pubsub")
    return [client for client in clients if client["name"] == f"bells-{os.getpid()}"]
