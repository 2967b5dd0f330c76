"""Tests how the kiosk says that it is well, and that it is not."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from kiosk.camera import Camera, CameraState
from kiosk.clock import wall_time
from kiosk.doors import LogDoor, Report
from kiosk.doors.counted import CountedDoor
from kiosk.errors import DoorError
from kiosk.frames import NewestFrame
from kiosk.health import Doctor
from kiosk.health_page import make_health_app
from kiosk.link import Link
from kiosk.reporting import HealthReporter
from kiosk.spool import Kind, Spool, Vault
from tests.kiosk.cameras import SOURCE
from tests.kiosk.fake_server import FakeServer, a_client


class Stuck(LogDoor):
    """A door that does not open."""

    async def unlock(self, seconds: float) -> None:
        raise DoorError("stuck")

    async def watch(self, report: Report) -> None:
        """Nothing."""


@pytest.fixture
def link() -> Link:
    """A link that is up."""
    made = Link()
    made.reached()
    return made


@pytest.fixture
def camera(monkeypatch: pytest.MonkeyPatch) -> Camera:
    """A camera that shows something."""
    made = Camera(SOURCE, NewestFrame())
    made._state = CameraState.SHOWING
    return made


@pytest.fixture
def door() -> CountedDoor:
    """A door that is stuck."""
    return CountedDoor(Stuck())


@pytest.fixture
def doctor(camera: Camera, link: Link, spool: Spool, door: CountedDoor) -> Doctor:
    """Who looks at them."""
    return Doctor(camera, link, spool, door)


@pytest.fixture
async def page(doctor: Doctor) -> AsyncIterator[httpx.AsyncClient]:
    """The health page."""
    transport = httpx.ASGITransport(make_health_app(doctor))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as made:
        yield made


async def test_a_kiosk_that_is_well_says_so(page: httpx.AsyncClient, spool: Spool) -> None:
    spool.add(uuid4(), Kind.CAPTURE, b"x")
    answer = await page.get("/health")
    assert answer.status_code == 200
    body = answer.json()
    assert (body["well"], body["camera"], body["server"]) == (True, "showing", "online")
    assert (body["waiting"], body["set_aside"], body["clock_skew_s"]) == (1, 0, None)


async def test_a_camera_that_is_lost_makes_it_unwell(
    page: httpx.AsyncClient, camera: Camera
) -> None:
    camera._state = CameraState.LOST
    answer = await page.get("/health")
    assert (answer.status_code, answer.json()["camera"]) == (503, "lost")


async def test_a_spool_that_is_full_makes_it_unwell(
    camera: Camera, link: Link, door: CountedDoor, tmp_path: Path
) -> None:
    spool = Spool(tmp_path, Vault.at(tmp_path), most=100)
    spool.add(uuid4(), Kind.CAPTURE, b"x" * 72)
    assert spool.state().size == 100
    assert not (await Doctor(camera, link, spool, door).reading()).well


async def test_faults_of_the_door_are_counted(doctor: Doctor, door: CountedDoor) -> None:
    with pytest.raises(DoorError):
        await door.unlock(5)
    assert (await doctor.reading()).door_faults == 1


async def test_a_person_sees_a_page(page: httpx.AsyncClient, camera: Camera) -> None:
    answer = await page.get("/health", headers={"Accept": "text/html"})
    assert "The kiosk is well" in answer.text
    camera._state = CameraState.LOST
    answer = await page.get("/health", headers={"Accept": "text/html"})
    assert "needs a look" in answer.text


async def test_another_name_for_this_machine_reads_nothing(page: httpx.AsyncClient) -> None:
    answer = await page.get("/health", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.content) == (421, b"")


async def test_the_server_hears_of_a_change_at_once_and_otherwise_seldom(
    server: FakeServer, link: Link, doctor: Doctor, camera: Camera, spool: Spool
) -> None:
    client = a_client(server)
    reporter = HealthReporter(client, link, doctor)
    for _ in range(3):
        await reporter.look()
    assert [told["camera"] for told in server.told] == ["showing"]
    camera._state = CameraState.LOST
    await reporter.look()
    assert [told["camera"] for told in server.told] == ["showing", "lost"]
    assert reporter.line == "camera lost, server online, 0 to send"
    server.stop()
    spool.add(uuid4(), Kind.CAPTURE, b"x")
    await reporter.look()
    await asyncio.to_thread(server.start)
    await reporter.look()
    assert [told["waiting"] for told in server.told] == [0, 0, 1]
    await client.close()
    assert wall_time() >= (await doctor.reading()).at.replace(microsecond=0)
