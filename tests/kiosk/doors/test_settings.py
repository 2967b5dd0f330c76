"""Tests the door's settings file."""

from pathlib import Path

import pytest

from kiosk.doors import LogDoor
from kiosk.doors.settings import read_door
from kiosk.doors.webhook import WebhookDoor
from kiosk.errors import CallError, StartError

WEBHOOK = """
driver = "webhook"
[webhook]
url = "https://door.example/open"
secret_file = "secret"
"""
MQTT = """
driver = "mqtt"
held_open_seconds = 45
[mqtt]
host = "broker.example"
topic = "site/front"
"""
GPIO = """
driver = "gpio"
fail = "safe"
[gpio]
relay = 17
contact = 27
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A settings file's place, with a secret beside it."""
    secret = tmp_path / "secret"
    secret.write_text("a shared secret\n")
    secret.chmod(0o600)
    return tmp_path / "door.toml"


def test_without_a_file_it_is_only_written_about() -> None:
    assert isinstance(read_door("log").open(), LogDoor)


async def test_a_web_hook_is_made_with_its_secret(file: Path) -> None:
    file.write_text(WEBHOOK)
    door = read_door(str(file)).open()
    assert isinstance(door, WebhookDoor)
    await door.close()


@pytest.mark.parametrize("text", [MQTT, GPIO, WEBHOOK])
def test_a_whole_file_is_taken(file: Path, text: str) -> None:
    file.write_text(text)
    read_door(str(file))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "driver has to be a text"),
        ("driver = 1", "driver has to be a text"),
        ('driver = "magic"', "driver is one of"),
        ('driver = "log"\nfail = "open"', "fail is one of"),
        ('driver = "log"\nheld_open_seconds = 0', "lies between"),
        ('driver = "log"\nheld_open_seconds = "long"', "has to be a number"),
        ('driver = "webhook"', "url has to be a text"),
        (WEBHOOK.replace("secret_file", "secret"), "secret_file"),
        (WEBHOOK.replace('"secret"', '"elsewhere"'), "secret_file"),
        ('driver = "mqtt"\nmqtt = 1', "is no table"),
        (MQTT.replace("site/front", ""), "topic"),
        (f"{MQTT}port = 0", "port lies between"),
        ('driver = "gpio"', "relay is the number of a pin"),
        (GPIO.replace("17", "99"), "relay is the number of a pin"),
        (GPIO.replace("27", '"27"'), "contact is the number of a pin"),
        ("driver =", "cannot be read"),
    ],
)
def test_what_is_wrong_is_named(file: Path, text: str, said: str) -> None:
    file.write_text(text)
    with pytest.raises(CallError, match=said):
        read_door(str(file))


def test_a_secret_that_others_can_read_is_refused(file: Path) -> None:
    file.write_text(WEBHOOK)
    (file.parent / "secret").chmod(0o644)
    with pytest.raises(StartError, match="read by others"):
        read_door(str(file))


def test_a_file_that_is_not_there_is_said() -> None:
    with pytest.raises(CallError, match="cannot be read"):
        read_door("no-such-file.toml")
