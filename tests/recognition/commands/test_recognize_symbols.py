"""`recognize --digits` and `--letters`: pictures are read, videos are spelt."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from recognition import Box, Image, decode, encode_jpeg
from recognition.commands.recognize import symbols
from recognition.outputs import write_picture
from recognition.reading.values import Reading
from recognition.sources import PictureSource, open_source
from recognition.values import Frame
from tests.recognition.commands.running import run
from tests.recognition.sign_letters.shapes import hand

RATE = 10


class BrightnessReader:
    """Reads a frame's brightness as a digit, and darkness as nothing."""

    symbols = tuple("0123456789")

    def read(self, image: Image, *, guide: Box | None = None) -> tuple[Reading, ...]:
        """Tens of brightness."""
        light = int(image.mean() / 25)
        return (Reading(str(light), 0.9, guide),) if light else ()


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read brightness in place of signs: what is tested here comes after the reader."""
    monkeypatch.setattr(symbols, "load_reader", lambda name, threads: BrightnessReader())


def write_video(path: Path, digits: Sequence[tuple[int, float]]) -> Path:
    """Show digits for seconds each."""
    code = cv2.VideoWriter.fourcc(*"mp4v")
    writer = cv2.VideoWriter(str(path), code, RATE, (160, 120))
    for digit, seconds in digits:
        for _ in range(round(seconds * RATE)):
            writer.write(np.full((120, 160, 3), digit * 25 + 12, np.uint8))
    writer.release()
    return path


@pytest.mark.usefixtures("reader")
def test_a_video_is_spelt(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    shown = [(4, 1.2), (0, 0.6), (4, 1.2), (7, 1.4), (2, 0.4), (0, 0.5)]
    video, out = write_video(tmp_path / "pin.mp4", shown), tmp_path / "drawn.mp4"

    done = run(capsys, "recognize", video, "--digits", "sign", "--out", out, "--json")

    assert done.status == 0
    assert done.json["text"] == "447"
    assert [one["symbol"] for one in done.json["counted"]] == ["4", "4", "7"]
    times = [one["time_s"] for one in done.json["counted"]]
    assert times == sorted(times)
    assert done.json["hold"] == {"hold_s": 0.8, "agreement": 0.8, "gap_s": 0.3}
    frames = done.json["frames"]
    assert frames[0]["guide"] == {"left": 38, "top": 18, "right": 122, "bottom": 102}
    assert frames[-1]["text"] == "447"
    with open_source(str(out)) as drawn:
        assert len(list(drawn.frames())) == len(frames)


@pytest.mark.usefixtures("reader")
def test_how_long_a_symbol_is_held_can_be_chosen(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    video = write_video(tmp_path / "pin.mp4", [(4, 1.2), (0, 0.6), (7, 0.6)])

    quick = run(capsys, "recognize", video, "--digits", "sign", "--hold", 0.4, "--json")
    slow = run(capsys, "recognize", video, "--digits", "sign", "--hold", 2, "--json")

    assert (quick.json["text"], slow.json["text"]) == ("47", "")


@pytest.mark.usefixtures("reader")
def test_a_person_sees_the_text_grow(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    video = write_video(tmp_path / "pin.mp4", [(4, 1.2), (7, 1.4)])

    done = run(capsys, "recognize", video, "--digits", "written")

    assert "Spelt" in done.out
    assert "47" in done.out
    assert "0.8 s" in done.err


@pytest.mark.usefixtures("reader")
def test_pictures_are_read_each_for_itself_and_whole(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name, digit in (("a", 3), ("b", 8), ("c", 0)):
        write_picture(
            tmp_path / "in" / f"{name}.png", np.full((40, 60, 3), digit * 25 + 5, np.uint8)
        )
    (tmp_path / "in" / "text.jpg").write_text("no picture")

    done = run(capsys, "recognize", tmp_path / "in", "--digits", "sign", "--json")
    table = run(capsys, "recognize", tmp_path / "in", "--digits", "sign")

    frames = done.json["frames"]
    assert [[one["symbol"] for one in frame["readings"]] for frame in frames] == [["3"], ["8"], []]
    assert {frame["guide"] for frame in frames} == {None}
    assert (done.json["text"], done.json["counted"]) == (None, [])
    assert [Path(one["file"]).name for one in done.json["skipped"]] == ["text.jpg"]
    assert all(word in table.out for word in ("a.png", "0.90", "none"))


@pytest.mark.usefixtures("reader")
def test_a_stop_by_hand_keeps_what_was_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_picture(tmp_path / "a.png", np.full((40, 60, 3), 100, np.uint8))
    whole = PictureSource.frames

    def stopped(self: PictureSource, *, every: int = 1) -> Iterator[Frame]:
        yield next(iter(whole(self, every=every)))
        raise KeyboardInterrupt

    monkeypatch.setattr(PictureSource, "frames", stopped)

    done = run(capsys, "recognize", tmp_path, "--digits", "sign", "--json")

    assert (done.status, done.json["stopped"], len(done.json["frames"])) == (130, True, 1)


def test_a_hand_is_read_with_the_committed_weights_and_drawn(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    write_picture(tmp_path / "hand.png", hand(2, height=480, width=640))
    out = tmp_path / "drawn.png"

    done = run(
        capsys,
        *("recognize", tmp_path / "hand.png", "--letters", "--guide", "box"),
        *("--out", out, "--json"),
    )

    assert done.status == 0
    assert done.json["reader"] == "letters"
    assert decode(out.read_bytes()).shape == (480, 640, 3)
    edge = decode(out.read_bytes())[int(done.json["frames"][0]["guide"]["top"]), 300]
    assert tuple(edge.tolist()) in {(250, 204, 21), (22, 130, 64), (176, 72, 16)}


@pytest.mark.parametrize("shape", [(1, 1), (8000, 30), (30, 8000)])
def test_extreme_pictures_are_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, shape: tuple[int, int]
) -> None:
    (tmp_path / "a.jpg").write_bytes(encode_jpeg(np.full((*shape, 3), 120, np.uint8)))

    done = run(
        capsys, "recognize", tmp_path / "a.jpg", "--letters", "--out", tmp_path / "b.png", "--json"
    )

    assert done.status == 0
    assert done.json["frames"][0]["readings"] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["{picture}"],
        ["{picture}", "--letters", "--digits", "sign"],
        ["{picture}", "--digits", "roman"],
        ["{picture}", "--letters", "--hold", "0"],
        ["{picture}", "--letters", "--gap", "nan"],
        ["{picture}", "--letters", "--agreement", "1.5"],
        ["{picture}", "--letters", "--guide", "left"],
        ["{picture}", "--letters", "--out", "{picture}"],
        ["missing.jpg", "--letters"],
        ["", "--letters"],
    ],
)
def test_a_wrong_call_ends_with_2(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: list[str]
) -> None:
    write_picture(tmp_path / "a.png", hand(1))

    done = run(capsys, "recognize", *(one.format(picture=tmp_path / "a.png") for one in arguments))

    assert (done.status, done.out) == (2, "")
    assert "usage:" in done.err


def test_a_picture_that_cannot_be_read_ends_with_1(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "a.jpg").write_text("no picture")
    (tmp_path / "empty").mkdir()

    for source in ("a.jpg", "empty"):
        done = run(capsys, "recognize", tmp_path / source, "--letters", "--json")
        assert (done.status, done.json["error"]["code"]) == (1, "SourceError")


def test_missing_weights_end_with_1_and_say_what_to_do(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from recognition.networks import network

    write_picture(tmp_path / "a.png", hand(1))
    network._committed.cache_clear()
    monkeypatch.setattr(network, "WEIGHTS", tmp_path / "weights")

    done = run(capsys, "recognize", tmp_path / "a.png", "--letters", "--json")

    assert (done.status, done.json["error"]["code"]) == (1, "WeightFileError")
    assert "sign-letters.onnx is missing" in done.err


@pytest.mark.parametrize("mode", ["--letters", "--keypoints"])
def test_a_name_stands_in_one_line_and_commands_no_terminal(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, mode: str, portrait: Image
) -> None:
    folder = tmp_path / "pictures"
    write_picture(folder / "a\n\x1b[31m.png", portrait)

    done = run(capsys, "recognize", folder, mode)

    assert done.status == 0
    assert "\x1b" not in done.out
    assert r"a\n" in done.out
