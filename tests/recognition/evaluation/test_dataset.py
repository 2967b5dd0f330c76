"""Names of files say who and when."""

from pathlib import Path

import pytest

from recognition.errors import EvaluationError
from recognition.evaluation.dataset import read_dataset, read_labels


def write(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    return folder


def test_it_reads_person_video_and_frame_of_a_name(tmp_path: Path) -> None:
    write(tmp_path, "Ada_Lovelace_112.jpg", "Ada_Lovelace_40.jpg", "Ada_Lovelace_41.jpg")

    read = [(one.identity, one.session) for one in read_dataset(tmp_path).pictures]

    assert read == [("Ada_Lovelace", "11"), ("Ada_Lovelace", "4"), ("Ada_Lovelace", "4")]


def test_each_picture_of_a_persons_folder_is_a_session_of_its_own(tmp_path: Path) -> None:
    write(tmp_path, "Ada/a.jpg", "Ada/b.png", "王/a.jpg")

    read = [(one.identity, one.session) for one in read_dataset(tmp_path).pictures]

    assert read == [("Ada", "a.jpg"), ("Ada", "b.png"), ("王", "a.jpg")]


def test_pictures_of_a_folder_below_a_persons_share_a_session(tmp_path: Path) -> None:
    write(tmp_path, "Ada/monday/a.jpg", "Ada/monday/b.jpg")

    assert {one.session for one in read_dataset(tmp_path).pictures} == {"monday"}


def test_it_names_pictures_whose_name_says_nothing(tmp_path: Path) -> None:
    write(tmp_path, "Ada_40.jpg", "holiday.jpg", "notes.txt")

    read = read_dataset(tmp_path)

    assert [Path(one.file).name for one in read.skipped] == ["holiday.jpg"]


def test_pictures_of_formats_that_are_not_taken_are_named_later_and_not_passed_over(
    tmp_path: Path,
) -> None:
    dataset = read_dataset(write(tmp_path, "Ada/1.JFIF", "Ada/2.heic", "Ada/notes.txt"))

    assert [picture.path.name for picture in dataset.pictures] == ["1.JFIF", "2.heic"]


def test_it_refuses_a_folder_without_pictures(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="holds no picture"):
        read_dataset(write(tmp_path, "notes.txt"))


def test_it_reads_groups_of_each_trait(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("name,glasses,age\nAda,yes,30\nBob,,50\n", encoding="utf-8")

    assert read_labels(path) == {"glasses": {"Ada": "yes"}, "age": {"Ada": "30", "Bob": "50"}}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name,age\n",
        "name\nAda\n",
        "name,age\nAda\n",
        "name;age\nAda;30\n",
        "name,age,age\nAda,30,31\n",
        "name,age\nAda,30\nBob,9\nAda,31\n",
        'name,age\nA\0da,30\n"',
    ],
)
def test_it_refuses_labels_without_a_table(tmp_path: Path, text: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(text)

    with pytest.raises(EvaluationError):
        read_labels(path)
