"""Tests that number and PIN open while the server is away, and that a thief gains nothing by it."""

import base64
import json
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from attendance.pins.hashing import Cost, store
from attendance.pins.offline import number_digest, proof_of, verifier_of
from attendance.pins.typed import TypedPin
from kiosk.answers import Decided
from kiosk.backoff import Backoff
from kiosk.client import Client
from kiosk.clock import running_s, wall_time
from kiosk.courier import Courier
from kiosk.entry_delivery import EntryDelivery
from kiosk.entry_request import EntryRequest
from kiosk.errors import SealError, ServerAwayError, SpoolFullError
from kiosk.link import Link
from kiosk.offline import OfflinePins
from kiosk.offline.pin_list import PinList, open_list
from kiosk.pin import Digits
from kiosk.spool import Kind, Spool, Vault, unpacked_entry
from tests.kiosk.fake_server import KIOSK, FakeServer, a_client, refused, sealed_list

ADA, WANG = UUID(int=1), UUID(int=2)
# As long as they may be: four digits turn up by chance in what is told of a moment.
PIN, DURESS, WANGS_PIN, WRONG = "83057264", "47190385", "61937402", "72648190"
CHEAP = Cost(memory_kib=8, passes=1)
KEY, NUMBER_KEY = os.urandom(32), os.urandom(32)
HOUR = timedelta(hours=1)


def row(person: UUID, name: str, number: str, pin: str, duress: str = "") -> dict[str, Any]:
    """Somebody as the server lists them."""
    now = wall_time()
    stored = store(
        TypedPin(pin),
        TypedPin(duress) if duress else None,
        key=KEY,
        owner=person.bytes,
        cost=CHEAP,
    )
    told = verifier_of(stored, key=KEY, owner=person.bytes)
    names = ("key", "salt", "pin", "duress")
    return {
        "id": str(person),
        "name": name,
        "windows": [[(now - HOUR).isoformat(), (now + HOUR).isoformat()]],
        "numbers": [number_digest(number, key=NUMBER_KEY)],
        "wrong": 0,
        "cost": [8, 1, 1],
        **{name: base64.b64encode(getattr(told, name)).decode() for name in names},
    }


def pin_list(**changes: Any) -> dict[str, Any]:
    """A list with Ada, who has a duress PIN, and Wang, who has none."""
    now = wall_time()
    ada = row(ADA, "Ada", "E-0417", PIN, DURESS) | changes.pop("ada", {})
    return {
        "issued_at": (now - HOUR).isoformat(),
        "expires_at": (now + HOUR).isoformat(),
        "number_key": base64.b64encode(NUMBER_KEY).decode(),
        "cost": [8, 1, 1],
        "wrong": 0,
        "people": [ada, row(WANG, "Wang", "E2", WANGS_PIN)],
    } | changes


def entry(pin: str = PIN, number: str | None = "E-0417", **changes: Any) -> EntryRequest:
    """Number and PIN, typed now."""
    fields: dict[str, Any] = {
        "id": uuid4(),
        "capture": None,
        "number": None if number is None else Digits(number),
        "pin": Digits(pin),
        "challenge": None,
        "how": ("keypad",),
        "entered_at": wall_time(),
        "taken_s": running_s(),
    }
    return EntryRequest(**(fields | changes))


@pytest.fixture
async def client(server: FakeServer) -> AsyncIterator[Client]:
    """A client of the server."""
    made = a_client(server)
    yield made
    await made.close()


@pytest.fixture
async def pins(client: Client, server: FakeServer, spool: Spool) -> OfflinePins:
    """A kiosk that has fetched the list."""
    server.pin_list = pin_list()
    made = OfflinePins(client, Link(), spool, set())
    await made.fetch()
    return made


async def tried(pins: OfflinePins, *args: str) -> Decided:
    decided = await pins.decide(entry(*args))
    assert decided is not None
    return decided


def kept(spool: Spool) -> list[dict[str, Any]]:
    return [json.loads(one.content) for one in spool.waiting(Kind.ENTRY)]


async def test_the_right_pin_opens_and_all_else_is_one_refusal(pins: OfflinePins) -> None:
    right = await tried(pins)
    assert (right.accepted, right.open_door, right.name) == (True, True, "Ada")
    wrong = [
        await tried(pins, WRONG),
        await tried(pins, WANGS_PIN),
        await tried(pins, PIN, "E404"),
        await tried(pins, PIN, "E2"),
    ]
    told = {(d.accepted, d.open_door, d.reason, d.name, d.message) for d in wrong}
    assert told == {(False, False, "offline_pin", None, "")}


async def test_every_question_costs_one_pass_whoever_is_claimed(pins: OfflinePins) -> None:
    from argon2.low_level import hash_secret_raw

    with patch("kiosk.offline.pin_list.hash_secret_raw", wraps=hash_secret_raw) as passes:
        for args in ((PIN, "E-0417"), (DURESS, "E-0417"), (WRONG, "E-0417"), (PIN, "E404")):
            passes.reset_mock()
            await tried(pins, *args)
            assert passes.call_count == 1
            assert passes.call_args.kwargs["memory_cost"] == 8


async def test_a_duress_pin_looks_the_same_to_the_screen_and_on_the_disk(
    pins: OfflinePins, spool: Spool
) -> None:
    calm, forced = await tried(pins), await tried(pins, DURESS)
    varying = {"capture"}
    assert {f: getattr(calm, f) for f in calm.__slots__ if f not in varying} == {
        f: getattr(forced, f) for f in forced.__slots__ if f not in varying
    }
    one, other = kept(spool)
    varying = {"proof", "captured_at", "taken_s"}
    assert {k: v for k, v in one.items() if k not in varying} == {
        k: v for k, v in other.items() if k not in varying
    }
    assert len(one["proof"]) == len(other["proof"]) == 64


async def test_nothing_that_a_pin_is_checked_against_is_ever_on_the_disk(
    pins: OfflinePins, spool: Spool, tmp_path: Path
) -> None:
    await tried(pins)
    await tried(pins, WRONG)
    assert {path.name.split("-")[0] for path in tmp_path.iterdir()} == {"seal.key", "spool.sqlite"}
    # Whoever has the card has the key beside it, and reads this:
    (right, wrong) = kept(spool)
    assert right["number"] == wrong["number"] == "E-0417"
    for clear in (right, wrong):
        assert set(clear) == {
            *("captured_at", "taken_s", "boot", "skew_s", "offline_person"),
            *("number", "how", "let_in", "proof"),
        }
    assert wrong["proof"] == ""


async def test_what_is_kept_is_proved_by_the_pin_alone(pins: OfflinePins, spool: Spool) -> None:
    await tried(pins)
    (waiting,) = spool.waiting(Kind.ENTRY)
    told = unpacked_entry(waiting.id, waiting.content)
    made_by_nobody = proof_of(
        bytes(32), kiosk=KIOSK, person=ADA, entered_at=told.reading.captured_at
    )
    assert told.reading.offline_person == ADA
    assert told.proof not in (b"", made_by_nobody)


async def test_after_a_restart_no_pin_opens_until_the_server_was_reached(
    pins: OfflinePins, client: Client, spool: Spool, server: FakeServer
) -> None:
    again = OfflinePins(client, Link(), spool, set())
    assert not again.ready()
    assert await again.decide(entry()) is None
    await again.fetch()
    assert (await tried(again)).accepted


async def test_five_wrong_pins_end_it_for_that_person_alone(pins: OfflinePins) -> None:
    for _ in range(5):
        await tried(pins, WRONG)
    assert not (await tried(pins)).accepted
    assert not (await tried(pins, DURESS)).accepted
    assert (await tried(pins, WANGS_PIN, "E2")).accepted


async def test_a_right_pin_forgives_its_owners_wrong_ones(pins: OfflinePins) -> None:
    for _ in range(4):
        await tried(pins, WRONG)
    assert (await tried(pins)).accepted
    for _ in range(4):
        await tried(pins, WRONG)
    assert (await tried(pins)).accepted


async def test_a_restart_forgets_no_wrong_pin(
    pins: OfflinePins, client: Client, spool: Spool, server: FakeServer
) -> None:
    for _ in range(3):
        await tried(pins, WRONG)
    again = OfflinePins(client, Link(), spool, set())
    await again.fetch()
    for _ in range(2):
        await tried(again, WRONG)
    assert not (await tried(again)).accepted


@pytest.mark.parametrize("counted", [{"ada": {"wrong": 5}}, {"wrong": 20}])
async def test_what_the_server_has_counted_counts_here(
    pins: OfflinePins, server: FakeServer, counted: dict[str, Any]
) -> None:
    server.pin_list = pin_list(**counted)
    await pins.fetch()
    assert not (await tried(pins)).accepted


async def test_twenty_wrong_pins_at_the_kiosk_end_it_for_all(
    pins: OfflinePins, spool: Spool
) -> None:
    for number in range(20):
        await tried(pins, WRONG, f"E9{number:02}")
    assert not (await tried(pins)).accepted
    assert len(kept(spool)) == 20


async def test_a_try_that_is_cut_off_has_cost_its_try(pins: OfflinePins, spool: Spool) -> None:
    with patch.object(PinList, "made", side_effect=KeyboardInterrupt):
        for _ in range(5):
            with pytest.raises(KeyboardInterrupt):
                await pins.decide(entry())
    assert [one["offline_person"] for one in kept(spool)] == [None] * 5
    assert not (await tried(pins)).accepted


@pytest.mark.parametrize(
    "changes",
    [
        {"expires_at": (wall_time() - HOUR).isoformat()},
        {"issued_at": (wall_time() + HOUR).isoformat()},
    ],
)
async def test_a_list_outside_its_time_decides_nothing(
    pins: OfflinePins, server: FakeServer, changes: dict[str, Any]
) -> None:
    server.pin_list = pin_list(**changes)
    await pins.fetch()
    assert await pins.decide(entry()) is None


async def test_outside_their_hours_the_right_pin_is_refused_and_proved_all_the_same(
    pins: OfflinePins, server: FakeServer, spool: Spool
) -> None:
    server.pin_list = pin_list(ada={"windows": []})
    await pins.fetch()
    assert not (await tried(pins, DURESS)).accepted
    (told,) = kept(spool)
    assert (told["offline_person"], told["let_in"]) == (str(ADA), False)
    assert told["proof"]


async def test_a_lockdown_that_was_heard_of_keeps_the_door_shut(
    client: Client, server: FakeServer, spool: Spool
) -> None:
    link = Link()
    pins = OfflinePins(client, link, spool, set())
    server.pin_list = pin_list()
    await pins.fetch()
    link.lockdown = True
    assert not pins.ready()
    assert await pins.decide(entry()) is None
    link.lockdown = False
    assert (await tried(pins)).accepted


async def test_a_door_that_may_not_forgets_its_list(pins: OfflinePins, server: FakeServer) -> None:
    server.pin_list = None
    await pins.fetch()
    assert not pins.ready()


async def test_an_answer_to_a_face_is_not_decided_here(pins: OfflinePins) -> None:
    assert await pins.decide(entry(capture=uuid4(), number=None)) is None


async def test_a_full_spool_takes_no_try(
    client: Client, server: FakeServer, tmp_path: Path
) -> None:
    full = Spool(tmp_path, Vault.at(tmp_path), most=10)
    server.pin_list = pin_list()
    pins = OfflinePins(client, Link(), full, set())
    await pins.fetch()
    with pytest.raises(SpoolFullError):
        await pins.decide(entry())
    full.close()


def test_a_list_opens_with_its_own_key_for_its_own_kiosk_alone() -> None:
    key, other = X25519PrivateKey.generate(), X25519PrivateKey.generate()
    content = json.dumps(pin_list()).encode()
    sealed = sealed_list(content, key.public_key().public_bytes_raw())
    assert open_list(sealed, key, kiosk=KIOSK).claimed("E-0417") is not None
    for damaged, opener, kiosk in (
        (sealed, other, KIOSK),
        (sealed, key, "8"),
        (sealed[:-1] + bytes([sealed[-1] ^ 1]), key, KIOSK),
        (sealed[:40], key, KIOSK),
        (sealed_list(b"{}", key.public_key().public_bytes_raw()), key, KIOSK),
    ):
        with pytest.raises(SealError):
            open_list(damaged, opener, kiosk=kiosk)


def test_no_text_of_a_list_shows_what_it_holds() -> None:
    key = X25519PrivateKey.generate()
    listed = pin_list()
    sealed = sealed_list(json.dumps(listed).encode(), key.public_key().public_bytes_raw())
    text = repr(open_list(sealed, key, kiosk=KIOSK))
    for person in listed["people"]:
        for name in ("key", "salt", "pin", "duress"):
            assert repr(base64.b64decode(person[name]))[2:-1] not in text


async def test_cut_off_it_opens_at_once_and_arrives_once_without_the_pin(
    pins: OfflinePins, server: FakeServer, client: Client, spool: Spool
) -> None:
    server.stop()
    link = Link()
    entries = EntryDelivery(client, link, offline=pins)
    right, wrong = entry(), entry(WRONG)
    opened = await entries.decision(right)
    assert isinstance(opened, Decided)
    assert opened.open_door
    assert not (await entries.decision(wrong)).accepted  # type: ignore[union-attr]
    server.start()
    courier = Courier(client, link, spool, set(), make_backoff=lambda: Backoff(0.01, 0.05))
    while spool.state().waiting:
        await courier.step()
    assert [told["id"] for told in server.entries] == [str(right.id), str(wrong.id)]
    assert [told["offline"]["let_in"] for told in server.entries] == [True, False]
    assert [told["entered_at"] for told in server.entries] == [
        right.entered_at.isoformat(),
        wrong.entered_at.isoformat(),
    ]
    for told in server.entries:
        assert "pin" not in told
        assert PIN not in json.dumps(told["offline"])


async def test_a_server_that_is_there_decides_itself(
    pins: OfflinePins, server: FakeServer, client: Client, spool: Spool
) -> None:
    server.script.append(refused("wrong_pin"))
    entries = EntryDelivery(client, Link(), offline=pins)
    assert (await entries.decision(entry())).reason == "wrong_pin"
    assert not kept(spool)


async def test_without_a_list_a_pin_comes_to_nothing(
    server: FakeServer, client: Client, spool: Spool
) -> None:
    server.stop()
    pins = OfflinePins(client, Link(), spool, set())
    entries = EntryDelivery(client, Link(), offline=pins, give_up_s=0.0)
    with pytest.raises(ServerAwayError):
        await entries.decision(entry())
    assert not kept(spool)
