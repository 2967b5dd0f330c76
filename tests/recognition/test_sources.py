"""Frames come from pictures, folders and videos, with their place and time."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from recognition import SourceError, encode_jpeg
from recognition.sources import is_address, open_source, without_password
from tests.recognition.pictures import animated

GREY = np.full((48, 64, 3), 90, np.uint8)


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """Return a video of ten frames at 5 a second, each brighter than the one before."""
    path = tmp_path / "video.mp4"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 5.0, (64, 48))
    for index in range(10):
        writer.write(np.full((48, 64, 3), index * 25, np.uint8))
    writer.release()
    return path


def test_a_picture_is_one_frame_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "picture.dat"
    path.write_bytes(encode_jpeg(GREY))

    with open_source(str(path)) as source:
        frames = list(source.frames())

    assert (source.kind, len(source), source.frames_per_s) == ("image", 1, 0.0)
    assert [(frame.index, frame.time_s, frame.source) for frame in frames] == [(0, 0.0, str(path))]
    assert frames[0].image.shape == (48, 64, 3)


def test_a_folder_gives_its_pictures_in_order_and_lists_the_rest(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    for name in ("b.jpg", "a.jpg", "below/c.jpg", ".hidden.jpg"):
        (tmp_path / name).write_bytes(encode_jpeg(GREY))
    (tmp_path / "text.jpg").write_text("no picture")
    (tmp_path / "moving.webp").write_bytes(animated("WEBP"))

    with open_source(str(tmp_path)) as source:
        names = [str(Path(frame.source).relative_to(tmp_path)) for frame in source.frames()]

    assert source.kind == "folder"
    assert names == ["a.jpg", "b.jpg", "below/c.jpg"]
    assert [Path(one.file).name for one in source.skipped] == ["moving.webp", "text.jpg"]
    assert "animated" in source.skipped[0].reason


def test_a_video_gives_frames_with_their_time(video: Path) -> None:
    with open_source(str(video)) as source:
        assert (source.kind, len(source), source.frames_per_s) == ("video", 10, 5.0)
        frames = list(source.frames())

    assert [frame.index for frame in frames] == list(range(10))
    assert [frame.time_s for frame in frames] == pytest.approx([i / 5 for i in range(10)])
    levels = [frame.image.mean() for frame in frames]
    assert levels == sorted(levels)
    assert frames[0].image.flags.c_contiguous


def test_every_third_frame_keeps_its_own_place_and_time(video: Path) -> None:
    with open_source(str(video)) as source:
        frames = list(source.frames(every=3))

    assert [(frame.index, frame.time_s) for frame in frames] == [
        (0, 0.0),
        (3, pytest.approx(0.6)),
        (6, pytest.approx(1.2)),
        (9, pytest.approx(1.8)),
    ]


def test_a_video_that_is_cut_off_gives_what_was_read_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "film.mkv"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 5.0, (64, 48))
    rng = np.random.default_rng(3)
    for _ in range(40):
        writer.write(rng.integers(0, 256, (48, 64, 3), np.uint8))
    writer.release()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])

    with open_source(str(path)) as source:
        frames = list(source.frames())

    assert 10 < len(frames) < 39
    assert [one.file for one in source.skipped] == [str(path)]
    assert f"ends early: {len(frames)} of 40 frames" in source.skipped[0].reason


def test_a_whole_video_has_nothing_to_say(video: Path) -> None:
    with open_source(str(video)) as source:
        list(source.frames())

    assert (source.skipped, source.lost) == ([], False)


def test_colours_of_a_video_are_red_green_blue(tmp_path: Path) -> None:
    path = tmp_path / "red.mp4"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 5.0, (64, 48))
    for _ in range(3):
        writer.write(np.full((48, 64, 3), (0, 0, 250), np.uint8))
    writer.release()

    with open_source(str(path)) as source:
        red, green, blue = next(source.frames()).image.mean(axis=(0, 1))

    assert red > 200
    assert max(green, blue) < 60


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("text.txt", b"no picture, no video", "no picture and no video"),
        ("empty.jpg", b"", "empty"),
        ("cut.jpg", encode_jpeg(GREY)[:100], "cut|ends in its header"),
        ("moving.webp", animated("WEBP"), "animated"),
    ],
)
def test_a_file_that_gives_nothing_says_why(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(SourceError, match=message), open_source(str(path)) as source:
        list(source.frames())


def test_a_link_that_leads_nowhere_is_listed(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(encode_jpeg(GREY))
    (tmp_path / "b.jpg").symlink_to(tmp_path / "gone.jpg")

    with open_source(str(tmp_path)) as source:
        assert len(list(source.frames())) == 1

    assert [Path(one.file).name for one in source.skipped] == ["b.jpg"]


def test_an_empty_folder_and_a_missing_file_say_so(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no picture"), open_source(str(tmp_path)) as source:
        list(source.frames())
    with pytest.raises(SourceError, match="no file or folder"):
        open_source(str(tmp_path / "missing"))


def test_a_camera_that_is_not_there_says_so() -> None:
    with pytest.raises(SourceError, match="Camera 97 cannot be opened"):
        open_source("97")


@pytest.mark.parametrize(
    "text", ["99999999999999999999", "9" * 5000, "4294967296", "http://[bad", "rtsp://a:b@[/x"]
)
def test_a_camera_or_address_that_cannot_be_is_refused_in_words(text: str) -> None:
    with pytest.raises(SourceError) as refusal:
        open_source(text)

    assert "a:b" not in str(refusal.value)


def test_a_network_camera_gives_frames_until_it_stops(network_camera: str) -> None:
    with open_source(f"http://door:secret@{network_camera}") as source:
        frames = list(source.frames())

    assert (source.kind, len(source), source.lost) == ("stream", 0, True)
    assert len(frames) >= 9
    assert {frame.source for frame in frames} == {f"http://{network_camera}"}
    assert frames[-1].image.mean() > frames[0].image.mean()
    assert all(frame.time_s >= 0 for frame in frames)


@pytest.mark.slow  # FFmpeg takes its time to give up
def test_a_stream_that_is_not_there_says_so() -> None:
    with pytest.raises(SourceError, match="cannot be opened") as raised:
        open_source("rtsp://door:secret@127.0.0.1:9/none")

    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("0", True), ("RTSP://door/1", True), ("https://door", True), ("0.jpg", False), ("a", False)],
)
def test_addresses_are_told_from_paths(text: str, *, expected: bool) -> None:
    assert is_address(text) is expected


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("rtsp://door:s3@cret@10.0.0.7:554/live?x=1", "rtsp://10.0.0.7:554/live?x=1"),
        ("http://10.0.0.7/video", "http://10.0.0.7/video"),
        ("folder/picture@home.jpg", "folder/picture@home.jpg"),
    ],
)
def test_an_address_is_shown_without_its_password(text: str, shown: str) -> None:
    assert without_password(text) == shown
