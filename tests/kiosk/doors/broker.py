"""A real MQTT broker, and the lock's side of it."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import paho.mqtt.client as mqtt
from amqtt.broker import Broker as RealBroker
from paho.mqtt.enums import CallbackAPIVersion

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
    client.subscribe([(f"{TOPIC}/{what}", 1) for what in ("unlock", "hold_open", "lock")])
    await until(lambda: ready, "the lock's subscription")
    yield client
    client.disconnect()
    await asyncio.to_thread(client.loop_stop)
