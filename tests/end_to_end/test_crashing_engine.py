"""An update of ONNX Runtime ends every process that loads the engine in force: the house stands."""

import os
import re
import signal
import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest

from recognition import EngineId
from recognition.calibration.file import write_calibration
from tests.attendance.door import Door
from tests.attendance.pictures import ADA, burst
from tests.people import write_pictures
from tests.recognition.engines.site.calibrations import calibration_of
from tests.recognition.engines.site.tiny import make_tiny
from tests.stack import ADMIN_PASSWORD, Stack, wait_for

pytestmark = pytest.mark.slow

UPDATE = Path(__file__).resolve().parent / "other_runtime"
REASON = r"ended the process in which it was tried out, by a signal \(Aborted\): Check failed"


@pytest.fixture(scope="module")
def updated(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """Put a tiny engine in force, then start everything anew with another ONNX Runtime."""
    folder = tmp_path_factory.mktemp("engine")
    stack.manage("enroll", str(write_pictures(folder / "people", [ADA])))
    files = make_tiny(folder)
    stack.manage("install_engine", str(files.model), "--manifest", str(files.manifest))
    engine = EngineId("tiny", stack.query("SiteEngine.objects.get().version"))
    write_calibration(folder / "calibration.json", calibration_of(engine))
    stack.manage(
        *("calibrate_engine", "tiny", "--calibration", str(folder / "calibration.json")),
        *("--people", "20", "--fpir", "0.01"),
    )
    stack.manage("switch_engine", "tiny", "--force")
    assert capture(stack)["state"] == "decided"

    for name in ("beat", "worker", "web"):
        stack.stop(name)
    stack.environment.update(PYTHONPATH=str(UPDATE), CRASHES_WITH="weights")
    stack.start("web", "worker", "beat")
    return stack


def capture(stack: Stack) -> dict[str, Any]:
    """Send a capture of Ada and return what the door is told in the end."""
    with Door(stack.address, stack.identity) as door:
        capture_id = uuid.uuid4()
        assert door.send(*burst(ADA.identity), capture_id=capture_id).is_success
        return door.settled(capture_id)


def worker_processes(stack: Stack) -> set[int]:
    """Return the worker's processes: the one that was started and its children."""
    pid = stack.process("worker").pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {pid, *map(int, children)}


def engines_page(stack: Stack) -> str:
    """Return the page Engines as HR sees it."""
    with httpx.Client(base_url=stack.address, timeout=30, follow_redirects=True) as browser:
        browser.get("/admin/login/")
        form = {
            "username": "admin",
            "password": ADMIN_PASSWORD,
            "csrfmiddlewaretoken": browser.cookies["csrftoken"],
        }
        browser.post("/admin/login/", data=form, headers={"Origin": stack.address})
        return browser.get("/engines").raise_for_status().text


def test_the_worker_stays_and_says_why_and_the_way_back_opens_the_doors(updated: Stack) -> None:
    wait_for(lambda: "cannot be used" in updated.log("worker"), what="the worker's trial")
    before = worker_processes(updated)

    answers = [capture(updated) for _ in range(4)]

    assert {(one["state"], one["reason"]) for one in answers} == {("failed", "no_engine")}
    assert worker_processes(updated) == before
    assert updated.query("CheckIn.objects.count()") == "1"  # the one before the update
    page = engines_page(updated)
    assert "The engine in force cannot be used" in page
    assert re.search(REASON, page)
    wait_for(
        lambda: httpx.get(f"{updated.address}/readyz", timeout=5).status_code == 200,
        what="a worker that does everything else",
    )

    # Nothing but the built-in engine is loaded by that.
    updated.manage("switch_engine", "dlib-resnet", "--force", "--why", "doors first")

    answer = capture(updated)
    assert (answer["state"], answer.get("accepted")) == ("decided", True), answer
    assert worker_processes(updated) == before
    assert "The engine in force cannot be used" not in engines_page(updated)


def test_commands_refuse_it_with_the_reason_and_go_on_without(updated: Stack) -> None:
    refused = updated.manage("switch_engine", "tiny", "--force", check=False)

    assert refused.returncode == 1
    assert re.search(REASON, refused.stderr)
    assert updated.query("MatchPolicy.objects.latest().engine_name") == "dlib-resnet"


def test_a_process_that_loads_for_longer_than_celery_waits_is_not_ended_for_it(
    updated: Stack,
) -> None:
    updated.manage("switch_engine", "dlib-resnet", "--force", check=False)
    updated.stop("worker")
    updated.environment["LOADS_FOR_S"] = "5"
    updated.start("worker")
    assert capture(updated)["state"] == "decided"

    for process in worker_processes(updated) - {updated.process("worker").pid}:
        os.kill(process, signal.SIGKILL)

    assert capture(updated)["state"] == "decided"
    assert "Timed out waiting for UP message" not in updated.log("worker")
