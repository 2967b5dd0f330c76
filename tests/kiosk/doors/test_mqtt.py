"""Tests the door behind MQTT, with a real broker."""

import asyncio
import json
import logging
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import paho.mqtt.client as mqtt
import pytest
from amqtt.broker import Broker as RealBroker
from paho.mqtt.enums import CallbackAPIVersion

from kiosk.doors import DoorEvent, EventKind
from kiosk.doors.mqtt import Broker, MqttDoor
from kiosk.errors import DoorError

TOPIC = "site/front"
LIMIT_S = 20.0
Heard = list[tuple[str, dict[str, Any], int, bool]]


async def until(condition: Callable[[], object], what: str) -> None:
    """Wait for something, with an end to it."""
    try:
        async with asyncio.timeout(LIMIT_S):
            while not condition():
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(f"waited in vain for {what}") from None


@pytest.fixture
def port() -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
        return found


@asynccontextmanager
async def broker(port: int) -> AsyncIterator[None]:
    """A broker on this port."""
    logging.getLogger("amqtt").setLevel(logging.ERROR)
    logging.getLogger("transitions").setLevel(logging.ERROR)
    listener = {"type": "tcp", "bind": f"127.0.0.1:{port}"}
    plugins = {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}}
    running = RealBroker({"listeners": {"default": listener}, "plugins": plugins})
    await running.start()
    try:
        yield
    finally:
        await running.shutdown()


@asynccontextmanager
async def lock(port: int, heard: Heard) -> AsyncIterator[mqtt.Client]:
    """The lock's side: hears unlockings, and may tell words."""

    def hear(_client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        told = json.loads(message.payload)
        heard.append((message.topic, told, message.qos, bool(message.retain)))

    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="lock")
    client.on_message = hear
    ready = []
    client.on_subscribe = lambda *_: ready.append(True)
    await asyncio.to_thread(client.connect, "127.0.0.1", port)
    client.loop_start()
    await until(client.is_connected, "the lock's connection")
    client.subscribe(f"{TOPIC}/unlock", qos=1)
    await until(lambda: ready, "the lock's subscription")
    yield client
    client.disconnect()
    await asyncio.to_thread(client.loop_stop)


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
