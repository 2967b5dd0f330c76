"""Drawn pictures are written where they were asked for."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from recognition import Frame, OutputError, decode
from recognition.outputs import check_output, open_output
from recognition.sources import Kind, open_source

RED = np.full((48, 64, 3), (200, 30, 40), np.uint8)


def frame(source: str = "a", index: int = 0) -> Frame:
    """A frame of this source."""
    return Frame(RED, index, index / 5, source)


@pytest.mark.parametrize("ending", [".jpg", ".JPEG", ".png", ".webp"])
def test_a_picture_is_written_in_the_format_of_its_ending(tmp_path: Path, ending: str) -> None:
    path = tmp_path / "new folder" / f"out{ending}"

    open_output(path, "image", "a", frames_per_s=0).write(frame(), RED)

    assert np.abs(decode(path.read_bytes()).mean(axis=(0, 1)) - RED[0, 0]).max() < 6


def test_a_folder_keeps_the_names_of_its_pictures(tmp_path: Path) -> None:
    output = open_output(tmp_path / "out", "folder", str(tmp_path / "in"), frames_per_s=0)

    for name in ("a.png", "below/b.jpg", "c.dat"):
        output.write(frame(str(tmp_path / "in" / name)), RED)
    output.close()

    written = sorted(str(p.relative_to(tmp_path / "out")) for p in tmp_path.rglob("out/**/*.*"))
    assert written == ["a.png", "below/b.jpg", "c.dat.jpg"]


@pytest.mark.parametrize("ending", [".mp4", ".mkv", ".mov", ".avi"])
def test_a_video_keeps_its_rate_and_size(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out{ending}"
    output = open_output(path, "video", "in.mp4", frames_per_s=5.0)

    for index in range(4):
        drawn = RED if index % 2 else np.ascontiguousarray(RED[:40, :50])
        output.write(frame(index=index), RED if index == 0 else drawn)
    output.close()

    with open_source(str(path)) as source:
        frames = list(source.frames())
        assert source.frames_per_s == pytest.approx(5.0)
    assert [one.image.shape for one in frames] == [(48, 64, 3)] * 4
    assert np.abs(frames[3].image.mean(axis=(0, 1)) - RED[0, 0]).max() < 15


def test_a_video_without_frames_leaves_no_file(tmp_path: Path) -> None:
    open_output(tmp_path / "out.mp4", "video", "in.mp4", frames_per_s=5.0).close()

    assert not (tmp_path / "out.mp4").exists()


@pytest.mark.parametrize(
    ("name", "kind", "fault"),
    [
        ("out.jpg", "image", None),
        ("out.mp4", "image", "must end in"),
        ("out.mp4", "video", None),
        ("out.jpg", "camera", "must end in"),
        ("folder.mp4", "stream", "is a folder"),
        ("file", "folder", "must be a folder"),
        ("new", "folder", None),
    ],
)
def test_an_output_that_cannot_hold_the_source_is_named(
    tmp_path: Path, name: str, kind: Kind, fault: str | None
) -> None:
    (tmp_path / "folder.mp4").mkdir()
    (tmp_path / "file").touch()

    answer = check_output(tmp_path / name, kind)

    assert answer is None if fault is None else fault in str(answer)


@pytest.mark.parametrize(("name", "kind"), [("out.png", "image"), ("out.mp4", "video")])
def test_a_place_that_cannot_be_written_is_an_output_error(
    tmp_path: Path, name: str, kind: Kind
) -> None:
    (tmp_path / "taken").touch()
    output = open_output(tmp_path / "taken" / name, kind, "in", frames_per_s=5.0)

    with pytest.raises(OutputError, match="taken"):
        output.write(frame(), RED)


def test_a_video_in_a_container_that_opencv_refuses_is_an_output_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cv2.VideoWriter, "isOpened", lambda _: False, raising=False)
    output = open_output(tmp_path / "out.mp4", "video", "in", frames_per_s=5.0)

    with pytest.raises(OutputError, match="cannot be written"):
        output.write(frame(), RED)
