"""Files are read no further than a picture goes, and folders are gone through to an end."""

import os
from pathlib import Path

import pytest

from recognition import DecodeError, DecodeLimits
from recognition.commands.json_output import print_json
from recognition.commands.tables import printable, skipped_lines
from recognition.evaluation.dataset import read_dataset
from recognition.picture_files import Skipped, list_files, read_picture


def names(folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) for path in list_files(folder)]


def test_a_file_of_any_size_is_read_no_further_than_a_picture_goes(tmp_path: Path) -> None:
    path = tmp_path / "film.jpg"
    with path.open("wb") as file:
        file.truncate(2**40)  # a terabyte that takes no place

    with pytest.raises(DecodeError, match="1,099,511,627,776 bytes") as refusal:
        read_picture(path)

    assert refusal.value.code == "too_many_bytes"


def test_a_file_that_just_fits_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "small.jpg"
    path.write_bytes(b"123456789")

    assert read_picture(path, limits=DecodeLimits(max_bytes=9)) == b"123456789"
    with pytest.raises(DecodeError):
        read_picture(path, limits=DecodeLimits(max_bytes=8))


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")

    assert names(tmp_path) == ["pipe.jpg"]
    with pytest.raises(DecodeError, match="no file"):
        read_picture(tmp_path / "pipe.jpg")


def test_a_device_is_refused(tmp_path: Path) -> None:
    (tmp_path / "zero.jpg").symlink_to("/dev/zero")

    with pytest.raises(DecodeError, match="no file"):
        read_picture(tmp_path / "zero.jpg")


def test_a_shut_folder_is_listed_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shut = tmp_path / "Ada" / "shut"
    shut.mkdir(parents=True)
    (tmp_path / "Ada" / "1.jpg").write_bytes(b"1")
    opened = os.scandir

    def scandir(path: str | Path) -> object:  # root may open any folder
        if Path(path) == shut:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path)

    monkeypatch.setattr(os, "scandir", scandir)

    assert names(tmp_path) == ["Ada/1.jpg", "Ada/shut"]
    with pytest.raises(PermissionError):
        read_picture(shut)
    skipped = read_dataset(tmp_path).skipped
    assert [(one.file, one.reason) for one in skipped] == [
        (str(shut), "This folder may not be opened.")
    ]


def test_a_folder_that_is_a_link_is_gone_through(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "1.jpg").write_bytes(b"1")
    (tmp_path / "people").mkdir()
    (tmp_path / "people" / "Ada").symlink_to(tmp_path / "elsewhere")

    assert names(tmp_path / "people") == ["Ada/1.jpg"]


def test_links_that_lead_back_end(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.jpg").write_bytes(b"1")
    (tmp_path / "a" / "here").symlink_to(".")
    (tmp_path / "a" / "to b").symlink_to(tmp_path / "b")
    (tmp_path / "b" / "to a").symlink_to(tmp_path / "a")
    (tmp_path / "loop.jpg").symlink_to("loop.jpg")

    assert names(tmp_path) == ["a/1.jpg", "a/to b/1.jpg", "b/1.jpg", "b/to a/1.jpg", "loop.jpg"]


def test_a_folder_with_the_name_of_a_picture_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "x.jpg").mkdir()
    (tmp_path / "x.jpg" / "1.jpg").write_bytes(b"1")

    assert names(tmp_path) == ["x.jpg/1.jpg"]


def test_what_is_skipped_is_said_in_a_sentence_and_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a\n\x1b[31m.jpg"
    with pytest.raises(OSError) as gone:  # noqa: PT011 - any that says what is wrong
        read_picture(path)

    line = skipped_lines([Skipped.because(path, gone.value)])

    assert line.endswith("a\\n\\x1b[31m.jpg: It cannot be read: No such file or directory.\n")
    assert line.count("\n") == 1


@pytest.mark.parametrize("name", ["王小明", "Zoë 🎉", "a b", "\u3000", "’"])
def test_a_name_in_any_script_is_shown_as_it_is(name: str) -> None:
    assert printable(name) == name


def test_a_name_that_is_no_text_leaves_json_whole(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    print_json({"file": os.fsdecode(b"bad\xff.jpg"), "name": "王"})

    assert capsysbinary.readouterr().out.decode("utf-8") == (
        '{\n  "file": "bad\\udcff.jpg",\n  "name": "王"\n}\n'
    )
