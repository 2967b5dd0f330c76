"""Tests the door behind MQTT, with a real broker."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import paho.mqtt.client as mqtt
import pytest

from kiosk.doors import DoorEvent, EventKind
from kiosk.doors.mqtt import Broker, MqttDoor
from kiosk.errors import DoorError
from tests.kiosk.doors.broker import TOPIC, Heard, broker, lock, until
from tests.stack import free_port


@pytest.fixture
def port() -> int:
    """A port that nobody has."""
    return free_port()


@asynccontextmanager
async def door(port: int, *, held_open_s: float = 30.0) -> AsyncIterator[MqttDoor]:
    """The kiosk's side."""
    made = MqttDoor(Broker("127.0.0.1", TOPIC, port), held_open_s=held_open_s)
    yield made
    await made.close()


async def test_an_unlocking_reaches_the_lock_once_and_is_not_retained(port: int) -> None:
    heard: Heard = []
    async with broker(port), lock(port, heard), door(port) as made:
        await until(made._client.is_connected, "the connection")
        await made.unlock(5)
        await until(lambda: heard, "the message")
        ((topic, told, qos, retained),) = heard
        assert (topic, qos, retained) == (f"{TOPIC}/unlock", 1, False)
        assert told["seconds"] == 5
        assert told["at"] < told["expires"]
        later: Heard = []
        async with lock(port, later):
            await asyncio.sleep(0.2)
        assert later == []


async def test_holding_open_and_locking_reach_the_lock(port: int) -> None:
    heard: Heard = []
    async with broker(port), lock(port, heard), door(port) as made:
        await until(made._client.is_connected, "the connection")
        await made.hold_open(10)
        await made.lock()
        await until(lambda: len(heard) == 2, "the messages")
        (hold, said, _, held_back), (end, last, _, _) = heard
        assert (hold, end, held_back) == (f"{TOPIC}/hold_open", f"{TOPIC}/lock", False)
        assert said["seconds"] == 10
        assert "seconds" not in last


async def test_what_the_door_tells_is_reported(port: int) -> None:
    told: list[EventKind] = []

    def report(event: DoorEvent) -> None:
        told.append(event.kind)

    heard: Heard = []
    async with broker(port), lock(port, heard) as client, door(port, held_open_s=0.1) as made:
        watching = asyncio.create_task(made.watch(report))
        await until(made._client.is_connected, "the connection")
        for word, kind in (
            ("open", EventKind.FORCED),
            ("", EventKind.HELD_OPEN),
            ("tamper", EventKind.TAMPER),
            ("exit", EventKind.REQUEST_TO_EXIT),
        ):
            while word and kind not in told:  # the subscription may come a moment later
                client.publish(f"{TOPIC}/input", word, qos=1)
                await asyncio.sleep(0.1)
            await until(lambda kind=kind: kind in told, kind)  # type: ignore[misc]
        await until(lambda: heard, "the unlocking for somebody inside")
        client.publish(f"{TOPIC}/input", "nonsense" * 100, qos=1)
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


async def test_without_a_broker_it_does_not_open_and_nothing_opens_later(port: int) -> None:
    async with door(port) as made:
        with pytest.raises(DoorError, match="away"):
            await made.unlock(5)
        heard: Heard = []
        async with broker(port), lock(port, heard):
            await until(made._client.is_connected, "the connection")
            await asyncio.sleep(0.3)
            assert heard == []
            await made.unlock(5)
            await until(lambda: heard, "the message")
            assert len(heard) == 1


async def test_an_unlocking_that_is_not_confirmed_in_time_is_not_sent_later(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.doors.mqtt.LIMIT_S", 0.0)
    monkeypatch.setattr(mqtt.MQTTMessageInfo, "is_published", lambda _: False)
    async with broker(port), door(port) as made:
        await until(made._client.is_connected, "the connection")
        before = made._client
        with pytest.raises(DoorError, match="did not confirm"):
            await made.unlock(5)
        assert made._client is not before
        assert not before.is_connected()
