"""A release changes the engine in force while a switch is open, and the worker is killed."""

import subprocess
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from recognition import EngineId
from recognition.calibration.file import write_calibration
from tests.attendance.door import Door
from tests.attendance.pictures import ADA, burst
from tests.people import PEOPLE, write_pictures
from tests.recognition.engines.site.calibrations import calibration_of
from tests.recognition.engines.site.tiny import make_tiny
from tests.stack import Stack, wait_for

pytestmark = pytest.mark.slow

KEEP, LEAVE = PEOPLE[:10], PEOPLE[10]
OLDER = "an older one"
# Kept faces that an engine has, as it is now, a template of.
COUNT = (
    "SELECT count(*) FROM attendance_keptface JOIN attendance_template"
    " USING (person_id, picture_digest) WHERE engine_name = %s AND engine_version <> %s"
)
LEFT = "SELECT count(*) FROM attendance_embeddingattempt WHERE refused_at IS NULL"

Database = psycopg.Connection[Any]


@pytest.fixture(scope="module")
def database(stack: Stack) -> Iterator[Database]:
    """Return a connection to the installation's own database."""
    with stack.database() as connection:
        yield connection


def number(database: Database, query: str, *values: str) -> int:
    found = database.execute(query, values).fetchone()
    assert found is not None
    return int(found[0])


@dataclass(frozen=True)
class Filled:
    """How many kept faces have a template of the built-in engine, and of the one switched to."""

    in_force: int
    target: int


def filled(database: Database) -> Filled:
    return Filled(
        number(database, COUNT, "dlib-resnet", OLDER), number(database, COUNT, "tiny", OLDER)
    )


def begin_switch(stack: Stack, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Install and calibrate a tiny engine, and begin the switch to it."""
    files = make_tiny(folder / "engine")
    stack.manage("install_engine", str(files.model), "--manifest", str(files.manifest))
    engine = EngineId("tiny", stack.query("SiteEngine.objects.get().version"))
    write_calibration(folder / "calibration.json", calibration_of(engine))
    stack.manage(
        *("calibrate_engine", "tiny", "--calibration", str(folder / "calibration.json")),
        *("--people", "20", "--fpir", "0.01"),
    )
    return stack.manage("switch_engine", "tiny", "--why", "a test", check=False)


def test_doors_come_first_the_switch_goes_on_and_a_killed_worker_changes_nothing(
    stack: Stack, database: Database, tmp_path: Path
) -> None:
    stack.manage("enroll", str(write_pictures(tmp_path / "keep", KEEP)), "--keep-pictures")
    stack.manage("enroll", str(write_pictures(tmp_path / "leave", [LEAVE])))
    faces = number(database, "SELECT count(*) FROM attendance_keptface")
    stack.stop("worker")
    assert "(from a kept face, in the background)" in begin_switch(stack, tmp_path).stdout
    database.execute("UPDATE attendance_template SET engine_version = %s", [OLDER])

    stack.start("worker")
    seen = [filled(database)]
    while seen[-1].in_force < faces // 3:
        seen.append(filled(database))
        time.sleep(0.02)
    stack.kill("worker")
    cut_off = filled(database)
    assert 0 < cut_off.in_force < faces
    assert cut_off.target == 0
    stack.start("worker")
    while seen[-1] != Filled(faces, faces):
        seen.append(filled(database))
        time.sleep(0.02)

    assert all(one.in_force == faces for one in seen if one.target)
    wait_for(lambda: number(database, LEFT) == 0, what="the last attempt")
    with Door(stack.address, stack.identity) as door:
        capture_id = uuid.uuid4()
        assert door.send(*burst(ADA.identity), capture_id=capture_id).is_success
        assert door.settled(capture_id)["state"] == "decided"
    decided = "CheckIn.objects.latest('id').engine_name, CheckIn.objects.latest('id').accepted"
    assert stack.query(decided) == "dlib-resnet True"

    again = stack.manage("switch_engine", "tiny", "--why", "a test", check=False)
    assert f"has no template yet: {LEAVE.name}" in again.stdout
    assert again.stdout.count("has no template yet") == 1
    stack.manage("enroll", str(tmp_path / "leave"))
    stack.manage("switch_engine", "tiny", "--why", "a test")
    assert stack.query("MatchPolicy.objects.latest().engine_name") == "tiny"
