"""The door's settings file, read and checked; `docs/kiosk.md` has one of each kind.

driver = "gpio"              # log, webhook, mqtt, gpio
fail = "secure"              # gpio: secure or safe
held_open_seconds = 30

[gpio]
relay = 17
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kiosk.doors.driver import Door, FailMode
from kiosk.doors.gpio import GpioDoor, Pins
from kiosk.doors.log import LogDoor
from kiosk.doors.mqtt import Broker, MqttDoor
from kiosk.doors.webhook import WebhookDoor
from kiosk.errors import CallError
from kiosk.exchange import open_http
from kiosk.trust.private_file import read_private

HELD_OPEN_S = 30.0
MOST_PIN = 53


class DoorSettings:
    """What the file asks for. Makes the door once, in the event loop it will live in."""

    def __init__(self, fields: Mapping[str, Any], folder: Path) -> None:
        """`folder` is where relative names of files begin.

        Raises CallError naming the setting that is wrong.
        """
        self._folder = folder
        top = _Table(fields, "")
        self._driver = top.choice("driver", ("log", "webhook", "mqtt", "gpio"))
        self._held_open_s = top.number("held_open_seconds", HELD_OPEN_S, 1, 3600)
        self._fail = FailMode(top.choice("fail", tuple(FailMode), FailMode.SECURE))
        self._table = _Table(fields.get(self._driver, {}), f"[{self._driver}] ")
        self._check()

    def open(self) -> Door:
        """Make the door. Raises StartError or CallError."""
        match self._driver:
            case "webhook":
                return self._webhook()
            case "mqtt":
                return MqttDoor(self._broker(), held_open_s=self._held_open_s)
            case "gpio":
                return GpioDoor(self._pins(), fail=self._fail, held_open_s=self._held_open_s)
            case _:
                return LogDoor()

    def _check(self) -> None:
        """Read everything once, so that a wrong file is said at the start."""
        match self._driver:
            case "webhook":
                self._table.text("url")
                self._secret()
            case "mqtt":
                self._broker()
            case "gpio":
                self._pins()

    def _webhook(self) -> WebhookDoor:
        address = self._table.text("url")
        authorities = self._table.text("ca", "")
        http = open_http(self._folder / authorities if authorities else None)
        return WebhookDoor(address, self._secret(), http=http)

    def _secret(self) -> bytes:
        return self._kept("secret_file")

    def _broker(self) -> Broker:
        table = self._table
        authorities = table.text("ca", "")
        with_password = bool(table.text("password_file", ""))
        return Broker(
            host=table.text("host"),
            topic=table.text("topic").strip("/"),
            port=int(table.number("port", 8883 if authorities else 1883, 1, 65535)),
            user=table.text("user", "") or None,
            password=self._kept("password_file").decode() if with_password else None,
            authorities=self._folder / authorities if authorities else None,
        )

    def _pins(self) -> Pins:
        table = self._table
        return Pins(
            relay=table.pin("relay"),
            contact=table.pin("contact") if table.has("contact") else None,
            exit_button=table.pin("exit_button") if table.has("exit_button") else None,
            tamper=table.pin("tamper") if table.has("tamper") else None,
            active_high=table.choice("relay_on", ("high", "low"), "high") == "high",
        )

    def _kept(self, name: str) -> bytes:
        """A secret out of a file that only its owner may read."""
        content = read_private(self._folder / self._table.text(name))
        if not content or not content.strip():
            raise CallError(f"--door: {name} names no file with a secret in it.")
        return content.strip()


class _Table:
    """One table of the file; each question says what is wrong with the answer."""

    def __init__(self, fields: object, name: str) -> None:
        if not isinstance(fields, Mapping):
            raise CallError(f"--door: {name}is no table.")
        self._fields = fields
        self._name = name

    def has(self, key: str) -> bool:
        return key in self._fields

    def text(self, key: str, default: str | None = None) -> str:
        value = self._fields.get(key, default)
        if not isinstance(value, str) or (default is None and not value):
            raise CallError(f"--door: {self._name}{key} has to be a text.")
        return value

    def choice(self, key: str, among: tuple[str, ...], default: str | None = None) -> str:
        value = self.text(key, default)
        if value not in among:
            raise CallError(f"--door: {self._name}{key} is one of {', '.join(among)}.")
        return value

    def number(self, key: str, default: float, least: float, most: float) -> float:
        value = self._fields.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise CallError(f"--door: {self._name}{key} has to be a number.")
        if not least <= value <= most:
            raise CallError(f"--door: {self._name}{key} lies between {least:g} and {most:g}.")
        return float(value)

    def pin(self, key: str) -> int:
        value = self._fields.get(key)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_PIN:
            raise CallError(f"--door: {self._name}{key} is the number of a pin, 0 to {MOST_PIN}.")
        return value


def read_door(text: str) -> DoorSettings:
    """The settings that `--door` names: a file, or "log". Raises CallError."""
    if text == "log":
        return DoorSettings({"driver": "log"}, Path())
    path = Path(text).expanduser()
    try:
        with path.open("rb") as file:
            fields = tomllib.load(file)
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CallError(f"--door {text}: cannot be read ({error}).") from error
    return DoorSettings(fields, path.parent)
