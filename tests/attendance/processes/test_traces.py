"""What a running installation leaves behind of faces and secrets: nothing."""

import base64
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis

from tests.attendance.door import Door
from tests.attendance.pictures import ADA, STRANGER, burst, no_face, text_file, truncated
from tests.attendance.processes.test_bad_input import nobody_at_work
from tests.stack import Stack, wait_for
from tests.trusting import provisioned

pytestmark = pytest.mark.slow

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF"


def busy(door: Door) -> None:
    """Send some of everything."""
    door.send(*burst(ADA.identity))
    door.send(*burst(STRANGER.identity))
    for bad in (no_face(), text_file(), truncated()):
        door.send(bad)


def frames(queue: "redis.Redis") -> list[bytes]:
    """Return the keys under which frames wait."""
    found: list[bytes] = queue.keys("*frames:*")  # type: ignore[assignment]
    return found


def written(stack: Stack) -> dict[Path, str]:
    """Return everything that any process has written to a log."""
    logs = [*stack.logs.glob("*.log"), *(stack.var / "log").glob("*.log*")]
    assert len(logs) >= 4
    return {log: log.read_bytes().decode("latin-1") for log in logs}


def test_no_frame_waits_after_its_decision(door: Door, queue: "redis.Redis") -> None:
    busy(door)
    wait_for(lambda: not frames(queue), what="the frames to go")


def test_frames_that_wait_have_an_end(stack: Stack, door: Door, queue: "redis.Redis") -> None:
    with nobody_at_work(stack):
        capture_id = door.send(*burst(ADA.identity)).json()["capture"]
        (key,) = frames(queue)
        assert capture_id.encode() in key
        assert 0 < queue.ttl(key) <= 30
    door.settled(capture_id)
    wait_for(lambda: not frames(queue), what="the frames to go")


def test_nothing_in_redis_is_a_picture(door: Door, queue: "redis.Redis") -> None:
    busy(door)
    wait_for(lambda: not frames(queue), what="the frames to go")
    for key in queue.keys("*"):
        assert JPEG[:4] not in (queue.dump(key) or b"")


def test_no_log_holds_a_picture_a_key_or_a_name(stack: Stack, door: Door) -> None:
    busy(door)
    code = stack.manage("kiosk", "create", "Some other door").stdout.strip()
    provisioned(stack.address, code)
    door.request("GET", f"/api/v1/nothing?token={code}")
    marks = {
        "a code": code,
        "a code as it is sent": code.replace("-", ""),
        "a kiosk's key": base64.b64encode(door.identity.seed).decode(),
        "the server's key": (stack.var / "secrets" / "server-key").read_text().strip(),
        "a JPEG": "\xff\xd8\xff",
        "a JPEG in base64": base64.b64encode(b"\xff\xd8\xff\xe0").decode()[:4],
        "a JPEG in Python's notation": r"\xff\xd8",
        "a name": ADA.name,
        "a key": (stack.var / "secrets" / "template-key").read_text().strip(),
    }
    for log, text in written(stack).items():
        for what, mark in marks.items():
            assert mark not in text, f"{what} in {log.name}"


def test_the_logs_of_web_and_worker_name_the_capture(stack: Stack, door: Door) -> None:
    capture_id = door.send(*burst(ADA.identity)).json()["capture"]

    def named() -> bool:
        return all(f"[{capture_id}]" in stack.log(name) for name in ("web", "worker"))

    # The worker answers first and writes its line then.
    wait_for(named, what="a line of web and one of worker")


def test_no_capture_leaves_a_file(stack: Stack, door: Door) -> None:
    busy(door)
    enrolment = stack.var / "people"
    for path in stack.var.rglob("*"):
        if path.is_file() and enrolment not in path.parents and path.stat().st_size < 2**25:
            assert JPEG not in path.read_bytes(), path


def test_no_vector_lies_open_in_the_database(database: "psycopg.Connection[Any]") -> None:
    rows = database.execute("SELECT sealed_vector FROM attendance_template").fetchall()
    assert rows
    for (sealed,) in rows:
        assert len(sealed) == 12 + 128 * 4 + 16  # nonce, vector, tag: nothing beside them
    columns = database.execute(
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = 'public' AND data_type IN ('bytea', 'ARRAY')"
    ).fetchall()
    assert sorted(columns) == [
        ("attendance_keptface", "sealed_picture"),
        ("attendance_template", "sealed_vector"),
    ]


def test_secrets_are_for_their_owner_only(stack: Stack) -> None:
    for path in (stack.var / "secrets").iterdir():
        assert path.stat().st_mode & 0o077 == 0
    assert stack.identity.provisioned
    assert (stack.state / "key.json").stat().st_mode & 0o077 == 0
