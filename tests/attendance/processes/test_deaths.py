"""Processes that die and come back: no capture is forgotten, none makes two events."""

import os
import signal
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import httpx
import psycopg
import pytest
from django.utils import timezone

from recognition import encode_jpeg
from tests.attendance.door import Door
from tests.attendance.pictures import ADA, WANG, burst, no_face
from tests.people import draw
from tests.stack import Stack, wait_for

pytestmark = pytest.mark.slow

Database = psycopg.Connection[Any]


@pytest.fixture(autouse=True)
def _all_at_work(stack: Stack, door: Door) -> Iterator[None]:
    """Leave a whole installation to the next test."""
    yield
    wait_for(lambda: ready(stack), what="the whole installation", limit_s=60)


def ready(stack: Stack) -> bool:
    with suppress(httpx.HTTPError):
        return httpx.get(f"{stack.address}/readyz", timeout=5).status_code == 200
    return False


def large(identity: int) -> list[bytes]:
    """Return frames that keep a worker busy for a while."""
    return [encode_jpeg(draw(identity, n, size=(1080, 1920), face_px=400)) for n in range(1, 5)]


def row(database: Database, capture_id: uuid.UUID) -> tuple[Any, ...] | None:
    query = "SELECT state, attempts FROM attendance_capture WHERE id = %s"
    return database.execute(query, [capture_id]).fetchone()


def events(database: Database, capture_id: uuid.UUID) -> int:
    query = "SELECT count(*) FROM attendance_checkin WHERE capture_id = %s"
    found = database.execute(query, [capture_id]).fetchone()
    assert found is not None
    return int(found[0])


def send_later(door: Door, *frames: bytes, capture_id: uuid.UUID) -> threading.Thread:
    """Send a capture from a thread; whatever becomes of the request, the capture is asked for."""

    def send() -> None:
        with suppress(httpx.HTTPError, AssertionError):
            door.send(*frames, capture_id=capture_id)

    thread = threading.Thread(target=send)
    thread.start()
    return thread


def test_a_worker_killed_in_the_middle_of_a_task(
    stack: Stack, door: Door, database: Database
) -> None:
    frames = large(ADA.identity)
    for capture_id in (uuid.uuid4() for _ in range(5)):  # until it is hit in the middle
        sending = send_later(door, *frames, capture_id=capture_id)
        while row(database, capture_id) in (None, ("queued", 0)):
            time.sleep(0.005)
        stack.kill("worker")
        in_the_middle = row(database, capture_id) == ("queued", 1)
        sending.join()
        stack.start("worker")
        body = door.settled(capture_id)
        assert (body["state"], body["person"]["display_name"]) == ("decided", ADA.name)
        assert events(database, capture_id) == 1
        if in_the_middle:
            return
    pytest.fail("the worker was never hit in the middle of a task")


def test_a_worker_that_stays_away_leaves_no_capture_without_an_end(
    stack: Stack, door: Door, database: Database
) -> None:
    stack.kill("worker")
    sent = door.send(*burst(ADA.identity))
    assert sent.status_code == 202
    capture_id = uuid.UUID(sent.json()["capture"])
    database.execute(
        "UPDATE attendance_capture SET received_at = received_at - interval '1 minute' "
        "WHERE id = %s",
        [capture_id],
    )
    assert door.settled(capture_id)["state"] == "failed"
    stack.start("worker")
    assert door.settled(capture_id)["state"] == "failed"
    assert events(database, capture_id) == 0


def test_redis_killed_and_back(stack: Stack, door: Door, database: Database) -> None:
    before, during = uuid.uuid4(), uuid.uuid4()
    door.send(*burst(ADA.identity), capture_id=before)
    sending = send_later(door, *large(WANG.identity), capture_id=during)
    wait_for(lambda: row(database, during) is not None, what="the capture")
    for pid in stack.private_server_pids("redis-server"):
        os.kill(pid, signal.SIGKILL)
    sending.join()
    assert door.settled(before)["state"] == "decided"
    body = door.settled(during)
    assert body["state"] in ("decided", "failed")
    assert events(database, during) == (body["state"] == "decided")
    wait_for(lambda: ready(stack), what="the queue", limit_s=60)
    after = door.send(*burst(ADA.identity))
    assert door.settled(after.json()["capture"])["accepted"]


def test_while_redis_is_away_captures_are_refused_for_now(stack: Stack, door: Door) -> None:
    (pid,) = stack.private_server_pids("redis-server")
    os.kill(pid, signal.SIGSTOP)  # hangs, which is worse than being away
    try:
        begun = time.monotonic()
        answer = door.send(*burst(ADA.identity))
        assert (answer.status_code, answer.json()["code"]) == (503, "queue_unavailable")
        assert time.monotonic() - begun < 15
        assert httpx.get(f"{stack.address}/healthz", timeout=5).status_code == 200
        assert httpx.get(f"{stack.address}/readyz", timeout=20).status_code == 503
    finally:
        os.kill(pid, signal.SIGCONT)
    wait_for(lambda: door.send(no_face()).status_code == 200, what="a decision", limit_s=60)


def test_the_server_killed_and_back(stack: Stack, door: Door, database: Database) -> None:
    capture_id = uuid.uuid4()
    now = timezone.now().isoformat()
    fields = {"captured_at": now, "sent_at": now}
    frames = burst(ADA.identity)
    first = door.send(*frames, capture_id=capture_id, fields=fields).json()
    stack.kill("web")
    with pytest.raises(httpx.HTTPError):
        door.hello()
    stack.start("web")
    again = door.send(*frames, capture_id=capture_id, fields=fields)
    assert again.json() == {**first, "open_door": again.json()["open_door"]}
    assert events(database, capture_id) == 1


def test_the_server_killed_while_it_answers(stack: Stack, door: Door, database: Database) -> None:
    capture_id = uuid.uuid4()
    sending = send_later(door, *large(ADA.identity), capture_id=capture_id)
    wait_for(lambda: row(database, capture_id) is not None, what="the capture")
    stack.kill("web")
    sending.join()
    stack.start("web")
    assert door.settled(capture_id)["state"] == "decided"
    assert events(database, capture_id) == 1


def test_the_database_killed_and_back(stack: Stack, door: Door) -> None:
    for pid in stack.private_server_pids("postgres"):
        os.kill(pid, signal.SIGKILL)

    def let_in() -> bool:
        with suppress(httpx.HTTPError):
            answer = door.send(*burst(ADA.identity))
            assert answer.status_code in (200, 202, 503), answer.text
            return bool(answer.status_code == 200 and answer.json().get("accepted"))
        return False

    wait_for(let_in, what="Ada to be let in", limit_s=60)


def test_connections_that_the_database_dropped_cost_a_worker_no_try(
    stack: Stack, door: Door, database: Database
) -> None:
    assert door.send(*burst(ADA.identity)).json()["accepted"]
    database.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    wait_for(lambda: door.hello().status_code == 200, what="the server")
    capture_id = uuid.uuid4()
    assert door.send(*burst(ADA.identity), capture_id=capture_id).json()["accepted"]
    assert row(database, capture_id) == ("decided", 1)


def test_beat_killed_and_back(stack: Stack, door: Door) -> None:
    stack.kill("beat")
    assert door.send(*burst(ADA.identity)).json()["accepted"]
    stack.start("beat")


def test_fifty_captures_at_once(stack: Stack, database: Database) -> None:
    names = [f"Burst {uuid.uuid4()}" for _ in range(4)]
    doors = [
        Door(stack.address, stack.manage("kiosk", "create", name).stdout.strip()) for name in names
    ]
    ids = [uuid.uuid4() for _ in range(50)]

    def one(n: int) -> str:
        door = doors[n % len(doors)]
        door.send(*burst(ADA.identity), capture_id=ids[n])
        return str(door.settled(ids[n])["state"])

    with ThreadPoolExecutor(50) as pool:
        states = list(pool.map(one, range(50)))
    for door in doors:
        door.http.close()
    assert states == ["decided"] * 50
    assert [events(database, capture_id) for capture_id in ids] == [1] * 50
