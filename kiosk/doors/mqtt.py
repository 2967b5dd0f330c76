"""A door behind an MQTT broker.

One message to TOPIC/unlock, TOPIC/hold_open or TOPIC/lock, QoS 1, never retained: `{"id",
"seconds", "at", "expires"}`, without seconds for the last. What the door tells comes from
TOPIC/input as one word: open, closed, exit, tamper.
"""

import asyncio
import json
import logging
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from kiosk.clock import running_s, wall_time
from kiosk.doors.driver import Report
from kiosk.doors.inputs import EXIT_UNLOCK_S, DoorInputs
from kiosk.errors import DoorError

log = logging.getLogger(__name__)

LIMIT_S = 2.0
"""The broker has confirmed within this time, or the door did not open."""
KEEP_ALIVE_S = 15
TICK_S = 0.5
MOST_PAYLOAD = 64


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is and who we are to it."""

    host: str
    topic: str
    port: int = 1883
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    authorities: Path | None = None
    """With it the connection is TLS, and only these certificates are believed."""


class MqttDoor:
    """Speaks MQTT 3.1.1. The library's thread hands everything to the event loop."""

    def __init__(self, broker: Broker, *, held_open_s: float) -> None:
        """Begin to connect; must be made in the event loop."""
        self._broker = broker
        self._inputs = DoorInputs(
            held_open_s=held_open_s, tick_s=TICK_S, exit_unlock_s=EXIT_UNLOCK_S
        )
        self._client = self._connect()

    async def unlock(self, seconds: float) -> None:
        """Publish, and wait for the broker's word. Raises DoorError without it."""
        await self._publish("unlock", seconds)
        log.info("The door is unlocked for %.0f s over MQTT.", seconds)

    async def hold_open(self, seconds: float) -> None:
        """Publish, and wait for the broker's word. Raises DoorError without it."""
        await self._publish("hold_open", seconds)

    async def lock(self) -> None:
        """Publish, and wait for the broker's word. Raises DoorError without it."""
        await self._publish("lock", None)
        self._inputs.locked()
        log.info("The door is locked over MQTT.")

    async def _publish(self, what: str, seconds: float | None) -> None:
        if not self._client.is_connected():
            raise DoorError("The MQTT broker is away.")
        now = wall_time()
        message = {
            "id": str(uuid4()),
            **({} if seconds is None else {"seconds": seconds}),
            "at": now.isoformat(timespec="milliseconds"),
            "expires": (now + timedelta(seconds=LIMIT_S)).isoformat(timespec="milliseconds"),
        }
        if seconds is not None:
            # From here on the lock may have heard, whether that is confirmed or not.
            self._inputs.unlocked(seconds + LIMIT_S)
        topic = f"{self._broker.topic}/{what}"
        sent = self._client.publish(topic, json.dumps(message), qos=1, retain=False)
        until_s = running_s() + LIMIT_S
        while not sent.is_published():
            if running_s() > until_s:
                # The library would send it again whenever it finds the broker: an old unlocking.
                await asyncio.to_thread(self._begin_anew)
                raise DoorError("The MQTT broker did not confirm in time.")
            await asyncio.sleep(0.01)

    async def watch(self, report: Report) -> None:
        """Report what the door tells."""
        await self._inputs.watch(report, self.unlock)

    async def close(self) -> None:
        """Disconnect; the lock has a fail mode of its own."""
        await asyncio.to_thread(self._end, self._client)

    def _connect(self) -> mqtt.Client:
        broker = self._broker
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"lintel-kiosk-{uuid4().hex[:12]}",
            clean_session=True,
        )
        if broker.user is not None:
            client.username_pw_set(broker.user, broker.password)
        if broker.authorities is not None:
            client.tls_set(str(broker.authorities))
        client.on_connect = self._connected
        client.on_message = self._heard
        client.reconnect_delay_set(1, 10)
        client.connect_async(broker.host, broker.port, KEEP_ALIVE_S)
        client.loop_start()
        return client

    def _connected(self, client: mqtt.Client, *_: Any) -> None:
        client.subscribe(f"{self._broker.topic}/input", qos=1)
        log.info("In touch with the MQTT broker.")

    def _heard(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        """Called by the library's thread."""
        if message.retain or len(message.payload) > MOST_PAYLOAD:
            return
        self._inputs.tell(message.payload.decode("ascii", "replace").strip().lower())

    def _begin_anew(self) -> None:
        self._end(self._client)
        self._client = self._connect()

    @staticmethod
    def _end(client: mqtt.Client) -> None:
        client.disconnect()
        client.loop_stop()
