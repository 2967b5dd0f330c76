"""Tests the camera's thread with cameras that fail and come back."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from kiosk.backoff import Backoff
from kiosk.camera import FROZEN_S, Camera, CameraState, Pace
from kiosk.camera_source import CameraSource, Footage
from kiosk.clock import running_s
from kiosk.errors import CameraLostError
from kiosk.frames import NewestFrame
from tests.kiosk.cameras import SOURCE, FakeFootage, FakeOpener
from tests.kiosk.waiting import wait_until

PICTURES = [np.full((4, 6, 3), shade, np.uint8) for shade in (10, 20, 30)]


@contextmanager
def running(opener: FakeOpener, *, loop: bool = False) -> Iterator[tuple[Camera, NewestFrame]]:
    """A started camera that tries again almost at once."""
    slot = NewestFrame()
    camera = Camera(SOURCE, slot, loop=loop, opener=opener, backoff=Backoff(0.01, 0.02))
    camera.start()
    try:
        yield camera, slot
    finally:
        camera.stop()
        assert not camera.running()


def state(camera: Camera) -> CameraState:
    """The camera's state now."""
    return camera.state(running_s())


def test_it_shows_what_the_camera_gives() -> None:
    with running(FakeOpener(FakeFootage(PICTURES, endless=True))) as (camera, slot):
        wait_until(lambda: state(camera) is CameraState.SHOWING, "a camera that shows")
        frame = slot.newest()
        assert frame is not None
        assert frame.image.shape == (4, 6, 3)


def test_a_camera_that_is_not_there_is_found_when_it_comes() -> None:
    opener = FakeOpener(None, None, None, FakeFootage(PICTURES, endless=True))
    with running(opener) as (camera, _):
        wait_until(lambda: state(camera) is CameraState.SHOWING, "the camera to be found")
        assert opener.opened == 4


def test_a_camera_that_is_lost_is_found_again() -> None:
    first = FakeFootage(PICTURES, endless=True)
    second = FakeFootage(PICTURES, endless=True)
    with running(FakeOpener(first, None, second)) as (camera, slot):
        wait_until(lambda: state(camera) is CameraState.SHOWING, "the camera")
        first.cut.set()
        before = slot.newest()
        assert before is not None
        wait_until(lambda: first.closed, "the lost camera to be given back")
        wait_until(lambda: slot.newer_than(before.number + 5), "frames from the second")
        assert state(camera) is CameraState.SHOWING


def test_while_it_is_lost_it_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
    opener = FakeOpener()
    with caplog.at_level(logging.INFO), running(opener) as (camera, _):
        wait_until(lambda: opener.opened >= 5, "five tries")
        assert state(camera) is CameraState.LOST
    assert len([record for record in caplog.records if "does not open" in record.message]) == 1


def test_a_camera_that_hangs_is_lost_too() -> None:
    with running(FakeOpener(FakeFootage(PICTURES, endless=True))) as (camera, slot):
        wait_until(lambda: state(camera) is CameraState.SHOWING, "the camera")
        frame = slot.newest()
        assert frame is not None
        assert camera.state(frame.taken_s + 10 * FROZEN_S) is CameraState.LOST


def test_a_video_holds_its_last_frame_at_its_end() -> None:
    with running(FakeOpener(FakeFootage(PICTURES, rate=200))) as (camera, slot):
        wait_until(lambda: state(camera) is CameraState.ENDED, "the end")
        frame = slot.newest()
        assert frame is not None
        assert camera.state(running_s() + 10 * FROZEN_S) is CameraState.ENDED


def test_a_video_is_played_again_where_that_was_asked_for() -> None:
    films = [FakeFootage(PICTURES, rate=200) for _ in range(4)]
    with running(FakeOpener(*films), loop=True):
        wait_until(lambda: films[3].closed, "the film to be played four times")


def test_an_empty_video_is_not_played_in_a_mad_loop() -> None:
    opener = FakeOpener(FakeFootage([], rate=25), FakeFootage(PICTURES, rate=200))
    with running(opener) as (camera, _):
        wait_until(lambda: state(camera) is CameraState.ENDED, "the end of the second")
        assert opener.opened == 2


def test_a_thread_that_died_is_not_kept_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    def opener(source: CameraSource) -> Footage:
        raise RuntimeError("nobody thought of this")

    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    camera = Camera(SOURCE, NewestFrame(), opener=opener)
    camera.start()
    camera.stop()
    with pytest.raises(CameraLostError, match="by itself"):
        camera.require_thread()


def test_frames_of_a_video_are_due_at_its_own_rate() -> None:
    pace = Pace(10.0, 100.0)
    waits = []
    for _ in range(4):
        waits.append(pace.wait_s(100.0))
        pace.passed()
    assert waits == pytest.approx([0.0, 0.1, 0.2, 0.3])


def test_a_video_that_cannot_keep_up_passes_frames_over() -> None:
    pace = Pace(10.0, 100.0)
    assert not pace.late(100.05)
    assert pace.late(100.15)
    pace.passed()
    assert not pace.late(100.15)


def test_after_a_long_gap_a_video_goes_on_where_it_was() -> None:
    pace = Pace(10.0, 100.0)
    assert not pace.late(500.0)
    assert pace.wait_s(500.0) == 0.0


def test_a_live_camera_sets_the_pace_itself() -> None:
    pace = Pace(None, 100.0)
    assert not pace.late(1000.0)
    assert pace.wait_s(100.0) == 0.0
