"""Tests the reading of --camera, and opening what it names."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.camera_source import (
    FALLBACK_RATE,
    CameraSource,
    SourceKind,
    open_source,
    parse_source,
    playing_rate,
    quiet_opencv,
)
from kiosk.errors import CallError, CameraLostError


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """A video of five frames at ten a second, red first and blue last."""
    path = tmp_path / "five.mp4"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 10, (64, 48))
    for number in range(5):
        frame = np.zeros((48, 64, 3), np.uint8)
        frame[:, :, 2 if number < 4 else 0] = 200
        writer.write(frame)
    writer.release()
    return path


@pytest.mark.parametrize("text", ["0", "12", "/dev/video0", " 3 "])
def test_a_number_or_a_device_is_a_camera(text: str) -> None:
    assert parse_source(text) == CameraSource(SourceKind.DEVICE, text.strip())


@pytest.mark.parametrize("text", ["rtsp://10.0.0.7/live", "http://cam/video.mjpg", "RTSP://x/1"])
def test_an_address_is_a_stream(text: str) -> None:
    assert parse_source(text).kind is SourceKind.STREAM


def test_a_file_is_a_file(video: Path) -> None:
    assert parse_source(str(video)) == CameraSource(SourceKind.FILE, str(video))


@pytest.mark.parametrize("text", ["", "  ", "no-such-video.mp4", "ftp://cam/1", "gopher://x"])
def test_it_refuses_what_it_cannot_read_with_a_sentence(text: str) -> None:
    with pytest.raises(CallError, match="--camera"):
        parse_source(text)


def test_a_folder_is_no_video(tmp_path: Path) -> None:
    with pytest.raises(CallError):
        parse_source(str(tmp_path))


def test_the_password_in_an_address_is_never_shown() -> None:
    shown = str(parse_source("rtsp://admin:hunter2@10.0.0.7:554/live?key=s3cret"))
    assert "hunter2" not in shown
    assert "s3cret" not in shown
    assert "10.0.0.7:554/live" in shown


def test_it_reads_a_video_as_rgb_to_its_end(video: Path) -> None:
    footage = open_source(parse_source(str(video)))
    assert footage.rate == pytest.approx(10)
    first = footage.read()
    assert first is not None
    assert first.shape == (48, 64, 3)
    assert first.dtype == np.uint8
    assert first[20, 30, 0] > 150 > first[20, 30, 2]
    assert footage.skip()
    rest = []
    while (image := footage.read()) is not None:
        rest.append(image)
    assert len(rest) == 3
    assert not footage.skip()
    footage.close()


def test_a_camera_that_is_not_there_is_lost() -> None:
    quiet_opencv()
    with pytest.raises(CameraLostError, match="does not open"):
        open_source(CameraSource(SourceKind.DEVICE, "97"))


def test_a_file_that_is_no_video_is_lost(tmp_path: Path) -> None:
    quiet_opencv()
    path = tmp_path / "text.mp4"
    path.write_text("not a video")
    with pytest.raises(CameraLostError):
        open_source(CameraSource(SourceKind.FILE, str(path)))


@pytest.mark.parametrize(
    ("kind", "frames", "rate", "expected"),
    [
        (SourceKind.FILE, 100, 29.97, 29.97),
        (SourceKind.FILE, 0, 15, 15),
        (SourceKind.FILE, 100, 0, FALLBACK_RATE),
        (SourceKind.FILE, 100, float("nan"), FALLBACK_RATE),
        (SourceKind.FILE, 100, 90_000, FALLBACK_RATE),
        (SourceKind.STREAM, 100, 25, 25),
        (SourceKind.STREAM, 0, 25, None),
        (SourceKind.STREAM, -1, 25, None),
        (SourceKind.DEVICE, 0, 30, None),
    ],
)
def test_recordings_are_played_at_their_rate_and_cameras_as_they_come(
    kind: SourceKind, frames: float, rate: float, expected: float | None
) -> None:
    assert playing_rate(kind, frames=frames, rate=rate) == expected
