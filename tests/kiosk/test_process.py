"""Tests the kiosk as a process: its end, its exit status, its log, and the door's video."""

import base64
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.screen.server import claim_port
from kiosk.trust.key_file import KeyFile
from recognition import decode, load_engine
from tests.kiosk.fake_server import KIOSK_SEED, FakeServer, Received, an_identity, problem, refused
from tests.kiosk.waiting import wait_until
from tests.people import draw
from tests.people.scene import SensorNoise
from tests.people.video import VideoFile, write_door_video

pytestmark = pytest.mark.slow

REPOSITORY = Path(__file__).resolve().parents[2]
VISITORS = [1, 2]
STOP_S = 10.0
"""A kiosk told to end takes one second; this much on a machine that is busy with other tests."""


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A video in which two people come to the door, one after the other."""
    path = tmp_path_factory.mktemp("door") / "door.mp4"
    write_door_video(path, VISITORS)
    return path


@pytest.fixture(scope="module")
def short_video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A video in which one person comes to the door."""
    path = tmp_path_factory.mktemp("short") / "door.mp4"
    write_door_video(path, VISITORS[:1])
    return path


@pytest.fixture(scope="module")
def side_by_side(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A video in which two people stand side by side for two seconds."""
    path = tmp_path_factory.mktemp("two") / "two.mp4"
    height, width = 480, 640
    picture = draw(1, size=(height, width), face_px=150, at=(190, 240))
    picture[:, width // 2 :] = draw(2, size=(height, width), face_px=150, at=(450, 240))[
        :, width // 2 :
    ]
    noise = SensorNoise(height, width, deviation=1.6)
    with VideoFile(path, fps=15, size=(height, width)) as film:
        for _ in range(30):
            film.write(noise.over(picture))
    return path


@pytest.fixture(scope="module")
def engine_ready() -> None:
    """Convert the network once, so that no kiosk is measured while it does."""
    load_engine().embed_chips(np.zeros((1, 150, 150, 3), np.uint8))


class Process:
    """A running kiosk and its log."""

    def __init__(self, server: FakeServer, camera: object, *options: str, log: Path) -> None:
        self.log = log
        state = log.with_suffix(".state")
        state.mkdir(mode=0o700)
        KeyFile(state).keep(an_identity())
        call = ["--server", server.address, "--camera", str(camera), "--no-open"]
        call += ["--state", str(state)]
        with log.open("wb") as file:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "kiosk", *call, *options],
                cwd=REPOSITORY,
                stderr=file,
                stdout=subprocess.PIPE,
            )

    def said(self, words: str) -> bool:
        """Whether the log has these words."""
        return words in self.log.read_text()

    def waits_to_say(self, words: str) -> None:
        """Wait until it does."""
        wait_until(lambda: self.said(words), f"{words!r} in the log:\n{self.log.read_text()}")

    def end(self, by: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """Tell it to end; returns the exit status and the seconds it took."""
        began = time.monotonic()
        self._process.send_signal(by)
        return self._process.wait(20), time.monotonic() - began

    def status(self) -> int:
        """Wait for it to end by itself; returns the exit status."""
        return self._process.wait(60)

    def clean_up(self) -> None:
        """End it, whatever it takes, and look at what it left behind."""
        self._process.kill()
        output, _ = self._process.communicate()
        assert output == b"", "standard output is not for the log"
        seed = base64.b64encode(KIOSK_SEED).decode()
        assert seed not in self.log.read_text(), "the key is in the log"


@pytest.fixture
def kiosk(server: FakeServer, tmp_path: Path, engine_ready: None) -> Iterator["Starter"]:
    """Starts kiosks."""
    starter = Starter(server, tmp_path)
    yield starter
    starter.clean_up()


class Starter:
    """Starts kiosks, and ends them after the test."""

    def __init__(self, server: FakeServer, folder: Path) -> None:
        self._server = server
        self._folder = folder
        self._started: list[Process] = []

    def __call__(self, camera: object, *options: str) -> Process:
        """Start one."""
        log = self._folder / f"kiosk-{len(self._started)}.log"
        process = Process(self._server, camera, *options, log=log)
        self._started.append(process)
        return process

    def clean_up(self) -> None:
        """End all."""
        for process in self._started:
            process.clean_up()


@contextmanager
def taken_port() -> Iterator[int]:
    """A port that somebody has."""
    claimed = claim_port(0)
    yield claimed.getsockname()[1]
    claimed.close()


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def vectors_of(received: Received) -> NDArray[np.float32]:
    """The vectors of a capture's frames; each must hold one face and no other."""
    engine, vectors = load_engine(), []
    for frame in received.frames:
        picture = decode(frame)
        (face,) = engine.find(picture, min_face=80, thorough=True)
        vectors.append(engine.embed(picture, [face])[0])
    return np.array(vectors, np.float32)


def test_each_person_in_the_video_is_asked_about_once_and_then_it_ends(
    kiosk: Starter, server: FakeServer, video: Path
) -> None:
    server.script.append(refused())
    process = kiosk(video, "--headless", "--exit-at-end")
    assert process.status() == 0
    assert len(server.captures()) == len(VISITORS)
    assert process.log.read_text().count("The door is unlocked") == len(VISITORS) - 1
    for request in server.received:
        assert request.capture in process.log.read_text()
        assert np.linalg.norm(np.ptp(vectors_of(request), axis=0)) < 1.0


def test_of_two_people_side_by_side_each_is_asked_about_without_the_other(
    kiosk: Starter, server: FakeServer, side_by_side: Path
) -> None:
    assert kiosk(side_by_side, "--headless", "--exit-at-end").status() == 0
    one, other = (vectors_of(request).mean(axis=0) for request in server.received)
    assert np.linalg.norm(one - other) > 0.3


def test_after_the_video_it_stays_until_it_is_told_to_end(
    kiosk: Starter, server: FakeServer, short_video: Path
) -> None:
    process = kiosk(short_video, "--headless")
    process.waits_to_say("its last frame stays")
    before = server.heartbeats
    wait_until(lambda: server.heartbeats > before, "another heartbeat")
    status, seconds = process.end()
    assert (status, seconds < STOP_S) == (0, True)


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_quickly_with_screen_camera_and_server_at_work(
    kiosk: Starter, video: Path, by: signal.Signals
) -> None:
    port = free_port()
    process = kiosk(video, "--loop", "--port", str(port))
    process.waits_to_say("gives frames")
    process.waits_to_say("In touch")
    with httpx.stream("GET", f"http://127.0.0.1:{port}/events", trust_env=False) as events:
        next(events.iter_lines())
        status, seconds = process.end(by)
    assert (status, seconds < STOP_S) == (0, True)


def test_it_ends_quickly_without_a_camera_and_without_a_server(
    kiosk: Starter, server: FakeServer
) -> None:
    server.stop()
    process = kiosk("97", "--headless")
    process.waits_to_say("does not open")
    process.waits_to_say("does not answer")
    status, seconds = process.end()
    assert (status, seconds < STOP_S) == (0, True)


def test_its_screen_answers_while_it_works(kiosk: Starter, video: Path) -> None:
    port = free_port()
    process = kiosk(video, "--loop", "--port", str(port), "--language", "zh")
    process.waits_to_say("gives frames")
    address = f"http://127.0.0.1:{port}"
    assert 'lang="zh"' in httpx.get(address, trust_env=False).text
    picture = httpx.get(f"{address}/preview.jpg", trust_env=False)
    assert decode(picture.content).shape == (480, 640, 3)


def test_a_port_that_is_taken_is_said_and_ends_it_with_one(kiosk: Starter, video: Path) -> None:
    with taken_port() as port:
        process = kiosk(video, "--port", str(port))
        assert process.status() == 1
    assert process.said(f"port {port} cannot be had")
    assert not process.said("Traceback")


def test_a_wrong_call_ends_it_with_two(kiosk: Starter) -> None:
    process = kiosk("no-such-video.mp4")
    assert process.status() == 2
    assert process.said("there is no video file 'no-such-video.mp4'")


def test_a_server_that_was_gone_gets_each_capture_once(
    kiosk: Starter, server: FakeServer, video: Path
) -> None:
    server.stop()
    process = kiosk(video, "--headless", "--exit-at-end")
    process.waits_to_say("Again in")
    server.start()
    assert process.status() == 0
    assert len(server.captures()) == len(VISITORS)
    assert len(server.received) == len(VISITORS)


def test_a_revoked_key_is_said_and_nothing_is_sent(
    kiosk: Starter, server: FakeServer, short_video: Path
) -> None:
    server.heartbeat = problem(401, "revoked")
    process = kiosk(short_video, "--headless", "--exit-at-end")
    assert process.status() == 0
    assert process.said("revoked")
    assert server.captures() == []


def test_a_small_face_is_not_sent_where_the_policy_wants_larger_ones(
    kiosk: Starter, server: FakeServer, short_video: Path
) -> None:
    server.policy = {"min_face_px": 400, "max_frames": 5}
    assert kiosk(short_video, "--headless", "--exit-at-end").status() == 0
    assert server.captures() == []


def test_no_more_frames_are_sent_than_the_policy_allows(
    kiosk: Starter, server: FakeServer, short_video: Path
) -> None:
    server.policy = {"min_face_px": 100, "max_frames": 2}
    assert kiosk(short_video, "--headless", "--exit-at-end").status() == 0
    assert server.received
    assert all(len(request.frames) <= 2 for request in server.received)
