"""`recognize` names the people of a gallery in pictures, folders and videos."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from recognition import Frame, decode, encode_jpeg
from recognition.commands import recognize
from recognition.sources import PictureSource, open_source
from tests.people import draw, write_door_video
from tests.recognition.commands.running import run
from tests.recognition.conftest import FIRST, SECOND, STRANGER

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a picture of two known people and a stranger, side by side."""
    people = [draw(identity, 5, size=(480, 400)) for identity in (FIRST, SECOND, STRANGER)]
    path = tmp_path_factory.mktemp("pictures") / "three.jpg"
    path.write_bytes(encode_jpeg(np.ascontiguousarray(np.concatenate(people, axis=1))))
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a known person, an empty room, and a file that is no picture."""
    path = tmp_path_factory.mktemp("folder")
    (path / "below").mkdir()
    (path / "known.jpg").write_bytes(encode_jpeg(draw(SECOND, 6)))
    (path / "below" / "empty.png").write_bytes(encode_jpeg(np.full((200, 200, 3), 60, np.uint8)))
    (path / "notes.txt").write_text("no picture")
    return path


def test_the_faces_of_a_picture_are_named(
    capsys: pytest.CaptureFixture[str], gallery_folder: Path, picture: Path
) -> None:
    done = run(capsys, "recognize", picture, "--gallery", gallery_folder, "--json")

    assert done.status == 0
    faces = sorted(done.json["frames"][0]["faces"], key=lambda face: face["box"]["left"])
    assert [face["name"] for face in faces] == ["Ada", "王小明", None]
    assert [face["accepted"] for face in faces] == [True, True, False]
    assert [face["reason"] for face in faces] == ["matched", "matched", "not_recognised"]
    assert faces[2]["nearest"] in {"Ada", "王小明"}
    assert "notes.jpg" in done.err


def test_a_person_reads_a_table(
    capsys: pytest.CaptureFixture[str], gallery_folder: Path, picture: Path
) -> None:
    done = run(capsys, "recognize", picture, "--gallery", gallery_folder)

    assert done.status == 0
    assert all(word in done.out for word in ("Ada", "王小明", "unknown", "three.jpg"))


def test_names_are_drawn_on_a_copy_of_the_picture(
    capsys: pytest.CaptureFixture[str], gallery_folder: Path, picture: Path, tmp_path: Path
) -> None:
    out = tmp_path / "drawn.png"

    done = run(capsys, "recognize", picture, "--gallery", gallery_folder, "--out", out)

    assert done.status == 0
    drawn, plain = decode(out.read_bytes()), decode(picture.read_bytes())
    assert drawn.shape == plain.shape
    assert (np.abs(drawn.astype(int) - plain) > 60).any(axis=2).mean() > 0.005


def test_a_folder_is_recognised_picture_by_picture(
    capsys: pytest.CaptureFixture[str], gallery_folder: Path, folder: Path, tmp_path: Path
) -> None:
    done = run(
        capsys, "recognize", folder, "--gallery", gallery_folder, "--out", tmp_path / "o", "--json"
    )

    found = {
        Path(frame["file"]).name: [face["name"] for face in frame["faces"]]
        for frame in done.json["frames"]
    }
    assert done.status == 0
    assert found == {"empty.png": [], "known.jpg": ["王小明"]}
    assert [Path(one["file"]).name for one in done.json["skipped"]] == ["notes.txt"]
    assert (tmp_path / "o" / "below" / "empty.png").is_file()


def test_a_folder_makes_a_table_that_names_empty_pictures(
    capsys: pytest.CaptureFixture[str], gallery_folder: Path, folder: Path
) -> None:
    done = run(capsys, "recognize", folder, "--gallery", gallery_folder)

    assert "no_face" in done.out
    assert "notes.txt" in done.err


@pytest.mark.slow
def test_a_video_has_a_line_for_each_person(
    capsys: pytest.CaptureFixture[str], gallery_folder: Path, tmp_path: Path
) -> None:
    video, out = tmp_path / "door.mp4", tmp_path / "drawn.mp4"
    write_door_video(video, [FIRST, STRANGER])

    done = run(
        capsys,
        *("recognize", video, "--gallery", gallery_folder, "--out", out),
        *("--every", 5, "--json"),
    )

    assert done.status == 0
    assert [person["name"] for person in done.json["people"]] == ["Ada"]
    ada = done.json["people"][0]
    assert ada["frames"] > 1
    assert 0 <= ada["first_s"] < ada["last_s"]
    assert done.json["unknown_faces"] > 0
    assert [frame["index"] for frame in done.json["frames"]][:3] == [0, 5, 10]
    with open_source(str(out)) as drawn:
        assert len(list(drawn.frames())) == len(done.json["frames"])

    table = run(capsys, "recognize", video, "--gallery", gallery_folder, "--every", 15)
    assert all(word in table.out for word in ("People", "Ada", "0:0", "unknown"))


@pytest.mark.slow
def test_a_followed_face_is_named_in_the_frames_in_which_a_whole_search_names_it(
    capsys: pytest.CaptureFixture[str], gallery_folder: Path, tmp_path: Path
) -> None:
    video = tmp_path / "door.mp4"
    write_door_video(video, [FIRST])
    command = ("recognize", video, "--gallery", gallery_folder, "--json")

    followed, whole = (
        [[face["name"] for face in frame["faces"]] for frame in run(capsys, *way).json["frames"]]
        for way in (command, (*command, "--whole-every", 0))
    )

    assert [len(names) for names in followed] == [len(names) for names in whole]
    named = [names.count("Ada") for names in whole]
    assert sum(named) > 20
    assert sum(names.count("Ada") for names in followed) >= 0.95 * sum(named)


def test_a_gallery_of_one_person_has_no_second(
    capsys: pytest.CaptureFixture[str], picture: Path, tmp_path: Path
) -> None:
    (tmp_path / "Ada.jpg").write_bytes(encode_jpeg(draw(FIRST)))

    done = run(capsys, "recognize", picture, "--gallery", tmp_path, "--json")

    faces = done.json["frames"][0]["faces"]
    assert {face["nearest"] for face in faces} == {"Ada"}
    assert {(face["second"], face["second_distance"]) for face in faces} == {(None, None)}


def test_a_stricter_threshold_names_nobody(
    capsys: pytest.CaptureFixture[str], gallery_folder: Path, picture: Path
) -> None:
    done = run(
        capsys, "recognize", picture, "--gallery", gallery_folder, "--threshold", 0.01, "--json"
    )

    assert done.json["people"] == []
    assert done.json["unknown_faces"] == 3
    assert done.json["rule"] == {"threshold": 0.01, "margin": 0.08}


@pytest.mark.parametrize(
    "arguments",
    [
        ["missing.jpg"],
        ["{picture}", "--out", "{picture}"],
        ["{picture}", "--out", "drawn.mp4"],
        ["{picture}", "--every", "0"],
        ["{picture}", "--whole-every", "-1"],
        ["{picture}", "--whole-every", "nan"],
        ["{picture}", "--threshold", "0"],
        ["{picture}", "--threshold", "nan"],
        ["{picture}", "--min-face", "some"],
        [],
    ],
)
def test_a_wrong_call_ends_with_2(
    capsys: pytest.CaptureFixture[str], gallery_folder: Path, picture: Path, arguments: list[str]
) -> None:
    given = [argument.format(picture=picture) for argument in arguments]

    done = run(capsys, "recognize", *given, "--gallery", gallery_folder, "--json")

    assert (done.status, done.out) == (2, "")
    assert "usage:" in done.err


def test_a_missing_gallery_is_a_wrong_call(
    capsys: pytest.CaptureFixture[str], picture: Path, tmp_path: Path
) -> None:
    assert run(capsys, "recognize", picture).status == 2
    assert run(capsys, "recognize", picture, "--gallery", tmp_path / "missing").status == 2


def test_work_that_fails_ends_with_1_and_says_why(
    capsys: pytest.CaptureFixture[str], gallery_folder: Path, tmp_path: Path
) -> None:
    text = tmp_path / "text.jpg"
    text.write_text("no picture")

    done = run(capsys, "recognize", text, "--gallery", gallery_folder, "--json")

    assert done.status == 1
    assert done.json["error"]["code"] == "SourceError"
    assert done.json["error"]["message"] in done.err

    empty = tmp_path / "empty"
    empty.mkdir()
    done = run(capsys, "recognize", gallery_folder, "--gallery", empty, "--json")
    assert (done.status, done.json["error"]["code"]) == (1, "GalleryError")


def test_a_stop_by_hand_keeps_what_was_done(
    capsys: pytest.CaptureFixture[str],
    gallery_folder: Path,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = PictureSource.frames

    def stopped(self: PictureSource, *, every: int = 1) -> Iterator[Frame]:
        yield next(iter(whole(self, every=every)))
        raise KeyboardInterrupt

    monkeypatch.setattr(PictureSource, "frames", stopped)

    done = run(capsys, "recognize", folder, "--gallery", gallery_folder, "--json")

    assert done.status == recognize.INTERRUPTED
    assert done.json["stopped"] is True
    assert len(done.json["frames"]) == 1


def test_a_camera_that_goes_away_ends_with_1_after_what_was_seen(
    capsys: pytest.CaptureFixture[str], gallery_folder: Path, network_camera: str
) -> None:
    done = run(
        capsys, "recognize", f"http://{network_camera}", "--gallery", gallery_folder, "--json"
    )

    assert done.status == 1
    assert len(done.json["frames"]) >= 9
    assert "no more frames" in done.err


@pytest.mark.slow
def test_ctrl_c_ends_a_long_video_with_an_output_that_opens(
    gallery_folder: Path, tmp_path: Path
) -> None:
    video, out = tmp_path / "door.mp4", tmp_path / "drawn.mp4"
    write_door_video(video, [FIRST, SECOND, STRANGER] * 5)
    command = ["recognize", str(video), "--gallery", str(gallery_folder), "--out", str(out)]
    process = subprocess.Popen(
        [sys.executable, "-m", "recognition", *command, "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # Whatever runs in a shell's background ignores Ctrl-C, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - one thread
    )
    while process.poll() is None and not (out.exists() and out.stat().st_size):
        time.sleep(0.02)

    process.send_signal(signal.SIGINT)
    printed, complaints = process.communicate()

    assert process.returncode == recognize.INTERRUPTED
    assert b"Traceback" not in complaints
    assert b'"stopped": true' in printed
    with open_source(str(out)) as drawn:
        assert next(drawn.frames()).image.any()
