"""Tests the door that is told by HTTP, against a real controller."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from kiosk.doors.webhook import WebhookDoor
from kiosk.errors import DoorError
from kiosk.exchange import open_http
from tests.kiosk.doors.controller import SECRET, DoorController, listening


@pytest.fixture
def controller() -> Iterator[DoorController]:
    """A controller at work."""
    with listening(DoorController()) as made:
        yield made


async def test_holding_open_and_locking_are_messages_of_their_own(
    controller: DoorController,
) -> None:
    door = WebhookDoor(controller.address, SECRET, http=open_http())
    await door.hold_open(10)
    await door.lock()
    said = [json.loads(body) for body, _ in controller.heard]
    assert [(one["event"], one.get("seconds")) for one in said] == [
        ("hold_open", 10),
        ("lock", None),
    ]
    controller.status = 500
    for order in (door.hold_open(10), door.lock()):
        with pytest.raises(DoorError):
            await order
    await door.close()


async def test_each_unlocking_is_one_signed_message(controller: DoorController) -> None:
    door = WebhookDoor(controller.address, SECRET, http=open_http())
    await door.unlock(5)
    ((body, signature),) = controller.heard
    assert signature == hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    message = json.loads(body)
    assert (message["event"], message["seconds"]) == ("unlock", 5)
    assert datetime.now(UTC) - datetime.fromisoformat(message["at"]) < timedelta(minutes=1)
    await door.unlock(5)
    assert json.loads(controller.heard[1][0])["id"] != message["id"]
    await door.close()


@pytest.mark.parametrize("status", [302, 401, 404, 500, 503])
async def test_anything_but_a_plain_yes_is_said_and_never_tried_again(
    controller: DoorController, status: int
) -> None:
    controller.status = status
    door = WebhookDoor(controller.address, SECRET, http=open_http())
    with pytest.raises(DoorError, match=str(status)):
        await door.unlock(5)
    assert len(controller.heard) == 1
    await door.close()


async def test_a_controller_that_is_too_slow_did_not_open(controller: DoorController) -> None:
    controller.pause_s = 5.0
    door = WebhookDoor(controller.address, SECRET, http=open_http(), limit_s=0.2)
    with pytest.raises(DoorError, match="did not answer"):
        await door.unlock(5)
    await door.close()


async def test_a_controller_that_is_away_did_not_open() -> None:
    door = WebhookDoor("http://127.0.0.1:9/door", SECRET, http=open_http())
    with pytest.raises(DoorError, match="did not answer"):
        await door.unlock(5)
    await door.close()
