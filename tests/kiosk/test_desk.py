"""A kiosk that asks for more than a face: PIN, number, challenge, over real HTTP."""

import asyncio
import logging
import time
from collections import deque

import pytest

from kiosk.pin import Field, Key, Source
from kiosk.pin.reading import DigitReaders
from kiosk.prompt import State
from recognition import Box
from recognition.reading.values import Reading
from recognition.values import Image
from tests.kiosk.fake_server import FakeServer, needs_pin, problem, refused
from tests.kiosk.whole_kiosk import RED, Kiosk, at_work, stayed_shut_on, until

pytestmark = pytest.mark.slow

BOX = Box(0, 0, 10, 10)


class Signer:
    """Reads what a test holds up, for as many seconds as it is held."""

    symbols = tuple("0123456789")

    def __init__(self, *signs: str) -> None:
        self._signs = deque(signs)
        self._until_s = 0.0
        self._now: str | None = None

    def read(self, image: Image, *, guide: Box | None = None) -> tuple[Reading, ...]:
        """One sign after the other, each for a second, with a gap between them."""
        now_s = time.monotonic()
        if now_s >= self._until_s:
            self._now = self._signs.popleft() if self._now is None and self._signs else None
            self._until_s = now_s + (0.9 if self._now else 0.4)
        return (Reading(self._now, 0.99, BOX),) if self._now else ()


def typed(kiosk: Kiosk, *keys: str) -> None:
    for key in keys:
        kiosk.desk.press(key, Source.KEYPAD)


def field_of(kiosk: Kiosk) -> Field | None:
    entry = kiosk.board.view.prompt.entry
    return entry.field if entry else None


async def asked(kiosk: Kiosk) -> None:
    """Wait until a face was found and a PIN is wanted."""
    await kiosk.says(State.IDLE)
    kiosk.scene.picture = RED
    await kiosk.says(State.PIN)


async def test_a_face_and_a_pin_open_the_door_once(server: FakeServer) -> None:
    server.script.append(needs_pin())
    async with at_work(server) as kiosk:
        await asked(kiosk)
        typed(kiosk, *"8305", Key.ENTER)
        await kiosk.says(State.WELCOME)
        await until(lambda: kiosk.door.unlocked, "the door")
        assert kiosk.door.unlocked == [4.0]
    (entry,) = server.entries
    assert (entry["pin"], entry["how"]) == ("8305", ["keypad"])
    assert entry["capture"] == server.captures()[0]
    assert entry["employee_number"] is None


async def test_a_face_without_its_pin_never_opens(server: FakeServer) -> None:
    server.script.append(needs_pin(seconds=1))
    async with at_work(server) as kiosk:
        await asked(kiosk)
        typed(kiosk, *"830")
        await kiosk.says(State.REFUSED)
        assert kiosk.board.view.prompt.reason == "timed_out"
        assert kiosk.door.unlocked == []
    assert server.entries == []


async def test_a_pin_is_signed_before_the_camera(server: FakeServer) -> None:
    server.script.append(needs_pin())
    readers = DigitReaders({Source.SIGN: Signer(*"8305")})
    async with at_work(server, readers) as kiosk:
        await asked(kiosk)
        await kiosk.says(State.WELCOME)
    assert [(e["pin"], e["how"]) for e in server.entries] == [("8305", ["sign"])]


async def test_a_wrong_pin_may_be_typed_again_and_is_a_new_entry(server: FakeServer) -> None:
    server.script.extend([needs_pin(), refused("wrong_pin")])
    async with at_work(server) as kiosk:
        await asked(kiosk)
        typed(kiosk, *"8306", Key.ENTER)
        await until(lambda: kiosk.board.view.prompt.reason == "wrong_pin", "the refusal")
        assert kiosk.door.unlocked == []
        typed(kiosk, *"8305", Key.ENTER)
        await kiosk.says(State.WELCOME)
    assert len({entry["id"] for entry in server.entries}) == 2


async def test_a_locked_person_is_told_for_how_long(server: FakeServer) -> None:
    server.script.extend([needs_pin(), refused("pin_locked", retry_after_s=60)])
    async with at_work(server) as kiosk:
        await asked(kiosk)
        typed(kiosk, *"8306", Key.ENTER)
        await kiosk.says(State.REFUSED)
        prompt = kiosk.board.view.prompt
        assert (prompt.reason, prompt.retry_after_s) == ("pin_locked", 60)


async def test_a_number_and_a_pin_open_without_any_face(server: FakeServer) -> None:
    async with at_work(server) as kiosk:
        await kiosk.says(State.IDLE)
        typed(kiosk, Key.OTHER_WAY)
        await until(lambda: field_of(kiosk) is Field.NUMBER, "the number")
        typed(kiosk, *"17", Key.ENTER, *"8305", Key.ENTER)
        await kiosk.says(State.WELCOME)
        assert kiosk.door.unlocked == [4.0]
    (entry,) = server.entries
    assert (entry["capture"], entry["employee_number"], entry["pin"]) == (None, "17", "8305")
    assert server.received == []


async def test_while_somebody_types_no_other_face_is_sent(server: FakeServer) -> None:
    async with at_work(server) as kiosk:
        await kiosk.says(State.IDLE)
        typed(kiosk, "1")
        kiosk.scene.picture = RED
        await asyncio.sleep(1.0)
        assert field_of(kiosk) is Field.NUMBER
        assert server.received == []
        typed(kiosk, Key.CANCEL)
        await kiosk.says(State.WELCOME)


async def test_a_challenge_is_signed_and_then_the_pin_is_asked_for(server: FakeServer) -> None:
    server.script.extend([needs_pin("challenge", "pin", challenge="47"), needs_pin("pin")])
    readers = DigitReaders({Source.SIGN: Signer(*"47")})
    async with at_work(server, readers) as kiosk:
        await asked(kiosk)
        assert field_of(kiosk) is Field.CHALLENGE
        await until(lambda: field_of(kiosk) is Field.PIN, "the PIN")
        typed(kiosk, *"8305", Key.ENTER)
        await kiosk.says(State.WELCOME)
    first, second = server.entries
    assert (first["challenge"], first["pin"]) == ("47", None)
    assert (second["challenge"], second["pin"]) == (None, "8305")


async def test_an_entry_that_comes_to_nothing_is_said_to_have_opened_nothing(
    server: FakeServer,
) -> None:
    """The server may have decided about it all the same."""
    server.script.extend([needs_pin(), problem(401)])
    async with at_work(server) as kiosk:
        await asked(kiosk)
        typed(kiosk, *"8305", Key.ENTER)
        await until(lambda: stayed_shut_on(kiosk), "the word about the door")
        assert stayed_shut_on(kiosk) == [entry["id"] for entry in server.entries]
        assert kiosk.door.unlocked == []


async def test_a_server_that_is_busy_in_the_middle_of_a_pin_gets_it_again_and_opens_once(
    server: FakeServer,
) -> None:
    server.script.extend([needs_pin(), *[problem(503)] * 2])
    async with at_work(server) as kiosk:
        await asked(kiosk)
        typed(kiosk, *"8305", Key.ENTER)
        await kiosk.says(State.WELCOME)
        assert kiosk.door.unlocked == [4.0]
        assert stayed_shut_on(kiosk) == []
    assert len(server.entries) == 3
    assert len({entry["id"] for entry in server.entries}) == 1, "one entry, sent again"


async def test_no_log_line_has_a_digit_that_was_typed(
    server: FakeServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.script.extend([needs_pin(), refused("wrong_pin"), problem(422)])
    async with at_work(server) as kiosk:
        await asked(kiosk)
        for pin in ("830572", "749163"):
            typed(kiosk, *pin, Key.ENTER)
            await until(lambda: not kiosk.desk.reads, "sending")
            await until(lambda: kiosk.desk.reads or not kiosk.desk.active, "the answer")
    assert len(server.entries) == 2
    assert not any(pin in caplog.text for pin in ("830572", "749163"))
